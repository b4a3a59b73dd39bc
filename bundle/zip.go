package bundle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// The archive is the smallest subset of zip: entries stored, in byte order of their names, one fixed time, and no field
// that could say anything else. Reading rebuilds every header from name, checksum and size and compares it with what
// is there, so an archive that reads has exactly one form.

// entry is one file of the archive.
type entry struct {
	name string
	crc  uint32 // what the archive claims
	body *io.SectionReader
}

const (
	localSize   = 30
	centralSize = 46
	endSize     = 22
	zipVersion  = 10     // 1.0: nothing but stored files
	zipDate     = 0x0021 // 1 January 1980, the first day zip can say
)

func newEntry(name string, data []byte) entry {
	return entry{name, crc32.ChecksumIEEE(data), io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))}
}

func (e entry) size() int64 { return e.body.Size() }

// bytes reads the whole entry; its size is bounded by limit.
func (e entry) bytes() ([]byte, error) {
	data := make([]byte, e.size())
	_, err := io.ReadFull(io.NewSectionReader(e.body, 0, e.size()), data)
	return data, err
}

// common is what the two headers of an entry share: version, flags, method, time, date, checksum, two sizes, lengths of name
// and extra field.
func (e entry) common(b []byte) []byte {
	le := binary.LittleEndian
	for _, v := range []uint16{zipVersion, 0, 0, 0, zipDate} {
		b = le.AppendUint16(b, v)
	}
	for _, v := range []uint32{e.crc, uint32(e.size()), uint32(e.size())} {
		b = le.AppendUint32(b, v)
	}
	b = le.AppendUint16(b, uint16(len(e.name)))
	return le.AppendUint16(b, 0)
}

func (e entry) local() []byte {
	b := e.common([]byte("PK\x03\x04"))
	return append(b, e.name...)
}

func (e entry) central(offset int64) []byte {
	b := e.common([]byte("PK\x01\x02\x0a\x00"))
	b = append(b, make([]byte, 10)...) // comment length, disk, attributes
	b = binary.LittleEndian.AppendUint32(b, uint32(offset))
	return append(b, e.name...)
}

func endRecord(entries int, size, offset int64) []byte {
	le := binary.LittleEndian
	b := append([]byte("PK\x05\x06"), 0, 0, 0, 0)
	b = le.AppendUint16(b, uint16(entries))
	b = le.AppendUint16(b, uint16(entries))
	b = le.AppendUint32(b, uint32(size))
	b = le.AppendUint32(b, uint32(offset))
	return le.AppendUint16(b, 0)
}

// pack writes the archive of these entries, which are in byte order of their names.
func pack(w io.Writer, entries []entry) error {
	var offset int64
	var directory []byte
	for _, e := range entries {
		if _, err := w.Write(e.local()); err != nil {
			return err
		}
		if _, err := io.Copy(w, io.NewSectionReader(e.body, 0, e.size())); err != nil {
			return err
		}
		directory = append(directory, e.central(offset)...)
		offset += localSize + int64(len(e.name)) + e.size()
	}
	_, err := w.Write(append(directory, endRecord(len(entries), int64(len(directory)), offset)...))
	return err
}

// The ways in which an archive is not one that pack writes.
var (
	errCutOff  = errors.New("it is cut off, or it is no bundle at all")
	errTooBig  = errors.New("it is larger than a bundle may be")
	errHeaders = errors.New("its table of contents does not fit what lies in it")
)

// unpack reads the structure of an archive, not its contents.
func unpack(r io.ReaderAt, size int64) ([]entry, error) {
	if size > maxArchive {
		return nil, errTooBig
	}
	directory, start, err := readDirectory(r, size)
	if err != nil {
		return nil, err
	}
	var entries []entry
	var offset int64
	for rest := directory; len(rest) > 0; {
		e, n, err := readEntry(r, rest, offset)
		if err != nil {
			return nil, err
		}
		entries, rest = append(entries, e), rest[n:]
		offset += localSize + int64(len(e.name)) + e.size()
	}
	if offset != start || !bytes.Equal(endRecord(len(entries), int64(len(directory)), start), tail(r, size)) {
		return nil, errHeaders
	}
	return entries, checkNames(entries)
}

func tail(r io.ReaderAt, size int64) []byte {
	b := make([]byte, endSize)
	if size < endSize {
		return nil
	}
	if _, err := r.ReadAt(b, size-endSize); err != nil && err != io.EOF {
		return nil
	}
	return b
}

// readDirectory finds the table of contents, which must end where the end record begins.
func readDirectory(r io.ReaderAt, size int64) (directory []byte, start int64, err error) {
	end := tail(r, size)
	if end == nil || !bytes.HasPrefix(end, []byte("PK\x05\x06")) {
		return nil, 0, errCutOff
	}
	length, start := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if start+length+endSize != size {
		return nil, 0, errCutOff
	}
	if length > MaxEntries*(centralSize+maxName) {
		return nil, 0, errTooBig
	}
	directory = make([]byte, length)
	if _, err := r.ReadAt(directory, start); err != nil && err != io.EOF {
		return nil, 0, errCutOff
	}
	return directory, start, nil
}

// readEntry reads the entry that the directory lists next and that must begin at offset. n is the length of its line in the
// directory.
func readEntry(r io.ReaderAt, directory []byte, offset int64) (e entry, n int, err error) {
	if len(directory) < centralSize {
		return e, 0, errHeaders
	}
	le := binary.LittleEndian
	n = centralSize + int(le.Uint16(directory[28:]))
	if len(directory) < n {
		return e, 0, errHeaders
	}
	name, size := string(directory[centralSize:n]), int64(le.Uint32(directory[20:]))
	begin := offset + localSize + int64(len(name))
	e = entry{name, le.Uint32(directory[16:]), io.NewSectionReader(r, begin, size)}
	local := make([]byte, begin-offset)
	if _, err := r.ReadAt(local, offset); err != nil && err != io.EOF {
		return e, 0, errCutOff
	}
	if !bytes.Equal(directory[:n], e.central(offset)) || !bytes.Equal(local, e.local()) {
		return e, 0, errHeaders
	}
	return e, n, nil
}

// checkNames holds the entries to order, number, safe names and sizes. Two names that differ only by case would overwrite each
// other on some systems.
func checkNames(entries []entry) error {
	if len(entries) > MaxEntries {
		return errTooBig
	}
	folded := map[string]bool{}
	for i, e := range entries {
		fold := strings.ToLower(e.name)
		switch {
		case !safe(e.name):
			return fmt.Errorf("it has an entry named %.80q, which a bundle cannot have", e.name)
		case folded[fold], i > 0 && entries[i-1].name >= e.name:
			return errors.New("its entries are not in order, or two have one name")
		case e.size() > limit(e.name):
			return fmt.Errorf("its entry %s is larger than it may be", e.name)
		}
		folded[fold] = true
	}
	return nil
}
