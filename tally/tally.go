// Package tally keeps counts the way the field reports them: a low, a best and a high value.
//
// A count that a source states plainly has all three equal. Totals over sources that were not linked are never
// sums: Side combines them as "at least the largest single source, at most all of them together".
package tally

import (
	"strconv"
	"strings"

	"ward/fault"
)

// Count is a number of persons or things with its range; Low <= Best <= High, none negative.
type Count struct {
	Low  int64 `json:"low"`
	Best int64 `json:"best"`
	High int64 `json:"high"`
}

// limit keeps sums far from overflow: no register counts a trillion of anything.
const limit = 1_000_000_000_000

// Exact is a count without a range.
func Exact(n int64) Count { return Count{n, n, n} }

// Add sums counts of different things (incidents that are known to differ).
func (c Count) Add(o Count) Count { return Count{c.Low + o.Low, c.Best + o.Best, c.High + o.High} }

// Side sets two counts of perhaps the same things beside each other: low and best are those of the larger one,
// high is both together.
func (c Count) Side(o Count) Count {
	return Count{max(c.Low, o.Low), max(c.Best, o.Best), c.High + o.High}
}

// Span is the hull of two statements about one and the same thing; best stays the receiver's.
func (c Count) Span(o Count) Count {
	return Count{min(c.Low, o.Low), c.Best, max(c.High, o.High)}
}

// IsZero reports whether nothing is counted, not even at most.
func (c Count) IsZero() bool { return c == Count{} }

// String is for people reading English: "3" or "1–5".
func (c Count) String() string {
	if c.Low == c.High {
		return strconv.FormatInt(c.Best, 10)
	}
	return strconv.FormatInt(c.Low, 10) + "–" + strconv.FormatInt(c.High, 10)
}

// Text is the canonical form kept in assertions: "3" or "1..3..5".
func (c Count) Text() string {
	if c.Low == c.Best && c.Best == c.High {
		return strconv.FormatInt(c.Best, 10)
	}
	f := func(n int64) string { return strconv.FormatInt(n, 10) }
	return f(c.Low) + ".." + f(c.Best) + ".." + f(c.High)
}

// Parse reads the canonical form; it refuses negative, unordered and absurd numbers.
func Parse(s string) (Count, error) {
	parts := strings.Split(s, "..")
	if len(parts) == 1 {
		parts = []string{s, s, s}
	}
	if len(parts) != 3 {
		return Count{}, fault.New(fault.Invalid, "%q is not a count", s)
	}
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		if err != nil || v < 0 || v > limit || i > 0 && v < n[i-1] {
			return Count{}, fault.New(fault.Invalid, "%q is not a count", s)
		}
		n[i] = v
	}
	return Count{n[0], n[1], n[2]}, nil
}
