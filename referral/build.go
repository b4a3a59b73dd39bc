package referral

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ward/vocab"
	"ward/when"
)

// Package is what a recipient gets: made of the ticked fields and of nothing else. It holds no id of this workspace.
type Package struct {
	Mechanism string   `json:"mechanism"`
	Version   string   `json:"version"` // of the mechanism's data
	Lang      string   `json:"lang"`
	To        string   `json:"to,omitempty"`
	Mandates  []string `json:"mandates,omitempty"`
	Day       string   `json:"day"` // on which it was put together
	Fields    []Filled `json:"fields"`
	Files     []File   `json:"files,omitempty"`
	Purpose   string   `json:"purpose"`
	Basis     int      `json:"basis,omitempty"` // how many consents it rests on: they are counted here, not named
	Alone     bool     `json:"alone,omitempty"` // one person reviewed where two are asked for
}

// Filled is a field with its value.
type Filled struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// File is one that goes along.
type File struct {
	Name   string `json:"name"` // 1.jpg
	Type   string `json:"type"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Field is that by which a file goes along.
func (f File) Field() string {
	if strings.HasPrefix(f.Type, "image/") || strings.HasPrefix(f.Type, "video/") {
		return FieldPictures
	}
	return FieldDocuments
}

// Keys of fields that the rules speak of.
const (
	FieldName          = "person_name"
	FieldWritten       = "person_name_written"
	FieldPictures      = "pictures"
	FieldDocuments     = "documents"
	FieldParticipation = "participation"
	FieldDuress        = "duress"

	fieldLastSeen = "last_seen_date"
)

// Problem says why a package cannot be built as it was asked for. Word is one of Problems and read by the key "referral.problem." + Word.
type Problem struct {
	Field string // "" the whole
	Word  string
	Has   int // words there are
	Most  int // words allowed
}

// Words of problems.
const (
	Missing  = "missing"  // required, or ticked, and empty
	Long     = "long"     // more words, or more letters, than the field takes
	Words    = "words"    // more words than the mechanism takes
	Unknown  = "unknown"  // no field of this mechanism
	Accused  = "accused"  // it names a person of a health profession who is said to have taken part (design 10.4)
	Title    = "title"    // it says who did it by the title of a health profession
	Duress   = "duress"   // what health workers did is told without whether they were forced
	Named    = "named"    // it names the person, whose name is not ticked
	Language = "language" // the mechanism does not take it
	Unticked = "unticked" // a file goes along whose field is not ticked
	Third    = "third"    // it names somebody else of the case, who was not asked
	Late     = "late"     // an urgent procedure that takes what happened within so many months
)

// Problems are all words of problems.
func Problems() []string {
	return []string{Missing, Long, Words, Unknown, Accused, Title, Duress, Named, Language, Unticked, Third, Late}
}

// Wish is what a package is to be made of.
type Wish struct {
	Lang     string
	To       string
	Mandates []string
	Day      string
	Ticked   []string
	Values   map[string]string // by key, of the ticked fields and of others: those are passed over
	Files    []File
	Basis    int
	Alone    bool
	Accused  []string // names of people of health professions who are said to have taken part, in all scripts
	Person   []string // names of the person it speaks of, in all scripts
	Third    []string // names of other people of the case
	Texts    []string // what files that can be read say
}

// maxValue is how many characters a field holds at most.
const maxValue = 40_000

// Build makes a package of the ticked fields; where there are problems it is not to be used.
func (m Mechanism) Build(w Wish) (Package, []Problem) {
	p := Package{Mechanism: m.ID, Version: m.Version, Lang: w.Lang, To: strings.TrimSpace(w.To), Day: w.Day, Files: w.Files, Purpose: m.Purpose, Basis: w.Basis, Alone: w.Alone}
	if m.Mandates {
		p.Mandates = w.Mandates
	}
	for _, f := range m.Fields {
		if slices.Contains(w.Ticked, f.Key) {
			p.Fields = append(p.Fields, Filled{f.Key, value(f, w)})
		}
	}
	return p, m.problems(p, w)
}

// value is what a field says: of a file its name in the package, of duress a word of the list, where nothing is known that it is not.
func value(f Field, w Wish) string {
	v := strings.TrimSpace(strings.ReplaceAll(w.Values[f.Key], "\r\n", "\n"))
	switch f.Key {
	case FieldPictures, FieldDocuments:
		return strings.Join(named(w.Files, f.Key), ", ")
	case FieldDuress:
		return DuressOf(v, w.Lang)
	}
	return v
}

func named(files []File, key string) (out []string) {
	for _, f := range files {
		if f.Field() == key {
			out = append(out, f.Name)
		}
	}
	return out
}

// DuressOf is the word of a code of duress. What is not known is said to be unknown, and never to be none (design 10.4).
func DuressOf(code, lang string) string {
	if !vocab.Has("duress", code) {
		code = "unknown"
	}
	return vocab.Label("duress", code, lang)
}

func (m Mechanism) problems(p Package, w Wish) (out []Problem) {
	if len(m.Langs) > 0 && !slices.Contains(m.Langs, w.Lang) {
		out = append(out, Problem{Word: Language})
	}
	for _, key := range w.Ticked {
		if _, ok := m.Field(key); !ok {
			out = append(out, Problem{Field: key, Word: Unknown})
		}
	}
	for _, f := range w.Files {
		if !slices.Contains(w.Ticked, f.Field()) {
			out = append(out, Problem{Field: f.Field(), Word: Unticked})
		}
	}
	if slices.Contains(w.Ticked, FieldParticipation) && !slices.Contains(w.Ticked, FieldDuress) {
		out = append(out, Problem{Field: FieldDuress, Word: Duress})
	}
	words := 0
	for _, f := range m.Fields {
		filled, ticked := p.Field(f.Key)
		if f.Required && !ticked || ticked && filled == "" {
			out = append(out, Problem{Field: f.Key, Word: Missing})
		}
		words += CountWords(filled)
		out = append(out, f.problems(filled, w)...)
	}
	if m.Words > 0 && words > m.Words {
		out = append(out, Problem{Word: Words, Has: words, Most: m.Words})
	}
	if m.late(p) {
		out = append(out, Problem{Field: fieldLastSeen, Word: Late, Most: m.Within()})
	}
	return append(out, m.addressed(p, w)...)
}

// late reports a day last seen that an urgent procedure takes no more; what is no date is left to who reads it.
func (m Mechanism) late(p Package) bool {
	said, _ := p.Field(fieldLastSeen)
	seen, err := when.Parse(said)
	built, wrong := time.Parse(time.DateOnly, p.Day)
	return m.Within() > 0 && err == nil && wrong == nil && !seen.IsZero() && seen.To() < when.DayOf(built.AddDate(0, -m.Within(), 0))
}

// problems are those of a filled field.
func (f Field) problems(filled string, w Wish) (out []Problem) {
	if n := CountWords(filled); f.Words > 0 && n > f.Words || utf8.RuneCountInString(filled) > maxValue {
		out = append(out, Problem{Field: f.Key, Word: Long, Has: n, Most: f.Words})
	}
	if f.Accused && titled(filled) {
		out = append(out, Problem{Field: f.Key, Word: Title})
	}
	return append(out, w.naming(f.Key, filled)...)
}

// naming are the problems of a text that names somebody whom the package may not name.
func (w Wish) naming(field, said string) (out []Problem) {
	if Mentions(said, w.Accused) {
		out = append(out, Problem{Field: field, Word: Accused})
	}
	if Mentions(said, w.Third) {
		out = append(out, Problem{Field: field, Word: Third})
	}
	byName := slices.Contains(w.Ticked, FieldName) || slices.Contains(w.Ticked, FieldWritten)
	if !byName && Mentions(said, w.Person) {
		out = append(out, Problem{Field: field, Word: Named})
	}
	return out
}

// Naming are the problems of a package that stands, where those whom it may not name have become others.
func (p Package) Naming(w Wish) (out []Problem) {
	for _, f := range p.Fields {
		out = append(out, w.naming(f.Key, f.Value)...)
	}
	return append(out, w.naming("", p.To)...)
}

// addressed are the problems of whom it is addressed to.
func (m Mechanism) addressed(p Package, w Wish) (out []Problem) {
	out = w.naming("", p.To)
	if long(p.To, maxLine) {
		out = append(out, Problem{Word: Long, Most: maxLine})
	}
	for _, t := range w.Texts {
		out = append(out, w.naming(FieldDocuments, t)...)
	}
	for _, id := range p.Mandates {
		if !slices.ContainsFunc(data().mandates, func(d Mandate) bool { return d.ID == id }) {
			out = append(out, Problem{Word: Unknown})
		}
	}
	return out
}

// Field is what the package says in a field; false where it has none.
func (p Package) Field(key string) (string, bool) {
	for _, f := range p.Fields {
		if f.Key == key {
			return f.Value, true
		}
	}
	return "", false
}

// Keys are those of the package's fields.
func (p Package) Keys() (out []string) {
	for _, f := range p.Fields {
		out = append(out, f.Key)
	}
	return out
}

// Digest is the SHA-256 of everything the package says, its files included, in hexadecimal digits.
func (p Package) Digest() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic("referral: " + err.Error()) // texts and numbers always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// CountWords counts words as people do; of writing that sets no blanks, its signs.
func CountWords(s string) (n int) {
	for _, word := range strings.Fields(s) {
		signs, rest := 0, false
		for _, r := range word {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
				signs++
			} else if unicode.IsLetter(r) || unicode.IsNumber(r) {
				rest = true
			}
		}
		if n += signs; rest {
			n++
		}
	}
	return n
}
