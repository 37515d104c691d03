package jira

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// seeProject notes that an issue was found in a project.
func (c *cursor) seeProject(id, key string) {
	if id == "" || key == "" {
		return
	}
	if c.Projects == nil {
		c.Projects = map[string]string{}
	}
	c.Projects[id] = key
}

// checkProjects makes sure that the account may still look into every project in
// which issues were found. Jira leaves out the issues of others without a word, and
// what is left would look like all there is.
func (c *cycle) checkProjects(ctx context.Context) error {
	if len(c.cursor.Projects) == 0 {
		return nil
	}
	visible, err := c.visibleProjects(ctx, slices.Sorted(maps.Keys(c.cursor.Projects)))
	switch {
	case errors.Is(err, errNoList) || hasStatus(err, http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusGone):
		c.opts.Logger.Warn("jira does not list projects, so that one that is lost goes unnoticed", slog.Any("error", err))
		return nil
	case err != nil:
		return fmt.Errorf("list the Jira projects that the token's account may browse: %w", err)
	}
	var lost []string
	for id, key := range c.cursor.Projects {
		if !visible[id] && !visible[key] {
			lost = append(lost, key)
		}
	}
	if len(lost) > 0 {
		slices.Sort(lost)
		return fmt.Errorf("the token's account may no longer browse %s, where issues were found before: Jira leaves them out without saying so; "+
			"give it the permission again; if a project is really gone, change jql", strings.Join(lost, ", "))
	}
	return nil
}

// errNoList says that an answer is no list.
var errNoList = errors.New("the answer is no list of projects")

// maxIDs is how many projects Cloud looks up at once.
const maxIDs = 50

// visibleProjects returns the ids and keys of projects that the account may browse:
// on Cloud of those asked for, on Data Center of all.
func (c *cycle) visibleProjects(ctx context.Context, ids []string) (map[string]bool, error) {
	visible := map[string]bool{}
	for group := range slices.Chunk(ids, maxIDs) {
		list, err := c.projects(ctx, group)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			visible[string(p.value.ID)], visible[string(p.value.Key)] = true, true
		}
		if !c.cloud {
			break
		}
	}
	return visible, nil
}

func (c *cycle) projects(ctx context.Context, ids []string) ([]lenient[wireNaming], error) {
	var some struct {
		Projects list[wireNaming] `json:"values"`
	}
	var all list[wireNaming]
	var err error
	if c.cloud {
		err = c.api.get(ctx, "rest/api/2/project/search", url.Values{"id": ids, "maxResults": {strconv.Itoa(maxIDs)}}, &some)
		all = some.Projects
	} else {
		err = c.api.get(ctx, "rest/api/2/project", nil, &all)
	}
	if err == nil && all.value == nil {
		err = errNoList
	}
	return all.value, err
}
