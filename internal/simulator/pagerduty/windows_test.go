package pagerduty_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/pagerduty"
)

func TestPagesFollowTheRulesOfClassicPaging(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	all := len(a.get(t, "/incidents", "date_range", "all", "limit", "100", "total", "true").Incidents)
	if all != 100 {
		t.Fatalf("a page of %d, want 100", all)
	}
	count := a.view.CreatedBefore(now.Unix() + 1)
	tests := map[string]struct {
		parameters          []string
		items, limit, start int
		more                bool
		total               *int
	}{
		"without parameters a page has 25 rows":      {nil, 25, 25, 0, true, nil},
		"a limit is kept":                            {[]string{"limit", "7"}, 7, 7, 0, true, nil},
		"a limit above 100 is 100":                   {[]string{"limit", "500"}, 100, 100, 0, true, nil},
		"an offset skips rows":                       {[]string{"limit", "5", "offset", "30"}, 5, 5, 30, true, nil},
		"the total comes when asked for":             {[]string{"limit", "5", "total", "true"}, 5, 5, 0, true, &count},
		"a total that is not wanted is null":         {[]string{"limit", "5", "total", "false"}, 5, 5, 0, true, nil},
		"beyond the end there is nothing":            {[]string{"offset", "9975", "total", "true"}, 0, 25, 9975, false, &count},
		"the last page says that there is no more":   {[]string{"limit", "10", "offset", itoa(count - 10)}, 10, 10, count - 10, false, nil},
		"one row before the last page there is more": {[]string{"limit", "10", "offset", itoa(count - 11)}, 10, 10, count - 11, true, nil},
		"the ten-thousandth row can be reached":      {[]string{"limit", "100", "offset", "9900"}, 0, 100, 9900, false, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.get(t, "/incidents", append(test.parameters, "date_range", "all")...)
			if len(got.Incidents) != test.items || got.Limit != test.limit || got.Offset != test.start || got.More != test.more {
				t.Errorf("%d items, limit %d, offset %d, more %v; want %d, %d, %d, %v",
					len(got.Incidents), got.Limit, got.Offset, got.More, test.items, test.limit, test.start, test.more)
			}
			if diff := cmp.Diff(test.total, got.Total); diff != "" {
				t.Errorf("total (-want +got):\n%s", diff)
			}
			if test.items > 0 && got.Incidents[0].Number != test.start+1 {
				t.Errorf("the page begins with incident %d, want %d", got.Incidents[0].Number, test.start+1)
			}
		})
	}
}

func TestBadParametersAreRefused(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	const reach = `{"error":{"message":"Arguments Caused Error","code":2002,"errors":["Offset+limit exceeds maximum allowed value ` +
		`of 10000. Please try to refine your search to reduce the returned set of records below this number, like adding a date range."]}}`
	invalid := func(problem string) string {
		return `{"error":{"message":"Invalid Input Provided","code":2001,"errors":["` + problem + `"]}}`
	}
	sorting := invalid("sort_by must be incident_number, created_at, resolved_at or urgency, with :asc or :desc")
	tests := map[string]struct{ path, want string }{
		"a page beyond the ten-thousandth row": {"/incidents?limit=100&offset=9901", reach},
		"with the default limit too":           {"/log_entries?offset=9976", reach},
		"and with a limit that was clamped":    {"/incidents?limit=1000&offset=9901", reach},
		"an offset that overflows":             {"/incidents?offset=9223372036854775807", reach},
		"a limit of none":                      {"/incidents?limit=0", invalid("limit must be a number of at least 1")},
		"a negative offset":                    {"/teams?offset=-1", invalid("offset must be a number of at least 0")},
		"a limit in words":                     {"/log_entries?limit=ten", invalid("limit must be a number of at least 1")},
		"a total that is no boolean":           {"/incidents?total=1", invalid("total must be true or false")},
		"an unknown status":                    {"/incidents?statuses[]=open", invalid("statuses[] has an unknown value")},
		"an unknown urgency":                   {"/incidents?urgencies[]=severe", invalid("urgencies[] has an unknown value")},
		"an unknown date range":                {"/incidents?date_range=most", invalid("date_range must be all")},
		"a since that is no time":              {"/incidents?since=yesterday", invalid("since is not a time in ISO 8601")},
		"a plus that became a space":           {"/log_entries?until=2026-06-01T00:00:00+02:00", invalid("until is not a time in ISO 8601")},
		"an until before since":                {"/log_entries?since=2026-06-02&until=2026-06-01", invalid("until lies before since")},
		"an unknown time zone":                 {"/incidents?time_zone=Mars", invalid("time_zone is not the name of a time zone")},
		"an unknown field to sort by":          {"/incidents?sort_by=title", sorting},
		"an unknown direction":                 {"/incidents?sort_by=created_at:down", sorting},
		"three fields to sort by":              {"/incidents?sort_by=urgency,created_at,resolved_at", invalid("sort_by takes at most two fields")},
		"an overview that is no boolean":       {"/log_entries?is_overview=yes", invalid("is_overview must be true or false")},
		"on-calls until before now":            {"/oncalls?until=2026-06-01", invalid("until lies before since")},
		"an earliest that is no boolean":       {"/oncalls?earliest=1", invalid("earliest must be true or false")},
		"a schedule until before since":        {"/schedules/SEMYSQL1?since=2026-06-02&until=2026-06-01", invalid("until lies before since")},
		"an overflow that is no boolean":       {"/schedules/SEMYSQL1?overflow=1", invalid("overflow must be true or false")},
		"a layer-based schedule as a new one":  {"/v3/schedules/SEMYSQL1", invalid("the schedule is layer-based")},
		"an unknown state of maintenance":      {"/maintenance_windows?filter=planned", invalid("filter must be past, future, ongoing, open or all")},
		"notifications without bounds":         {"/notifications?since=2026-06-01", invalid("since and until are needed")},
		"notifications of three months":        {"/notifications?since=2026-03-01&until=2026-06-01", invalid("the range must be less than 3 months")},
		"an unknown type of notification": {
			"/notifications?since=2026-05-01&until=2026-06-01&filter=fax",
			invalid("filter must be one of sms_notification email_notification phone_notification push_notification"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.ask(t, test.path, "Token token="+testToken)
			if got.status != http.StatusBadRequest || string(got.body) != test.want {
				t.Errorf("GET %s: %d %s\nwant 400 %s", test.path, got.status, got.body, test.want)
			}
		})
	}
}

