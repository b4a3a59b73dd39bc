package web

import (
	"ward/locale"
	"ward/tally"
	"ward/when"
)

// dateOf writes a canonical date, or what stands there when it is none.
func dateOf(value string, c *locale.Catalogue) string {
	d, err := when.Parse(value)
	if err != nil {
		return value
	}
	return c.Date(d)
}

// countOf writes a canonical count, or what stands there when it is none.
func countOf(value string, c *locale.Catalogue) string {
	n, err := tally.Parse(value)
	if err != nil {
		return value
	}
	return c.Count(n)
}
