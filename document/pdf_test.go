package document

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func pdf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func odtBytes(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.WriteODT(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSamplesForTheEye(t *testing.T) {
	dir := os.Getenv("DOCUMENT_SAMPLES")
	if dir == "" {
		t.Skip("set DOCUMENT_SAMPLES to a folder to get the samples of every language there")
	}
	for _, w := range samples {
		if err := os.WriteFile(filepath.Join(dir, w.lang+".pdf"), pdf(t, w.document(45)), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, w.lang+".odt"), odtBytes(t, w.document(45)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
