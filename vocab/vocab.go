// Package vocab holds the words of the field as data: code lists, the tables that carry publishers' values into them,
// countries, the names of forces and groups, and the fields of an incident.
//
// A list is a set of codes with a meaning and a label per language; a code is never reused. A crosswalk (cross) says which
// codes a publisher's value stands for; it carries a doubt mark where the value is wider than any code, and says
// unmapped, with the reason, where no code fits. A scheme is one publisher's vocabulary; a column is one of its columns,
// by Ward's name for it. An actor is a force, group or kind of people that publishers name. A house name is a publisher's
// own name for a country. A tier says who may see a field, from T0 (public) to T4 (sealed).
//
// Everything is read once from the CSV files beside the code. Names and values are compared by text.Key, so that case,
// accents, spacing and punctuation never matter; codes are compared as they are. All lookups are safe for concurrent use.
package vocab

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"path"
	"strings"

	"ward/text"
)

//go:generate go run gen/main.go -modules node_modules

//go:embed codes/*.csv labels/*.csv cross/*.csv countries.csv aliases.csv demonyms.csv actors.csv actor_words.csv fields.csv
var files embed.FS

// maxCell is the length in bytes beyond which no cell can hold a coded value or a list of them.
const maxCell = 4 << 10

// row is one line of an embedded file, by column name.
type row map[string]string

// read parses one embedded file. The files are part of the program and a test reads each: a broken one is a defect.
func read(name string) []row {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("vocab: %v", err))
	}
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("vocab: %s: %v", name, err))
	}
	out := make([]row, 0, len(lines)-1)
	for _, cells := range lines[1:] {
		r := make(row, len(cells))
		for i, c := range cells {
			r[lines[0][i]] = c
		}
		out = append(out, r)
	}
	return out
}

// readAll parses every file of one folder, in the order of their names.
func readAll(folder string) []row {
	var out []row
	for _, name := range names(folder) {
		out = append(out, read(path.Join(folder, name))...)
	}
	return out
}

// names are the files of one folder, sorted.
func names(folder string) []string {
	entries, err := files.ReadDir(folder)
	if err != nil {
		panic(fmt.Sprintf("vocab: %v", err))
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Name()
	}
	return out
}

// repair trims a cell and undoes a broken encoding.
func repair(s string) string {
	fixed, _ := text.FixMojibake(strings.TrimSpace(s))
	return fixed
}

// keyOf is the form under which a publisher's value is looked up; "" when no table can hold it.
func keyOf(s string) string {
	if len(s) > maxCell {
		return ""
	}
	return text.Key(repair(s))
}

// splitKnown divides a comma list whose items may contain commas themselves: at each place the longest item of at most
// window commas that known accepts is taken; what lies between known items stays one item.
func splitKnown(cell string, window int, known func(string) bool) []string {
	cell = repair(cell)
	if cell == "" {
		return nil
	}
	if len(cell) > maxCell {
		return []string{cell}
	}
	var out, rest []string
	flush := func() {
		if s := strings.TrimSpace(strings.Join(rest, ",")); s != "" {
			out = append(out, s)
		}
		rest = nil
	}
	parts := strings.Split(cell, ",")
	for i := 0; i < len(parts); {
		n := longest(parts[i:], window, known)
		if n == 0 {
			rest = append(rest, parts[i])
			i++
			continue
		}
		flush()
		out = append(out, strings.TrimSpace(strings.Join(parts[i:i+n], ",")))
		i += n
	}
	flush()
	return out
}

// longest is how many parts, from the first on, make up the longest known item; 0 for none.
func longest(parts []string, window int, known func(string) bool) int {
	for n := min(window+1, len(parts)); n > 0; n-- {
		if known(strings.Join(parts[:n], ",")) {
			return n
		}
	}
	return 0
}
