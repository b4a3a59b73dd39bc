package exchange

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"sync"

	"ward/text"
)

//go:embed profiles/*.json rules/*.json
var embedded embed.FS

// Redistribute says whether a source's rows may leave the association.
type Redistribute string

// The four answers; what is not known is treated as no.
const (
	RedistributeYes           Redistribute = "yes"
	RedistributeNo            Redistribute = "no"
	RedistributeNoncommercial Redistribute = "noncommercial"
	RedistributeUnknown       Redistribute = "unknown"
)

// Profile describes one publisher's register: what it is, under which terms,
// and the layouts in which it has been published.
type Profile struct {
	Name          string       `json:"name"`
	Title         string       `json:"title"`
	Series        string       `json:"series"`    // a report is (series, external id)
	Namespace     string       `json:"namespace"` // an incident is (namespace, external id)
	Publisher     string       `json:"publisher"`
	Licence       string       `json:"licence"`
	Redistribute  Redistribute `json:"redistribute"`
	Scope         string       `json:"scope"`          // code list scope
	Reliability   string       `json:"reliability"`    // the source's default grade, A-F
	Certainty     string       `json:"certainty"`      // what an import means without a grade of its own
	CertaintyRule string       `json:"certainty_rule"` // the rule in words, for the method page
	Caveats       []string     `json:"caveats"`
	Scheme        string       `json:"scheme"` // crosswalk scheme of vocab
	Rules         string       `json:"rules"`  // name of the file in rules/
	Layouts       []Layout     `json:"layouts"`

	rules []rule
}

// Layout is one edition's shape.
type Layout struct {
	Name      string            `json:"name"`
	Title     string            `json:"title"`
	Series    string            `json:"series"`    // overrides the profile's: another selection of the register, whose gaps say nothing about the rest
	Namespace string            `json:"namespace"` // overrides the profile's
	Scheme    string            `json:"scheme"`    // overrides the profile's
	Constants map[string]string `json:"constants"` // field -> value that the file itself does not state
	Witness   *Witness          `json:"witness"`   // values that must be seen before the constants are believed
	NeedAny   []string          `json:"need_any"`  // fields of which one must be present: without them the file is about something else
	Open      bool              `json:"open"`      // the publisher's records may hold any number of further columns, which say nothing against the layout
	Cells     string            `json:"cells"`     // wolfram: cells are expressions of that language, see plainExpression
	Columns   []Column          `json:"columns"`
}

