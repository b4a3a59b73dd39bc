package exchange

import (
	"testing"

	"ward/fault"
)

// A part of the known layouts is enough: labels and tags that claim each other's meaning stop the import, a tag that only
// says less does not.
func TestSwappedTagsStopAnyTable(t *testing.T) {
	const labels = "Date,Country,Country ISO,Health Workers Killed,Health Workers Injured,Health Workers Kidnapped,Health Workers Arrested,SiND Event ID\n"
	const row = "2022-01-05,Arcadia,XAA,1,2,3,4,901\n"
	const hw = "#affected +healthworker +"
	cases := map[string]struct {
		tags string
		stop bool
	}{
		"right":           {"#date,#country +name,#country +ISO," + hw + "killed," + hw + "injured," + hw + "kidnapped," + hw + "arrested,#event +id\n", false},
		"last swapped":    {"#date,#country +name,#country +ISO," + hw + "killed," + hw + "injured," + hw + "arrested," + hw + "kidnapped,#event +id\n", true},
		"first swapped":   {"#date,#country +name,#country +ISO," + hw + "injured," + hw + "killed," + hw + "kidnapped," + hw + "arrested,#event +id\n", true},
		"vaguer, swapped": {"#date,#country +name,#country +ISO,#affected +killed,#affected +injured,#affected +arrested,#affected +kidnapped,#event +id\n", true},
		"vaguer, right":   {"#date,#country +name,#country +ISO,#affected +killed,#affected +injured,#affected,,#event +id\n", false},
	}
	for name, c := range cases {
		r, err := Open(write(t, "x.csv", labels+c.tags+row), Options{})
		if fault.Is(err, fault.Undecided) != c.stop {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		got, err := r.Next()
		if err != nil || got.Get("worker.killed") != "1" || got.Get("worker.injured") != "2" || got.Get("worker.abducted") != "3" || got.Get("worker.arrested") != "4" {
			t.Errorf("%s: %v %v", name, got.Values, err)
		}
		r.Close()
	}
}
