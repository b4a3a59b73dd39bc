package tally

import "testing"

func TestParseAndTextAreInverse(t *testing.T) {
	for _, s := range []string{"0", "3", "1..3..5", "0..0..9"} {
		c, err := Parse(s)
		if err != nil || c.Text() != s {
			t.Errorf("%q: %v %v", s, c.Text(), err)
		}
	}
	for _, s := range []string{"", "-2", "5..3..1", "1..2", "x", "1.5", "9999999999999", "1..2..3..4"} {
		if c, err := Parse(s); err == nil {
			t.Errorf("%q accepted as %v", s, c)
		}
	}
}

func TestSideNeverAddsLowAndBest(t *testing.T) {
	a, b := Count{3, 4, 5}, Count{6, 6, 7}
	if got := a.Side(b); got != (Count{6, 6, 12}) {
		t.Errorf("got %+v", got)
	}
	if got := a.Add(b); got != (Count{9, 10, 12}) {
		t.Errorf("sum %+v", got)
	}
	if got := Exact(3).Span(Exact(7)); got != (Count{3, 3, 7}) {
		t.Errorf("span %+v", got)
	}
}

func TestStringShowsARangeOnlyWhenThereIsOne(t *testing.T) {
	if Exact(4).String() != "4" || (Count{1, 2, 5}).String() != "1–5" {
		t.Error(Exact(4).String(), (Count{1, 2, 5}).String())
	}
}
