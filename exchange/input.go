package exchange

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"ward/fault"
)

// table is a stream of rows of cells. A row belongs to the caller.
type table interface {
	name() string
	next() ([]string, error) // io.EOF at the end
}

// input is an opened file: one table for CSV and JSON, one per sheet for a
// workbook.
type input struct {
	file     *os.File
	sum      string
	size     int64
	read     atomic.Int64
	kind     string // csv, xlsx, json
	tables   []func() (table, error)
	notes    []string // what was decided about bytes before any cell was read
	date1904 bool
	hidden   map[string]bool // sheets that a reader of the workbook does not see
	closers  []func() error
}

func openInput(path string) (*input, error) {
	in, err := openFile(path)
	if err != nil {
		return nil, err
	}
	if err := in.sniff(path); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func openFile(path string) (*input, error) {
	st, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fault.New(fault.NotFound, "there is no file %s", filepath.Base(path)).Do("check the name and the folder")
	case err != nil:
		return nil, fault.Wrap(err, fault.Invalid, "%s cannot be opened", filepath.Base(path))
	case !st.Mode().IsRegular():
		return nil, fault.New(fault.Invalid, "%s is not a file", filepath.Base(path)).Do("name one file, not a folder or a device")
	case st.Size() == 0:
		return nil, fault.New(fault.Invalid, "%s is empty", filepath.Base(path)).Do("download it again")
	case st.Size() > maxInput:
		return nil, tooLarge()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s cannot be opened", filepath.Base(path))
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		f.Close()
		return nil, fault.Wrap(err, fault.Invalid, "%s cannot be read", filepath.Base(path))
	}
	return &input{file: f, size: st.Size(), sum: hex.EncodeToString(h.Sum(nil))}, nil
}

func tooLarge() error {
	return fault.New(fault.Limit, "the input is larger than %d MiB", maxInput>>20).Do("split it by year and import the parts")
}

var (
	magicZip  = []byte("PK\x03\x04")
	magicZip0 = []byte("PK\x05\x06")
	magicGzip = []byte{0x1f, 0x8b}
	magicOle  = []byte{0xd0, 0xcf, 0x11, 0xe0}
	utf8Mark  = []byte{0xef, 0xbb, 0xbf}
	utf16LE   = []byte{0xff, 0xfe}
	utf16BE   = []byte{0xfe, 0xff}
)

// sniff decides by the first bytes, never by the file's name, what the input is.
func (in *input) sniff(path string) error {
	head := make([]byte, 8)
	n, err := in.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fault.Wrap(err, fault.Invalid, "%s cannot be read", filepath.Base(path))
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, magicZip), bytes.HasPrefix(head, magicZip0):
		return in.openWorkbook()
	case bytes.HasPrefix(head, magicOle):
		return fault.New(fault.Invalid, "this is an old or a locked Excel workbook").Do("open it, remove the password if it has one, and save it as .xlsx or CSV")
	}
	return in.openText(bytes.HasPrefix(head, magicGzip))
}

// openText finds the character set and tells JSON from CSV.
func (in *input) openText(gz bool) error {
	body, head, err := in.text(gz)
	if err != nil {
		return err
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	if err := unlikeText(text); err != nil {
		return err
	}
	if text[0] == '[' || text[0] == '{' {
		in.kind = "json"
		in.tables = append(in.tables, func() (table, error) {
			return newJSONTable(func() (io.Reader, error) {
				body, _, err := in.text(gz)
				return body, err
			})
		})
		return nil
	}
	in.kind = "csv"
	in.tables = append(in.tables, func() (table, error) { return newCSVTable(in, body, head) })
	return nil
}

// text is the input from its start, in UTF-8, and its first bytes.
func (in *input) text(gz bool) (io.Reader, []byte, error) {
	r, err := in.stream(gz)
	if err != nil {
		return nil, nil, err
	}
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, streamFault(err)
	}
	return decoded(io.MultiReader(bytes.NewReader(head[:n]), r), head[:n])
}

