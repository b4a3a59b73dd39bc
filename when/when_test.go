package when

import (
	"testing"
	"time"
)

func TestPartialDatesCoverEveryPossibleDay(t *testing.T) {
	cases := []struct {
		text, from, to string
		year           int
	}{
		{"2019", "2019-01-01", "2019-12-31", 2019},
		{"2019-02", "2019-02-01", "2019-02-28", 2019},
		{"2020-02", "2020-02-01", "2020-02-29", 2020},
		{"2019-12", "2019-12-01", "2019-12-31", 2019},
		{"2023-05-07", "2023-05-07", "2023-05-07", 2023},
		{"2023-12-30/2024-01-02", "2023-12-30", "2024-01-02", 0},
		{"2023-05~", "2023-05-01", "2023-05-31", 2023},
		{"1949-10", "1949-10-01", "1949-10-31", 1949},
	}
	for _, c := range cases {
		d, err := Parse(c.text)
		if err != nil || d.From().String() != c.from || d.To().String() != c.to || d.Year() != c.year || d.String() != c.text {
			t.Errorf("%s: %v..%v year %d %v", c.text, d.From(), d.To(), d.Year(), err)
		}
	}
}

func TestParseRefusesWhatIsNoDate(t *testing.T) {
	for _, s := range []string{"", "-", "2023-13", "2023-02-30", "23-01-01", "2023/01/01", "2023-5-7", "0000", "9999", "2024-01-02/2023-01-01", "2023??", "٢٠٢٣", "2023-05-", "2023-05-07T10:00"} {
		if d, err := Parse(s); err == nil {
			t.Errorf("%q accepted as %v", s, d)
		}
	}
}

func TestYMDKeepsWhatIsUnknown(t *testing.T) {
	for want, in := range map[string][3]int{"2019": {2019, 0, 0}, "2019-05": {2019, 5, 0}, "2019-05-04": {2019, 5, 4}} {
		if d, err := YMD(in[0], in[1], in[2]); err != nil || d.String() != want {
			t.Errorf("%v: %v %v", in, d, err)
		}
	}
	if _, err := YMD(2019, 2, 30); err == nil {
		t.Error("30 February accepted")
	}
}

func TestDaysBeforeTheEpochAndZones(t *testing.T) {
	if d := DayOf(time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC)); d != -1 || d.String() != "1969-12-31" {
		t.Errorf("%d %s", d, d)
	}
	zone := time.FixedZone("x", 5*3600)
	if d := DayOf(time.Date(2023, 5, 7, 1, 0, 0, 0, zone)); d.String() != "2023-05-07" {
		t.Errorf("the day in the place where it happened, not %s", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2023-05-07/2024")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err == nil && (d.From() > d.To() || d.String() != s) {
			t.Errorf("%q: %d > %d", s, d.From(), d.To())
		}
	})
}
