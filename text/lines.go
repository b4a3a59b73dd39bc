package text

import "strings"

// Lines are the lines of a field that takes several values, one a line: trimmed, blank ones left out.
func Lines(s string) (out []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
