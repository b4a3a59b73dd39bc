package bundle

import (
	"bytes"
	"encoding/json"
	"strings"

	"ward/tlog"
)

// The types of this file are the JSON of the format; docs/bundle.md lists their members.

const formatName = "ward-bundle/v1"

type manifest struct {
	Format   string   `json:"format"`
	Origin   string   `json:"origin"`
	Incident string   `json:"incident"`
	Language string   `json:"language"`
	Entries  []listed `json:"entries"` // all but the manifest and its signature, in the archive's order
}

type listed struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

type record struct {
	Kind    string        `json:"kind"`
	ID      string        `json:"id"`
	Shown   []tlog.Shown  `json:"shown,omitempty"`
	Batch   *batch        `json:"batch,omitempty"`
	Opening *tlog.Opening `json:"opening,omitempty"`
	Proof   string        `json:"proof"`
	File    string        `json:"file,omitempty"`
	Erased  *erased       `json:"erased,omitempty"`
}

type batch struct {
	Index int      `json:"index"`
	Size  int      `json:"size"`
	Path  []string `json:"path"`
}

type erased struct {
	Key       string `json:"key"`
	Tombstone string `json:"tombstone"`
}

func readManifest(data []byte) (manifest, error) {
	m, err := readCanonical[manifest](newCanon(), data)
	if err != nil {
		return m, err
	}
	if m.Format != formatName || !isOrigin(m.Origin) || !isID(m.Incident) || !isLanguage(m.Language) {
		return m, errNotCanonical
	}
	for i, l := range m.Entries {
		if !safe(l.Name) || !isHash(l.SHA256) || i > 0 && m.Entries[i-1].Name >= l.Name {
			return m, errNotCanonical
		}
	}
	return m, nil
}

// signedText is what the log's key signs of a manifest.
func signedText(origin string, manifest tlog.Hash) string {
	return formatName + "\n" + origin + "\n" + tlog.Hex(manifest) + "\n"
}

// readRecords decodes one record at a time, so that a hostile list costs no more memory than an honest one.
func readRecords(data []byte) ([]record, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return nil, errNotCanonical
	}
	var list []record
	c := newCanon()
	length := len("[]")
	for dec.More() {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil || len(raw) > maxRecord || len(list) == MaxRecords {
			return nil, errNotCanonical
		}
		r, err := readCanonical[record](c, raw)
		if err != nil || !r.wellFormed() {
			return nil, errNotCanonical
		}
		if len(list) > 0 {
			length += len(",")
		}
		list, length = append(list, r), length+len(raw)
	}
	if _, err := dec.Token(); err != nil || length != len(data) { // nothing between and nothing after
		return nil, errNotCanonical
	}
	return list, nil
}

func (r record) wellFormed() bool {
	switch {
	case !isWord(r.Kind), !isID(r.ID), !made(r.Proof, proofName):
		return false
	case r.Erased != nil:
		alone := r.Shown == nil && r.Batch == nil && r.Opening == nil && r.File == ""
		return alone && isHash(r.Erased.Key) && made(r.Erased.Tombstone, tombstoneName)
	case r.Opening == nil, len(r.Shown) == 0, r.Batch != nil && !r.Batch.wellFormed(), r.File != "" && !isFile(r.File):
		return false
	}
	return eachShown(r.Shown) && openingFormed(*r.Opening)
}

// openingFormed keeps what is printed of an event, its act and time, to characters that cannot deceive.
func openingFormed(o tlog.Opening) bool {
	for _, f := range o.Shown {
		if f.Name == "at" && !isID(f.Value) {
			return false
		}
	}
	return eachShown(o.Shown) && isHash(o.Key) && isWord(o.Act)
}

func (b batch) wellFormed() bool {
	for _, h := range b.Path {
		if !isHash(h) {
			return false
		}
	}
	return b.Index < b.Size
}

func isFile(name string) bool { return strings.HasPrefix(name, fileName("")) && safe(name) }

// eachShown reports that every field is either shown, with name and salt, or hidden, with its hash alone.
func eachShown(list []tlog.Shown) bool {
	for _, f := range list {
		shown := f.Name != "" && isHash(f.Salt) && f.Hash == ""
		hidden := f == (tlog.Shown{Hash: f.Hash}) && isHash(f.Hash)
		if !shown && !hidden {
			return false
		}
	}
	return true
}