// unlikeText refuses what is no table by its first bytes.
func unlikeText(head []byte) error {
	switch zeros := bytes.Count(head, []byte{0}); {
	case len(head) == 0:
		return fault.New(fault.Invalid, "the input holds only blanks").Do("download it again")
	case zeros*3 > len(head):
		return fault.New(fault.Invalid, "the input looks like UTF-16 text without the mark that says so").Do("save it as UTF-8")
	case zeros > 0:
		return fault.New(fault.Invalid, "the input is neither a table nor JSON").Do("export it as CSV, XLSX or JSON")
	case bytes.HasPrefix(head, []byte("<?xml")):
		return fault.New(fault.Invalid, "the input is XML, not a table").Do("export it as CSV, XLSX or JSON")
	case head[0] == '<':
		return fault.New(fault.Invalid, "the input is a web page, not a table").Do("a link may have led to a sign-in page: download the file again, or save the page's table as CSV")
	}
	return nil
}

// decoded strips a byte order mark and turns UTF-16 into UTF-8. Bytes that are
// not UTF-8 are dealt with cell by cell (see clean).
func decoded(r io.Reader, head []byte) (io.Reader, []byte, error) {
	switch {
	case bytes.HasPrefix(head, utf8Mark):
		if _, err := io.CopyN(io.Discard, r, int64(len(utf8Mark))); err != nil {
			return nil, nil, streamFault(err)
		}
		return r, head[len(utf8Mark):], nil
	case bytes.HasPrefix(head, utf16LE), bytes.HasPrefix(head, utf16BE):
		r = transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
		buf := make([]byte, 64<<10)
		n, err := io.ReadFull(r, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, nil, streamFault(err)
		}
		return io.MultiReader(bytes.NewReader(buf[:n]), r), buf[:n], nil
	}
	return r, head, nil
}

func (in *input) stream(gz bool) (io.Reader, error) {
	if _, err := in.file.Seek(0, io.SeekStart); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the input cannot be read twice")
	}
	in.read.Store(0)
	counted := &counter{r: in.file, n: &in.read}
	if !gz {
		return counted, nil
	}
	z, err := gzip.NewReader(counted)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the gzip file is damaged").Do("download it again")
	}
	in.closers = append(in.closers, z.Close)
	return &capped{r: z, left: maxInput}, nil
}

func (in *input) close() error {
	for _, c := range in.closers {
		c()
	}
	return in.file.Close()
}

// counter counts what was read of the file, for progress.
type counter struct {
	r io.Reader
	n *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// capped stops a stream that unfolds without end.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, tooLarge()
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}

// meter stops a record that does not end; mark is called after each record.
type meter struct {
	r    io.Reader
	seen int64
}

func (m *meter) Read(p []byte) (int, error) {
	if m.seen > maxRecord {
		return 0, fault.New(fault.Limit, "a record is longer than %d MiB", maxRecord>>20).
			Do("look for a quotation mark that is never closed, or save the table again")
	}
	n, err := m.r.Read(p)
	m.seen += int64(n)
	return n, err
}

func (m *meter) mark() { m.seen = 0 }

// streamFault keeps faults as they are and names what else can break a stream.
func streamFault(err error) error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Wrap(err, fault.Invalid, "the input ends early or is damaged").Do("download it again")
	}
	return fault.Wrap(err, fault.Invalid, "the input cannot be read")
}

// clean makes a cell valid UTF-8 without control characters: bytes that are not
// UTF-8 are read as Windows-1252, of which Latin-1 is a part; foreign tells of them.
func clean(cell string) (fixed string, foreign bool) {
	if printable(cell) {
		return cell, false
	}
	foreign = !utf8.ValidString(cell)
	if !foreign && strings.IndexFunc(cell, invisible) < 0 {
		return cell, false
	}
	var b strings.Builder
	for i := 0; i < len(cell); {
		r, n := utf8.DecodeRuneInString(cell[i:])
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(cell[i])
		}
		if !invisible(r) {
			b.WriteRune(r)
		}
		i += n
	}
	return b.String(), foreign
}

// printable reports ASCII text without control characters, which most cells are.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return true
}

// invisible are the control characters that no table means and databases refuse, and the byte order mark.
func invisible(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == 0xfeff
}

func tooWide(n int) error {
	return fault.New(fault.Limit, "a row has %d columns, more than the %d that are read", n, maxColumns).
		Do("check the delimiter, or remove what is not part of the table")
}