// TestWindows asks both lists for what lies in a window, and expects the same
// bounds of each.
func TestWindows(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	a := serve(t, pagerduty.Options{})
	tests := map[string]struct {
		parameters []string
		from, to   time.Time // Half-open; equal for nothing.
	}{
		"without bounds, the last month counts":        {nil, now.Add(time.Second).AddDate(0, -1, 0), now.Add(time.Second)},
		"since alone means one month from there":       {[]string{"since", "2026-03-10T00:00:00Z"}, day(3, 10), day(4, 10)},
		"until alone means the month before":           {[]string{"until", "2026-03-10T00:00:00Z"}, day(2, 10), day(3, 10)},
		"both bounds are kept":                         {[]string{"since", "2026-01-10T00:00:00Z", "until", "2026-03-10T00:00:00Z"}, day(1, 10), day(3, 10)},
		"six months are just allowed":                  {[]string{"since", "2026-01-01T00:00:00Z", "until", "2026-07-01T00:00:00Z"}, day(1, 1), day(7, 1)},
		"a second more gives nothing":                  {[]string{"since", "2026-01-01T00:00:00Z", "until", "2026-07-01T00:00:01Z"}, day(1, 1), day(1, 1)},
		"an offset is heeded":                          {[]string{"since", "2026-03-10T02:00:00+02:00", "until", "2026-03-11T02:00:00+02:00"}, day(3, 10), day(3, 11)},
		"a date alone begins at midnight":              {[]string{"since", "2026-03-10", "until", "2026-03-11"}, day(3, 10), day(3, 11)},
		"a fraction of a second leaves out its second": {[]string{"since", "2026-03-09T23:59:59.5Z", "until", "2026-03-10T23:59:59.5Z"}, day(3, 10), day(3, 11)},
		"an empty window is empty":                     {[]string{"since", "2026-03-10", "until", "2026-03-10"}, day(3, 10), day(3, 10)},
		"the future holds nothing":                     {[]string{"since", "2026-07-01T12:00:01Z"}, day(7, 2), day(7, 2)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parameters := append(slices.Clone(test.parameters), "total", "true", "limit", "1")
			low, high := a.view.CreatedBefore(test.from.Unix()), a.view.CreatedBefore(test.to.Unix())
			if got := a.get(t, "/incidents", parameters...); *got.Total != high-low {
				t.Errorf("%d incidents, want %d", *got.Total, high-low)
			}
			low, high = a.view.LoggedBefore(test.from.Unix()), a.view.LoggedBefore(test.to.Unix())
			if got := a.get(t, "/log_entries", parameters...); *got.Total != high-low {
				t.Errorf("%d log entries, want %d", *got.Total, high-low)
			}
		})
	}
}

func TestWindowIsHalfOpenToTheSecond(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	created := time.Unix(a.view.Incidents[500].Created, 0).UTC()
	in := a.get(t, "/incidents", "since", stamp(created), "until", stamp(created.Add(time.Second)))
	if !slices.Contains(in.created(), created) {
		t.Errorf("the incident of %s is not in the second that begins then", created)
	}
	before := a.get(t, "/incidents", "since", stamp(created.Add(-time.Second)), "until", stamp(created))
	if slices.Contains(before.created(), created) {
		t.Errorf("the incident of %s is in the second that ends then", created)
	}
}

func TestTimesWithoutOffsetAreThoseOfTheAccount(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, pagerduty.Options{TimeZone: berlin})
	naive := a.get(t, "/incidents", "since", "2026-03-10T00:00:00", "until", "2026-03-20T00:00:00", "limit", "100")
	// Berlin is an hour ahead of UTC in March.
	exact := a.get(t, "/incidents", "since", "2026-03-09T23:00:00Z", "until", "2026-03-19T23:00:00Z", "limit", "100")
	if diff := cmp.Diff(exact, naive); diff != "" || len(naive.Incidents) == 0 {
		t.Errorf("incidents (-with offset +without):\n%s", diff)
	}
	if _, offset := naive.Incidents[0].CreatedAt.Zone(); offset != 3600 {
		t.Errorf("times are written with an offset of %d s, want the account's 3600", offset)
	}
	utc := a.get(t, "/incidents", "since", "2026-03-09T23:00:00", "until", "2026-03-19T23:00:00", "limit", "100", "time_zone", "UTC")
	if len(utc.Incidents) != len(exact.Incidents) || !utc.Incidents[0].CreatedAt.Equal(exact.Incidents[0].CreatedAt) {
		t.Errorf("time_zone=UTC is not heeded")
	}
}

func TestDateRangeAllIgnoresBounds(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	got := a.get(t, "/incidents", "date_range", "all", "since", "2026-06-01", "until", "2026-06-02", "total", "true")
	if want := a.view.CreatedBefore(now.Unix() + 1); *got.Total != want || got.Incidents[0].Number != 1 {
		t.Errorf("%d incidents from number %d on, want all %d", *got.Total, got.Incidents[0].Number, want)
	}
}
