package referral

import (
	"archive/zip"
	"encoding/json"
	"io"
)

// Names of what a package holds beside its files.
const (
	SubmissionName = "submission.pdf"
	ManifestName   = "manifest.json"
	filesFolder    = "files/"
)

// Manifest says of each field that it is there, and why it is needed; what it says stands in the submission alone.
type Manifest struct {
	Format    string   `json:"format"`
	Mechanism string   `json:"mechanism"`
	Version   string   `json:"version"`
	Language  string   `json:"language"`
	To        string   `json:"to,omitempty"`
	Mandates  []string `json:"mandates,omitempty"`
	Day       string   `json:"day"`
	Purpose   string   `json:"purpose"`
	Fields    []Entry  `json:"fields"`
	Files     []File   `json:"files,omitempty"`
	Consents  []int    `json:"consents,omitempty"` // numbers within this package
	Alone     bool     `json:"one_person_only,omitempty"`
}

// Entry is a field of a manifest.
type Entry struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Why      string `json:"why"`
	Class    string `json:"class,omitempty"`
	Required bool   `json:"required,omitempty"`
	Consents []int  `json:"consents,omitempty"` // those it rests on
}

// Manifest names each field of the package and why it is needed.
func (p Package) Manifest() Manifest {
	out := Manifest{Format: "ward-referral/1", Mechanism: p.Mechanism, Version: p.Version, Language: p.Lang, To: p.To, Mandates: p.Mandates, Day: p.Day,
		Purpose: p.Purpose, Files: p.Files, Alone: p.Alone}
	for n := range p.Basis {
		out.Consents = append(out.Consents, n+1)
	}
	m, _ := MechanismOf(p.Mechanism)
	for _, filled := range p.Fields {
		f, _ := m.Field(filled.Key)
		e := Entry{Key: f.Key, Label: f.Label, Why: f.Why, Class: f.Class, Required: f.Required}
		if f.Class != "" {
			e.Consents = out.Consents
		}
		out.Fields = append(out.Fields, e)
	}
	return out
}

// Write writes the package as a zip archive: the submission, the manifest, the files. Equal packages with equal submissions are equal bytes; no
// member tells a time, a comment or a system.
func (p Package) Write(w io.Writer, print func(io.Writer, Package) error, open func(File) (io.ReadCloser, error)) error {
	z := zip.NewWriter(w)
	member := func(name string, fill func(io.Writer) error) error {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		return fill(out)
	}
	err := member(SubmissionName, func(w io.Writer) error { return print(w, p) })
	if err == nil {
		err = member(ManifestName, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			return e.Encode(p.Manifest())
		})
	}
	for _, f := range p.Files {
		if err != nil {
			return err
		}
		err = member(filesFolder+f.Name, func(w io.Writer) error { return copyFile(w, f, open) })
	}
	if err != nil {
		return err
	}
	return z.Close()
}

func copyFile(w io.Writer, f File, open func(File) (io.ReadCloser, error)) error {
	r, err := open(f)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}
