package jira_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// twoProjects is a site with an issue in each of two projects.
func twoProjects(r *rig) {
	r.projects = append(r.projects, object{"id": "10001", "key": "SRE"})
	r.add("1", since, since)
	fieldsOf(r.add("2", since, since))["project"] = object{"id": "10001", "key": "SRE"}
}

func TestAProjectThatIsLostFromSightFailsTheCycle(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		twoProjects(r)
		r.mustCollect(t)
		projects, issues := r.projects, r.issues
		r.clock = begun.Add(time.Hour)
		r.projects, r.issues = r.projects[:1], r.issues[:1] // Jira says nothing of it.
		wantError(t, r.collect(t), "may no longer browse SRE", "give it the permission again", "change jql")
		if len(r.memory.complete) != 1 {
			t.Errorf("%d cycles are complete, want the first alone", len(r.memory.complete))
		}
		if strings.Contains(r.collect(t).Error(), "DRE") {
			t.Error("the project that can be seen is named too")
		}
		// It may again, and no hand is needed.
		r.clock = begun.Add(2 * time.Hour)
		r.projects, r.issues = projects, issues
		r.mustCollect(t)
	})
}

func TestAProjectMayChangeItsKey(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		twoProjects(r)
		r.mustCollect(t)
		r.projects[1] = object{"id": "10001", "key": "OPS"}
		r.clock = begun.Add(time.Hour)
		r.mustCollect(t)
	})
}

func TestAnotherJQLForgetsProjects(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		twoProjects(r)
		r.mustCollect(t)
		r.projects, r.issues = r.projects[:1], r.issues[:1]
		r.opts.JQL = "project = DRE"
		r.clock = begun.Add(time.Hour)
		r.mustCollect(t)
	})
}

// TestASiteThatListsNoProjectsIsReadAllTheSame holds that a proxy which lets
// through no more than searches need is no obstacle.
func TestASiteThatListsNoProjectsIsReadAllTheSame(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"unknown":   status(404, "no such path"),
		"forbidden": status(403, "no"),
		"no list":   body(`{}`),
		"null":      body(`null`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flavors(t, func(t *testing.T, r *rig) {
				twoProjects(r)
				r.mustCollect(t)
				r.clock = begun.Add(time.Hour)
				r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
					if !strings.Contains(req.URL.Path, "/project") {
						return false
					}
					answer(w, req)
					return true
				}
				r.mustCollect(t)
			})
		})
	}
}

func TestListsOfProjectsThatFailEndTheCycle(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		twoProjects(r)
		r.mustCollect(t)
		r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
			if !strings.Contains(req.URL.Path, "/project") {
				return false
			}
			send(w, 500, object{})
			return true
		}
		wantError(t, r.collect(t), "list the Jira projects", "500")
	})
}