// Witness names values by which a layout is known where headers do not suffice.
type Witness struct {
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// Column describes one column: how it is recognised, read and written.
type Column struct {
	Labels []string          `json:"labels"` // first is the one written; compared through text.Key
	Tags   []string          `json:"tags"`   // HXL, attribute order free; first is the one written
	Field  string            `json:"field"`
	Codec  string            `json:"codec"`
	Cross  string            `json:"cross"`  // crosswalk column of vocab, for coded values
	Values map[string]string `json:"values"` // the publisher's word -> our value, before the crosswalk
	Blank  []string          `json:"blank"`  // words that state nothing; the first is written for no value
	Need   bool              `json:"need"`   // without it the row cannot be identified, placed or dated
	Also   []also            `json:"also"`   // further meanings of the same word
	Order  string            `json:"order"`  // dmy or mdy, where a date has slashes

	Write     map[string]string `json:"write"`     // our value -> the publisher's word, where the source's own is not kept
	Void      []string          `json:"void"`      // cells, letter by letter, that state nothing: a -1 that means "not known"
	Most      int64             `json:"most"`      // the largest count believed, where it is not one of persons harmed; 0 is maxCount
	Told      []string          `json:"told"`      // words after which a number in the description means this count
	Unwritten bool              `json:"unwritten"` // read where it stands, not part of the layout as written
	Home      []string          `json:"home"`      // categories that mean a State's organs of the country itself

	keys  []string // of the labels
	words [][]string
	tags  map[string]bool
	blank map[string]bool
	home  map[string]bool
	value map[string]string
	cells string // of the layout
}

// also is a further field that a word gives through another crosswalk column.
type also struct {
	Field string `json:"field"`
	Cross string `json:"cross"`
}

// rule adds an incident code, a resource or a context to a row: when any of its
// fields counts more than zero (a yes counts one).
type rule struct {
	Any       []string `json:"any"`
	None      []string `json:"none"`      // and none of these does
	Uncoded   bool     `json:"uncoded"`   // and no rule before it gave a code
	Location  string   `json:"location"`  // and the place is of this kind
	Actor     string   `json:"actor"`     // and a kind of the actor begins so
	Not       string   `json:"not"`       // and no kind of the actor begins so
	Explosive bool     `json:"explosive"` // and the weapon is heavy or explosive
	Emit      string   `json:"emit"`      // a code, or @weapon for the weapon's class
	Else      string   `json:"else"`      // where the weapon has no class
	Drop      string   `json:"drop"`      // a code to take away again
	Resource  string   `json:"resource"`
	Context   string   `json:"context"`
	Doubt     string   `json:"doubt"` // why the code is not certain
	DoubtElse string   `json:"doubt_else"`
}

var profiles = sync.OnceValue(func() []Profile {
	names, err := fs.Glob(embedded, "profiles/*.json")
	if err != nil {
		panic("exchange: " + err.Error())
	}
	sort.Strings(names)
	out := make([]Profile, 0, len(names))
	for _, name := range names {
		var p Profile
		mustRead(name, &p)
		if p.Rules != "" {
			mustRead("rules/"+p.Rules+".json", &p.rules)
		}
		for i := range p.Layouts {
			p.Layouts[i].prepare()
		}
		out = append(out, p)
	}
	return out
})

// mustRead reads embedded data; broken data is a defect of the program and a
// test reads all of it.
func mustRead(name string, into any) {
	b, err := embedded.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		panic(fmt.Sprintf("exchange: %s: %v", name, err))
	}
}

func (l *Layout) prepare() {
	for i := range l.Columns {
		c := &l.Columns[i]
		c.cells = l.Cells
		for _, label := range c.Labels {
			c.keys, c.words = append(c.keys, text.Key(label)), append(c.words, text.Tokens(label))
		}
		c.tags = map[string]bool{}
		for _, t := range c.Tags {
			c.tags[tagKey(t)] = true
		}
		c.blank, c.home = keySet(c.Blank), keySet(c.Home)
		c.value = map[string]string{}
		for k, v := range c.Values {
			c.value[text.Key(k)] = v
		}
		if c.Field == "" && c.Codec == "detail" {
			c.Field = l.detailField(c.Labels[0], i)
		}
	}
}

func keySet(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[text.Key(w)] = true
	}
	return set
}

// detailField is detail:<slug>; a label that stands twice gets its number.
func (l *Layout) detailField(label string, at int) string {
	field := "detail:" + slug(label)
	n := 1
	for _, c := range l.Columns[:at] {
		if c.Field == field || strings.HasPrefix(c.Field, field+"-") && text.Key(c.Labels[0]) == text.Key(label) {
			n++
		}
	}
	if n > 1 {
		return field + "-" + strconv.Itoa(n)
	}
	return field
}

// Profiles are all known publishers, in name order. The slice is shared: do
// not change it.
func Profiles() []Profile { return profiles() }

// Find gives the profile of a name.
func Find(name string) (Profile, bool) {
	for _, p := range profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// findLayout gives a layout of a profile; nil for none.
func findLayout(profile, layout string) (*Profile, *Layout) {
	for pi := range profiles() {
		p := &profiles()[pi]
		for li := range p.Layouts {
			if p.Name == profile && p.Layouts[li].Name == layout {
				return p, &p.Layouts[li]
			}
		}
	}
	return nil, nil
}

// schemeOf is the crosswalk scheme of a layout's words.
func (p *Profile) schemeOf(l *Layout) string { return cmp.Or(l.Scheme, p.Scheme) }
