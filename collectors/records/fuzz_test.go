package records_test

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// FuzzDecode wants every content to give either records, which written out
// again are the same, or problems that name a line of the file and repeat nothing of it.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", header, "\ufeff" + header + "2026-08-15,satisfaction,mysql,4.50,12,\"a \"\"b\"\", c\"\r\n",
		header + "2026-08-15,certification,org,1,,\n\n,,,,,\n2026-08-15,certification,org,1,,\n", "date;metric;team;value;n;note\n1;2;3;4;5;6\n",
		header + "2026-02-30,x,y,1e9,-1,\n\"", header + "2026-08-15,satisfaction,mysql,\"4,5\",99999999999999999999,\"\n\n\"\n",
		header + "2999-12-31,a,mysql,-999999999999.999999999999,0,\x00\n", "\xff\xfe" + header, "\r" + header, header + "\"\"\"\n",
	} {
		f.Add([]byte(seed))
	}
	c := newCollector(f, options(f))
	f.Fuzz(func(t *testing.T, content []byte) {
		kept, problems, warnings := c.Decode("a.csv", content)
		if len(problems) > 0 && len(kept) > 0 {
			t.Errorf("%d records of a bad file are taken", len(kept))
		}
		last := 1 + bytes.Count(content, []byte("\n"))
		for _, p := range append(problems, warnings...) {
			if p.Line < 1 || p.Line > last || p.Problem == "" || strings.ContainsAny(p.String(), "\n\r\x00") {
				t.Errorf("the problem is %q at line %d of %d", p, p.Line, last)
			}
		}
		if len(problems) > 0 {
			return
		}
		again, problems, _ := c.Decode("a.csv", written(t, kept))
		if len(problems) > 0 {
			t.Fatalf("written out again: %v", problems)
		}
		for i := range again {
			again[i].Line = kept[i].Line
		}
		if diff := cmp.Diff(kept, again); diff != "" {
			t.Errorf("written out again (-before +after):\n%s", diff)
		}
	})
}

// written is a file of records.
func written(t *testing.T, list []facts.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString(header)
	w := csv.NewWriter(&out)
	for _, r := range list {
		n := ""
		if r.N > 0 {
			n = strconv.Itoa(r.N)
		}
		if err := w.Write([]string{r.Date, r.Metric, r.Team, r.Value, n, r.Note}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.Bytes()
}
