package bundle

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The entries that every bundle has.
const (
	readmeName   = "README.txt"
	keyName      = "log.vkey"
	manifestName = "manifest.json"
	noteName     = "manifest.note"
	recordsName  = "records.json"
)

func required() []string {
	return []string{readmeName, keyName, manifestName, noteName, recordsName}
}

func fileName(name string) string { return "files/" + name }
func proofName(n int) string      { return "proofs/" + strconv.Itoa(n) + ".tlog-proof" }
func tombstoneName(n int) string  { return "tombstones/" + strconv.Itoa(n) + ".json" }

// made reports that name is one that build makes for some number of at most five digits.
func made(name string, build func(int) string) bool {
	head, tail, _ := strings.Cut(build(0), "0")
	digits := strings.TrimSuffix(strings.TrimPrefix(name, head), tail)
	n, err := strconv.Atoi(digits)
	return err == nil && n > 0 && len(digits) <= 5 && build(n) == name
}

// limit is the most bytes an entry of this name may have.
func limit(name string) int64 {
	switch {
	case strings.HasPrefix(name, fileName("")):
		return MaxFile
	case name == recordsName:
		return maxList
	case name == manifestName:
		return maxManifest
	}
	return maxSmall
}

// only reports that s has one to max bytes, all of which ok admits.
func only(s string, max int, ok func(c byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= max
}

func printable(c byte) bool { return c > ' ' && c <= '~' }
func digit(c byte) bool     { return '0' <= c && c <= '9' }
func lower(c byte) bool     { return 'a' <= c && c <= 'z' }
func alnum(c byte) bool     { return digit(c) || lower(c|0x20) }

// isID, isKind and the like say what may stand where. They admit printable ASCII only, so that nothing shown to people
// can hide or reorder a line.
func isID(s string) bool { return only(s, 128, printable) }
func isOrigin(s string) bool {
	return only(s, 200, func(c byte) bool { return printable(c) && c != '+' })
}
func isWord(s string) bool {
	return only(s, 64, func(c byte) bool { return lower(c) || digit(c) || strings.IndexByte("._-", c) >= 0 })
}
func isHash(s string) bool {
	return len(s) == 64 && only(s, 64, func(c byte) bool { return digit(c) || 'a' <= c && c <= 'f' })
}

func isLanguage(s string) bool {
	return only(s, 35, func(c byte) bool { return alnum(c) || c == '-' })
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// safe reports that a name can be extracted anywhere: at most one folder, and in each part letters, digits, dots, dashes and
// underlines, beginning with a letter or digit, not ending in a dot, and none of the names that Windows keeps for devices.
func safe(name string) bool {
	parts := strings.Split(name, "/")
	return len(name) <= maxName && len(parts) <= 2 && !slices.ContainsFunc(parts, func(p string) bool { return !safePart(p) })
}

func safePart(p string) bool {
	if !only(p, maxName, func(c byte) bool { return alnum(c) || strings.IndexByte("._-", c) >= 0 }) {
		return false
	}
	return alnum(p[0]) && p[len(p)-1] != '.' && !device(p)
}

func device(part string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(part), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && digit(stem[3])
}
