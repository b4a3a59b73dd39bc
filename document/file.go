package document

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"strings"
	"unicode/utf16"
)

// perStream is how many small objects are compressed together.
const perStream = 200

// file writes a PDF 1.7 file: large objects as they come, small ones together in compressed object streams (ISO 32000-1, 7.5.7).
type file struct {
	w       *bufio.Writer
	sum     hash.Hash
	size    int64
	err     error
	places  []place // of object i+1
	pending []small
}

// place is where an object stands: at a byte of the file, or as a member of an object stream.
type place struct {
	at     int64
	stream int // 0 = the object stands by itself
	member int
}

type small struct {
	id   int
	body string
}

func newFile(w io.Writer) *file {
	f := &file{w: bufio.NewWriter(w), sum: sha256.New()}
	f.text("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return f
}

func (f *file) text(s string) {
	if f.err != nil {
		return
	}
	f.sum.Write([]byte(s))
	n, err := f.w.WriteString(s)
	f.size, f.err = f.size+int64(n), err
}

// reserve hands out the number of an object that is written later.
func (f *file) reserve() int {
	f.places = append(f.places, place{})
	return len(f.places)
}

// put queues a small object.
func (f *file) put(id int, body string) {
	f.pending = append(f.pending, small{id, body})
	if len(f.pending) == perStream {
		f.flush()
	}
}

// add queues a small object under a new number.
func (f *file) add(body string) int {
	id := f.reserve()
	f.put(id, body)
	return id
}

// stream writes compressed data with its dictionary's further entries.
func (f *file) stream(id int, dict string, data []byte) {
	f.packed(id, dict+"/Filter/FlateDecode", deflate(data))
}

// packed writes data that is compressed already; its filter stands in the dictionary.
func (f *file) packed(id int, dict string, data []byte) {
	f.places[id-1] = place{at: f.size}
	f.text(fmt.Sprintf("%d 0 obj\n<<%s/Length %d>>stream\n", id, dict, len(data)))
	f.text(string(data))
	f.text("\nendstream\nendobj\n")
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(data) //nolint:errcheck // a buffer takes everything
	z.Close()
	return b.Bytes()
}

// flush writes the queued objects as one object stream.
func (f *file) flush() {
	if len(f.pending) == 0 {
		return
	}
	id := f.reserve()
	var head, body strings.Builder
	for i, o := range f.pending {
		fmt.Fprintf(&head, "%d %d ", o.id, body.Len())
		body.WriteString(o.body + "\n")
		f.places[o.id-1] = place{stream: id, member: i}
	}
	dict := fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(f.pending), head.Len())
	f.pending = nil
	f.stream(id, dict, []byte(head.String()+body.String()))
}

// finish writes the cross-reference stream (7.5.8). The file's identifier is a digest of its bytes, so that equal documents are equal files.
func (f *file) finish(root, info int) error {
	f.flush()
	id := f.reserve()
	at := f.size
	f.places[id-1] = place{at: at}
	rows := binary.BigEndian.AppendUint16(make([]byte, 5), 0xffff) // object 0 heads the list of free ones
	for _, p := range f.places {
		if p.stream > 0 {
			rows = binary.BigEndian.AppendUint32(append(rows, 2), uint32(p.stream))
			rows = binary.BigEndian.AppendUint16(rows, uint16(p.member))
			continue
		}
		rows = binary.BigEndian.AppendUint32(append(rows, 1), uint32(p.at))
		rows = append(rows, 0, 0)
	}
	digest := f.sum.Sum(nil)[:16]
	f.stream(id, fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]", len(f.places)+1, root, info, digest, digest), rows)
	f.text(fmt.Sprintf("startxref\n%d\n%%%%EOF\n", at))
	if f.err == nil {
		f.err = f.w.Flush()
	}
	return f.err
}

// textString is a PDF string in UTF-16.
func textString(s string) string {
	return fmt.Sprintf("<FEFF%s>", hex16(s))
}

func hex16(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// plainString is a PDF string of bytes.
func plainString(s string) string {
	return fmt.Sprintf("<%X>", s)
}
