package exchange

import (
	"fmt"
	"strings"
	"sync"

	"ward/fault"
	"ward/text"
)

// other is a table that is recognised in order to be declined.
type other struct {
	Labels []string `json:"labels"`
	None   []string `json:"none"`
	Title  string   `json:"title"`
	Advice string   `json:"advice"`
}

var others = sync.OnceValue(func() []other {
	var out []other
	mustRead("rules/others.json", &out)
	return out
})

// declined recognises tables that are not incidents of this register.
func declined(s *sheet) error {
	have := keySet(s.headers)
	for _, o := range others() {
		if hasAll(have, o.Labels) && !hasSome(have, o.None) {
			return fault.New(fault.Refused, "these are %s", o.Title).Keeping("nothing was written").Do("%s", o.Advice)
		}
	}
	return nil
}

func hasAll(have map[string]bool, labels []string) bool {
	for _, l := range labels {
		if !have[text.Key(l)] {
			return false
		}
	}
	return true
}

func hasSome(have map[string]bool, labels []string) bool {
	for _, l := range labels {
		if have[text.Key(l)] {
			return true
		}
	}
	return false
}

// refuse explains why no layout reads the table, naming the nearest one.
func (b *binding) refuse() error {
	if err := declined(b.sheet); err != nil {
		return err
	}
	if missing := b.lacking(); b.score >= scoreAccepted && len(missing) > 0 {
		return fault.New(fault.Invalid, "the file looks like %s (%s), but it lacks %s", b.profile.Name, b.layout.Name, strings.Join(missing, " and ")).
			Keeping("nothing was written").Do("if another column holds it, say which in a mapping file with --map; if it is another register, ward import FILE --propose OUT.json makes a proposal to edit")
	}
	if b.score >= scoreAccepted && !b.witnessed() {
		return fault.New(fault.Invalid, "the file has the columns of %s but names no country, and its places are not those of %s", b.layout.Name, b.layout.Constants["country"]).
			Keeping("nothing was written").Do("give the country in a mapping file with --map: {\"constants\": {\"country\": \"...\"}}")
	}
	if b.score < scoreAccepted {
		return fault.New(fault.Invalid, "no known layout fits this table; the nearest is %s (%s), of whose columns %d are missing: %s",
			b.profile.Name, b.layout.Name, len(b.absent()), shorten(b.absent())).
			Keeping("nothing was written").Do("check the file, or describe its columns: ward import FILE --propose OUT.json makes a proposal to edit; known profiles are %s", profileNames())
	}
	return nil
}

// absent lists the labels of the layout that the file does not have.
func (b *binding) absent() []string {
	var out []string
	for c := range b.layout.Columns {
		if b.free(c) {
			out = append(out, fmt.Sprintf("%q", b.layout.Columns[c].Labels[0]))
		}
	}
	return out
}

func shorten(list []string) string {
	const most = 8
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
