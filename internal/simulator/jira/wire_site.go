package jira

import (
	"slices"
	"time"

	"teamhealth/internal/simulator/tickets"
)

// api is what the self links begin with.
func (s *Server) api() string { return s.options.WebURL + "/rest/api/2" }

// caller is the account that the token belongs to.
const caller = "5b10caller"

type wireUser struct {
	Self        string            `json:"self"`
	AccountID   string            `json:"accountId,omitempty"`
	AccountType string            `json:"accountType,omitempty"`
	Name        string            `json:"name,omitempty"`
	Key         string            `json:"key,omitempty"`
	Email       string            `json:"emailAddress,omitempty"`
	AvatarURLs  map[string]string `json:"avatarUrls"`
	DisplayName string            `json:"displayName"`
	Active      bool              `json:"active"`
	TimeZone    string            `json:"timeZone"`
}

// wireUsers are the accounts of a site as they are sent, by account. Cloud
// hides addresses. Data Center calls them by key, which here is the name too.
func (s *Server) wireUsers(users []tickets.User) map[string]wireUser {
	all := make(map[string]wireUser, len(users)+1)
	for _, user := range users {
		all[user.Account] = s.wireUser(user)
	}
	return all
}

func (s *Server) wireUser(user tickets.User) wireUser {
	wire := wireUser{AvatarURLs: map[string]string{}, DisplayName: user.Name, Active: true, TimeZone: user.TimeZone}
	if wire.TimeZone == "" {
		wire.TimeZone = "Etc/UTC"
	}
	if s.options.Mode == DataCenter {
		wire.Self = s.api() + "/user?username=" + user.Account
		wire.Name, wire.Key, wire.Email = user.Account, user.Account, user.Email
		return wire
	}
	wire.Self, wire.AccountID, wire.AccountType = s.api()+"/user?accountId="+user.Account, user.Account, "atlassian"
	if user.Bot {
		wire.AccountType = "app"
	}
	return wire
}

// user returns an account as it is sent, nil for nobody.
func (s *Server) user(account string) any {
	if user, ok := s.users[account]; ok {
		return user
	}
	return nil
}

// getMyself answers GET /myself.
func (s *Server) getMyself(r *request) (any, error) {
	if !r.isKnown {
		return nil, unauthorized()
	}
	me := s.wireUser(tickets.User{Account: caller, Name: "Team Health", TimeZone: s.options.TimeZone.String()})
	me.Email = s.options.Email
	return me, nil
}

// getServerInfo answers GET /serverInfo, to anonymous callers too.
func (s *Server) getServerInfo(r *request) (any, error) {
	info := map[string]any{
		"baseUrl": s.options.WebURL, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0}, "deploymentType": "Cloud",
		"buildNumber": 100276, "serverTime": s.stamp(r.now), "serverTitle": "Jira",
	}
	if s.options.Mode == DataCenter {
		info["version"], info["versionNumbers"], info["deploymentType"], info["buildNumber"] = "9.12.4", []int{9, 12, 4}, "Server", 9120004
	}
	return info, nil
}

// stamp writes a time as Jira does, in the caller's zone.
func (s *Server) stamp(at int64) string {
	return time.Unix(at, 0).In(s.options.TimeZone).Format("2006-01-02T15:04:05.000-0700")
}

type wireCategory struct {
	Self      string `json:"self"`
	ID        int    `json:"id"`
	Key       string `json:"key"`
	ColorName string `json:"colorName"`
	Name      string `json:"name"`
}

// categoryOf returns a category as it is sent.
func categoryOf(c tickets.Category) wireCategory {
	switch c {
	case tickets.CategoryDone:
		return wireCategory{ID: 3, Key: string(c), ColorName: "green", Name: "Done"}
	case tickets.CategoryInProgress:
		return wireCategory{ID: 4, Key: string(c), ColorName: "yellow", Name: "In Progress"}
	default:
		return wireCategory{ID: 2, Key: string(c), ColorName: "blue-gray", Name: "To Do"}
	}
}

type wireStatus struct {
	Self        string       `json:"self"`
	Description string       `json:"description"`
	IconURL     string       `json:"iconUrl"`
	Name        string       `json:"name"`
	ID          string       `json:"id"`
	Category    wireCategory `json:"statusCategory"`
}

