package jira_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

func (s *site) issue(id string) object {
	i := slices.IndexFunc(s.issues, func(one object) bool { return one["id"] == id })
	if i < 0 {
		return object{"changelog": []any{}}
	}
	return s.issues[i]
}

func (s *site) answerChangelog(w http.ResponseWriter, r *http.Request, id string) {
	log := s.issue(id)["changelog"].([]any)
	start, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
	size, _ := strconv.Atoi(r.URL.Query().Get("maxResults"))
	start = min(start, len(log))
	end := min(start+min(size, 100), len(log))
	send(w, 200, object{"startAt": start, "maxResults": size, "total": len(log), "isLast": end == len(log), "values": log[start:end]})
}

// answerBulk gives the items of the chosen fields only, with times in milliseconds.
func (s *site) answerBulk(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Issues []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fieldIds"`
		Most   int      `json:"maxResults"`
		Token  string   `json:"nextPageToken"`
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil || len(question.Issues) > 1000 || len(question.Fields) > 10 {
		send(w, 400, object{"errorMessages": []any{"bad question"}})
		return
	}
	type entry struct {
		issue string
		entry object
	}
	var all []entry
	for _, id := range question.Issues {
		for _, raw := range s.issue(id)["changelog"].([]any) {
			if one := chosen(raw.(object), question.Fields); one != nil {
				all = append(all, entry{id, one})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.entry["created"].(int64), b.entry["created"].(int64)) })
	start, _ := strconv.Atoi(question.Token)
	end := min(start+min(question.Most, s.bulkCap), len(all))
	answer := object{"nextPageToken": nil}
	logs := []any{}
	for _, e := range all[start:end] {
		logs = append(logs, object{"issueId": e.issue, "changeHistories": []any{e.entry}})
	}
	answer["issueChangeLogs"] = logs
	if end < len(all) {
		answer["nextPageToken"] = strconv.Itoa(end)
	}
	send(w, 200, answer)
}

func chosen(entry object, fields []string) object {
	var items []any
	for _, item := range entry["items"].([]any) {
		if id, _ := item.(object)["fieldId"].(string); slices.Contains(fields, id) {
			items = append(items, item)
		}
	}
	at, err := time.Parse("2006-01-02T15:04:05.000-0700", entry["created"].(string))
	if len(items) == 0 || err != nil {
		return nil
	}
	return object{"id": entry["id"], "author": entry["author"], "created": at.UnixMilli(), "items": items}
}
