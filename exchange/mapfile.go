package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ward/fault"
)

// MappingFormat is what the first line of a mapping file of an unknown layout says.
const MappingFormat = "ward-mapping/1"

// Proposal is a layout that nobody described before, as a file that a person edits: what the register is, where its header
// stands, and which field each column fills. Ward proposes it (Propose); Options.Mapping reads by it.
type Proposal struct {
	Format    string            `json:"format"`
	Source    ProposedSource    `json:"source"`
	Table     ProposedTable     `json:"table"`
	Constants map[string]string `json:"constants"` // country: what the file itself does not say
	Columns   []ProposedColumn  `json:"columns"`
	Unmapped  []string          `json:"unmapped"` // columns without a field, for the reader of the file only
}

// ProposedSource is what a person must say of the register. Nothing is guessed of it.
type ProposedSource struct {
	Series       string   `json:"series"`    // a name that no other register has
	Namespace    string   `json:"namespace"` // of its ids; the series where it is empty
	Title        string   `json:"title"`
	Publisher    string   `json:"publisher"`
	Licence      string   `json:"licence"`
	Scope        string   `json:"scope"`        // code list scope
	Redistribute string   `json:"redistribute"` // yes, no, noncommercial, unknown
	Reliability  string   `json:"reliability"`  // A-F
	Caveats      []string `json:"caveats"`
}

// ProposedTable says where the rows stand. Rows count from 1; TagRow is 0 where there are no HXL tags.
type ProposedTable struct {
	Sheet     string `json:"sheet,omitempty"`
	HeaderRow int    `json:"header_row"`
	TagRow    int    `json:"tag_row"`
}

// ProposedColumn is one column of the file. Field "" leaves it unread; As is how its cells are read, "" for the usual way.
type ProposedColumn struct {
	Column     int               `json:"column"`
	Header     string            `json:"header"`
	Field      string            `json:"field"`
	As         string            `json:"as,omitempty"`
	Order      string            `json:"order,omitempty"`  // dmy or mdy, of days with slashes
	Values     map[string]string `json:"values,omitempty"` // the publisher's word -> our code; "" keeps the word only
	Confidence float64           `json:"confidence"`       // of the proposal, 0 to 1; without meaning for reading
	Why        string            `json:"why"`              // likewise

	line int
}

// WriteTo writes the file that a person edits.
func (p Proposal) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return 0, err
	}
	return b.WriteTo(w)
}

// readProposal reads an edited file. Its faults name the line.
func readProposal(path string) (p Proposal, sum string, err error) {
	body, err := readMappingFile(path)
	if err != nil {
		return p, "", err
	}
	if err := strictly(body, 0, body, &p); err != nil {
		return p, "", err
	}
	if p.Format != MappingFormat {
		return p, "", fault.New(fault.Invalid, "the mapping file says format %q, not %q", p.Format, MappingFormat).Do("make one with ward import FILE --propose OUT.json")
	}
	for i, line := range columnLines(body) {
		if i < len(p.Columns) {
			p.Columns[i].line = line
		}
	}
	digest := sha256.Sum256(body)
	return p, hex.EncodeToString(digest[:]), nil
}

func readMappingFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "the mapping file %s cannot be opened", filepath.Base(path)).Do("check the name and the folder")
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxMappingFile+1))
	if err != nil || len(body) > maxMappingFile {
		return nil, fault.New(fault.Limit, "the mapping file is too large or cannot be read").Do("it should describe columns only")
	}
	return bytes.TrimPrefix(body, utf8Mark), nil
}

// strictly decodes part, which begins at offset from of the whole, and refuses keys that nobody reads.
func strictly(whole []byte, from int64, part []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(part))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if rest := bytes.TrimSpace(part[d.InputOffset():]); len(rest) > 0 {
			err = fmt.Errorf("something follows its end")
		}
	}
	if err == nil {
		return nil
	}
	at := d.InputOffset()
	switch e := err.(type) {
	case *json.SyntaxError:
		at = e.Offset
	case *json.UnmarshalTypeError:
		at = e.Offset
	}
	return fault.New(fault.Invalid, "line %d of the mapping file: %s", lineAt(whole, from+at), strings.TrimPrefix(err.Error(), "json: ")).
		Keeping("nothing was written").Do("mend that line; commas, quotation marks and brackets must stand as in the proposal")
}

func lineAt(body []byte, offset int64) int {
	return 1 + bytes.Count(body[:min(offset, int64(len(body)))], []byte{'\n'})
}

// columnLines are the lines on which the objects of "columns" begin.
func columnLines(body []byte) (lines []int) {
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil
		}
		var skip json.RawMessage
		if key != "columns" {
			if d.Decode(&skip) != nil {
				return nil
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return nil
		}
		for d.More() {
			if d.Decode(&skip) != nil {
				return lines
			}
			lines = append(lines, lineAt(body, d.InputOffset()-int64(len(skip))))
		}
		return lines
	}
	return nil
}