func (s *Server) status(status tickets.Status) wireStatus {
	category := categoryOf(status.Category)
	category.Self = s.api() + "/statuscategory/" + string(status.Category)
	return wireStatus{
		Self: s.api() + "/status/" + status.ID, IconURL: s.options.WebURL + "/images/icons/status.png",
		Name: status.Name, ID: status.ID, Category: category,
	}
}

// listStatuses answers GET /status.
func (s *Server) listStatuses(r *request) (any, error) {
	all := []wireStatus{}
	for _, status := range tickets.Statuses() {
		if r.isKnown {
			all = append(all, s.status(status))
		}
	}
	return all, nil
}

type wireProject struct {
	Self       string `json:"self"`
	ID         string `json:"id"`
	Key        string `json:"key"`
	Name       string `json:"name"`
	Type       string `json:"projectTypeKey"`
	Simplified *bool  `json:"simplified,omitempty"` // Cloud alone tells it.
}

func (s *Server) project(r *request, key string) wireProject {
	at := slices.IndexFunc(r.view.Projects, func(p tickets.Project) bool { return p.Key == key })
	project := r.view.Projects[at]
	wire := wireProject{Self: s.api() + "/project/" + project.ID, ID: project.ID, Key: key, Name: project.Name, Type: "software"}
	if s.options.Mode == Cloud {
		wire.Simplified = new(bool)
	}
	return wire
}

// listProjects answers GET /project.
func (s *Server) listProjects(r *request) (any, error) { return s.visibleProjects(r), nil }

// visibleProjects are all, but for anonymous callers none.
func (s *Server) visibleProjects(r *request) []wireProject {
	all := []wireProject{}
	for _, project := range r.view.Projects {
		if r.isKnown {
			all = append(all, s.project(r, project.Key))
		}
	}
	return all
}

type projectPage struct {
	StartAt    int           `json:"startAt"`
	MaxResults int           `json:"maxResults"`
	Total      int           `json:"total"`
	IsLast     bool          `json:"isLast"`
	Values     []wireProject `json:"values"`
}

// searchProjects answers Cloud's GET /project/search: all projects, or those of
// some ids, in pages.
func (s *Server) searchProjects(r *request) (any, error) {
	query := r.URL.Query()
	start, err := number(query.Get("startAt"), 0)
	if err != nil {
		return nil, err
	}
	most, err := number(query.Get("maxResults"), defaultPage)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(s.visibleProjects(r), func(p wireProject) bool { return query.Has("id") && !slices.Contains(query["id"], p.ID) })
	start = min(start, len(found))
	end := min(start+max(1, min(most, maxPage)), len(found))
	return projectPage{StartAt: start, MaxResults: most, Total: len(found), IsLast: end == len(found), Values: found[start:end]}, nil
}

type wireField struct {
	ID         string         `json:"id"`
	Key        string         `json:"key,omitempty"` // Cloud alone tells it.
	Name       string         `json:"name"`
	Custom     bool           `json:"custom"`
	Orderable  bool           `json:"orderable"`
	Navigable  bool           `json:"navigable"`
	Searchable bool           `json:"searchable"`
	Clauses    []string       `json:"clauseNames"`
	Schema     map[string]any `json:"schema,omitempty"`
}

// listFields answers GET /field. Anonymous callers see no custom ones.
func (s *Server) listFields(r *request) (any, error) {
	fields := []wireField{s.systemField("issuekey", "Key", nil)}
	for _, id := range systemFields() {
		fields = append(fields, s.systemField(id, fieldName(id), map[string]any{"type": "string", "system": id}))
	}
	if r.isKnown {
		fields = append(fields, s.customField(s.incident, FieldIncident), s.customField("customfield_10016", "Story Points"), s.customField("customfield_10019", "Rank"))
		if s.options.DoubledField {
			fields = append(fields, s.customField("customfield_10777", FieldIncident))
		}
	}
	return fields, nil
}

func (s *Server) systemField(id, name string, schema map[string]any) wireField {
	f := wireField{ID: id, Name: name, Orderable: true, Navigable: true, Searchable: true, Clauses: []string{id}, Schema: schema}
	if s.options.Mode == Cloud {
		f.Key = id
	}
	return f
}

func (s *Server) customField(id, name string) wireField {
	number := id[len("customfield_"):]
	f := s.systemField(id, name, map[string]any{"type": "string", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textfield"})
	f.Custom, f.Clauses = true, []string{"cf[" + number + "]", name}
	return f
}
