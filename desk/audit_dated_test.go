package desk_test

import (
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/fault"
)

const datedHead = "kind,state,clause,year,value,coder,role,date,was,now,note\n"

// Sixty days do not pass in an afternoon, and nothing is slipped in under a finding that has left the house.
func TestNoRowIsDatedAheadOrUnderWhatLeftTheHouse(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		way := datedHead + "step,XAA,,2021,frozen,Reed,,2022-01-31,,,\noutcome,XAA,CIHL:R28,2021,F2,Ann,,2022-02-01,,,\noutcome,XAA,CIHL:R28,2021,F2,Ben,,2022-02-02,,,\n" +
			"step,XAA,CIHL:R28,2021,draft,Reed,,2022-02-03,,,\nstep,XAA,CIHL:R28,2021,sent,Reed,,2022-02-04,,,\n"
		for i, want := range []int{5, 0} { // a file that grows is brought in again and again
			if r, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(way)); err != nil || r.Added != want {
				t.Fatal(i, r, err)
			}
		}
		for what, c := range map[string]struct{ line, want string }{
			"nobody answered, ahead": {"step,XAA,CIHL:R28,2021,no_reply,Reed,,2199-01-01,,,", "ahead"},
			"a level, under":         {"outcome,XAA,CIHL:R28,2021,F1,Cem,,2022-02-02,,,", "on record"},
			"a level of no day":      {"outcome,XAA,CIHL:R28,2021,F1,Cem,,,,,", "on record"},
			"a freeze undone, under": {"step,XAA,,2021,superseded,Reed,,2022-02-03,,,", "on record"},
			"a level since":          {"outcome,XAA,CIHL:R28,2021,F1,Cem,,2022-02-04,,,", ""},
			"another clause":         {"outcome,XAA,CIHL:R25,2021,F1,Cem,,2022-02-02,,,", ""},
			"another year":           {"outcome,XAA,CIHL:R28,2020,F1,Cem,,2022-02-02,,,", ""},
		} {
			r, err := d.ImportCodings(ctx, access.Local(), strings.NewReader(datedHead+c.line+"\n"))
			if c.want == "" && err != nil || c.want != "" && (!fault.Is(err, fault.Invalid) || len(r.Problems) != 1 || r.Problems[0].Line != 2 || !strings.Contains(r.Problems[0].Text, c.want)) {
				t.Errorf("%s: %v %v", what, r.Problems, err)
			}
		}
		if _, err := d.EnterReply(ctx, access.Local(), audit.Row{State: "XAA", Value: "received", Date: "2199-01-01", Note: "x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a reply ahead: %v", err)
		}
	})
}
