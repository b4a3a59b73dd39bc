package policy

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"ward/fault"
)

// Text is one policy text found in an association's own copy. It holds what the
// program read, never the text itself: clauses are known by number and hash.
type Text struct {
	File            string           `json:"file"`
	Index           int              `json:"index"`       // 1-based position in the file
	TitleGuess      string           `json:"title_guess"` // "" = none found
	Life            []Event          `json:"life"`
	Clauses         []Point          `json:"clauses"`
	Recommendations []Recommendation `json:"recommendations"`
	Unread          []string         `json:"unread"` // fragments that were not understood, cut to 200 characters
}

// Point is a numbered point. Pasted web pages restart their numbering after
// every bullet list, so Index (1-based among the numbered points of the text)
// tells the place and Number what is printed.
type Point struct {
	Index  int    `json:"index"`
	Number string `json:"number"`
	SHA256 string `json:"sha256"` // of Canonical(point with all that belongs to it)
}

// Recommendation is what a text asks of somebody: one per addressee and point.
// Index counts the recommendations of the text. Clause is the Index of the
// numbered point that it stands in (0 = prose) and Bullet the place in that
// point's bullet list (0 = the point itself). Addressee is a code (NMA, WMA,
// WHO), a normalised group ("physicians", "governments", "government of ...") or
// "" where nobody is named. A duty counts as a recommendation too: the addressee
// is who "must", "shall" or "should", and that word is the verb.
type Recommendation struct {
	Index     int    `json:"index"`
	Number    string `json:"number"` // as printed; "" for bullets and prose
	Addressee string `json:"addressee"`
	Verb      string `json:"verb"` // base form: urge, call upon, encourage, must ...
	Clause    int    `json:"clause"`
	Bullet    int    `json:"bullet"`
	SHA256    string `json:"sha256"`
}

// Limits of one file.
const (
	maxFile     = 8 << 20
	maxLine     = 1 << 20
	maxFragment = 200 // characters of an unread fragment that are kept
)

// Import reads a file of policy texts, with or without title lines, one pasted
// after the other, and finds in each its life, its numbered points and its
// recommendations. A file that is too large, not text or not UTF-8 is refused.
func Import(file string, r io.Reader) ([]Text, error) {
	lines, err := readLines(file, r)
	if err != nil {
		return nil, err
	}
	corpus := Load()
	var texts []Text
	for i, s := range splitTexts(lines) {
		t := readText(s)
		t.File, t.Index = file, i+1
		t.TitleGuess = guessTitle(corpus, s, t.Life)
		texts = append(texts, t)
	}
	if len(texts) == 0 {
		return nil, fault.New(fault.Invalid, "%s holds no text", file).Do("check that the copy is not empty")
	}
	return texts, nil
}

// readLines gives the lines of the file, trimmed, with every kind of blank as one
// space; an empty line stays as a mark between paragraphs.
func readLines(file string, r io.Reader) ([]string, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		var known *fault.Error
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, fault.Wrap(err, fault.Invalid, "%s could not be read", file).Do("try again with a readable copy")
	case len(body) > maxFile:
		return nil, fault.New(fault.Limit, "%s is larger than 8 MiB", file).Keeping("nothing was taken over").
			Do("split it into smaller files, or save it as plain text")
	case bytes.IndexByte(body, 0) >= 0:
		return nil, fault.New(fault.Invalid, "%s is not a text file", file).Keeping("nothing was taken over").
			Do("save the document as plain text (UTF-8)")
	case !utf8.Valid(body):
		return nil, fault.New(fault.Invalid, "%s is not UTF-8", file).Keeping("nothing was taken over").
			Do("save it as plain text with the encoding UTF-8")
	}
	whole := lineBreaks().ReplaceAllString(strings.TrimPrefix(string(body), "\ufeff"), "\n")
	lines := strings.Split(gluedTitle().ReplaceAllString(whole, "$1$3\n\n$2$4"), "\n")
	for i, line := range lines {
		if len(line) > maxLine {
			return nil, fault.New(fault.Limit, "line %d of %s is longer than 1 MiB", i+1, file).Keeping("nothing was taken over").
				Do("check that it is a text with line breaks")
		}
		lines[i] = strings.Join(strings.Fields(invisible().ReplaceAllString(line, "")), " ")
	}
	return lines, nil
}

// pattern compiles an expression when it is first used.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

var (
	lineBreaks = pattern(`\r\n|[\r\v\f\x{85}\x{2028}\x{2029}]`)
	// gluedTitle is a title stuck to the last line of the file before it, as it
	// happens when files without a final line break are put together.
	gluedTitle = pattern(`([.…])(WMA (?:Declaration|Statement|Resolution|Recommendation|Regulations|Guidelines|International)\b)|(\p{Ll})(\p{Lu}{4,} \p{Lu}{4,} \p{Lu}{4,})`)
	invisible  = pattern(`[\x{200b}\x{200c}\x{200d}\x{2060}\x{feff}\x{ad}]`)
)

// fragment cuts what was not understood to a length fit for a list.
func fragment(s string) string {
	if utf8.RuneCountInString(s) <= maxFragment {
		return s
	}
	return string([]rune(s)[:maxFragment]) + "…"
}
