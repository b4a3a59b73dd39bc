package desk_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"ward/paper"
	"ward/referral"
)

// inWords prints a submission as plain text, so that a test can read it back. That the PDF holds these words and no others is shown where it is
// printed (package paper).
func inWords(w io.Writer, p referral.Package) error { return paper.WriteText(w, paper.Submission(p)) }

// archived is every byte of a package's archive, unpacked.
func archived(t *testing.T, raw []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(f.Name + "\n" + string(b) + "\n")
	}
	return out.String()
}
