package jira_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// matching applies the JQL: its condition is taken to fit every issue.
func (s *site) matching(jql string) []object {
	updated, created, latest := s.bound(jql, "updated >="), s.bound(jql, "created >="), cmp.Or(s.bound(jql, "created <="), "~")
	names := named(jql)
	var found []object
	for _, one := range s.issues {
		if textOf(one, "updated") < updated || textOf(one, "created") < created || textOf(one, "created") > latest {
			continue
		}
		if names == nil || slices.ContainsFunc(names, func(name string) bool { return isNamed(one, name) }) {
			found = append(found, one)
		}
	}
	inOrder := func(a, b object) int {
		return cmp.Or(cmp.Compare(textOf(a, "created"), textOf(b, "created")), cmp.Compare(a["key"].(string), b["key"].(string)))
	}
	if !slices.IsSortedFunc(found, inOrder) {
		slices.SortStableFunc(found, inOrder)
	}
	return found
}

// named are the ids and keys that are asked for; nil when all are.
func named(jql string) []string {
	list := regexp.MustCompile(`key in \((.*?)\)`).FindStringSubmatch(jql)
	if list == nil {
		return nil
	}
	return strings.Split(list[1], ", ")
}

func isNamed(one object, name string) bool { return one["id"] == name || one["key"] == name }

// textOf is a time as the API writes it: all are in one zone, and so in the order
// of their texts.
func textOf(one object, field string) string {
	text, _ := fieldsOf(one)[field].(string)
	return text
}

// bound is the time of a bound by relative minutes, which Jira counts back from its
// own clock; empty where there is none.
func (s *site) bound(jql, field string) string {
	told := regexp.MustCompile(field + ` "-(\d+)m"`).FindStringSubmatch(jql)
	if told == nil {
		return ""
	}
	minutes, _ := strconv.Atoi(told[1])
	return wire(s.now().Add(-time.Duration(minutes) * time.Minute))
}

func (s *site) answerSearch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for _, name := range named(query.Get("jql")) {
		if !slices.ContainsFunc(s.issues, func(one object) bool { return isNamed(one, name) }) {
			send(w, 400, object{"errorMessages": []any{"An issue with key '" + name + "' does not exist for field 'key'."}})
			return
		}
	}
	found := s.matching(query.Get("jql"))
	size, _ := strconv.Atoi(query.Get("maxResults"))
	size = min(size, s.pageCap)
	start, _ := strconv.Atoi(cmp.Or(query.Get("startAt"), strings.TrimPrefix(query.Get("nextPageToken"), "token-"), "0"))
	start = min(start, len(found))
	end := min(start+size, len(found))
	answer := object{"issues": s.rows(found[start:end], query)}
	switch {
	case !s.cloud && s.noTotal:
	case !s.cloud:
		answer["startAt"], answer["maxResults"], answer["total"] = start, size, len(found)
	case end < len(found):
		answer["nextPageToken"] = fmt.Sprintf("token-%d", end)
	default:
		answer["isLast"] = true
	}
	send(w, 200, answer)
}

// rows shows what is asked for of issues, and of Cloud's changelogs the newest part.
func (s *site) rows(found []object, query url.Values) []any {
	rows := make([]any, len(found))
	for i, one := range found {
		if s.damage != nil {
			one = maps.Clone(one)
			one["fields"] = maps.Clone(fieldsOf(one))
			s.damage(one)
		}
		row := object{"id": one["id"], "key": one["key"]}
		if query.Get("fields") != "" {
			row["fields"] = one["fields"]
		}
		if log, ok := one["changelog"].([]any); ok && query.Get("expand") == "changelog" {
			newestFirst := slices.Clone(log)
			slices.Reverse(newestFirst)
			total := len(newestFirst)
			if s.cloud && total > s.inlineCap {
				newestFirst = newestFirst[:s.inlineCap]
			}
			if !s.honestTotal {
				total = len(newestFirst)
			}
			row["changelog"] = object{"startAt": 0, "maxResults": len(newestFirst), "total": total, "histories": newestFirst}
		}
		rows[i] = row
	}
	return rows
}
