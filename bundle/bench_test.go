package bundle

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"ward/tlog"
)

// BenchmarkVerify judges a bundle of 1,000 files of 64 KiB, beside what reading its bytes once with SHA-256 costs: in Go from the
// same file, and by the system's sha256sum.
func BenchmarkVerify(b *testing.B) {
	path, w := thousandFiles(b)
	b.Run("bundle", func(b *testing.B) {
		onFile(b, path, func(f *os.File, size int64) error {
			if res := Verify(f, size, w.policy); res.Code != Holds {
				return fmt.Errorf("code %d: %v", res.Code, res.Failures)
			}
			return nil
		})
	})
	b.Run("crypto-sha256", func(b *testing.B) {
		onFile(b, path, func(f *os.File, size int64) error {
			_, err := io.CopyBuffer(sha256.New(), io.NewSectionReader(f, 0, size), make([]byte, chunk))
			return err
		})
	})
	b.Run("sha256sum", func(b *testing.B) {
		if _, err := exec.LookPath("sha256sum"); err != nil {
			b.Skip("sha256sum is missing")
		}
		onFile(b, path, func(f *os.File, _ int64) error { return exec.Command("sha256sum", f.Name()).Run() })
	})
}

func onFile(b *testing.B, path string, do func(f *os.File, size int64) error) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		if err := do(f, info.Size()); err != nil {
			b.Fatal(err)
		}
	}
}

func thousandFiles(b *testing.B) (path string, w *world) {
	w = newWorld(sheet())
	random := rand.NewChaCha8([32]byte{2})
	var fields [][]tlog.Field
	for i := range 1000 {
		data := make([]byte, 64<<10)
		if _, err := random.Read(data); err != nil {
			b.Fatal(err)
		}
		w.content.Files = append(w.content.Files, File{fmt.Sprint(i, ".bin"), data})
		fields = append(fields, []tlog.Field{{Name: "id", Value: fmt.Sprint("01K0FILE", i)}, {Name: FileField, Value: fmt.Sprintf("%x", sha256.Sum256(data))}})
	}
	records := w.logBatch("01K0FILES", fields, "id", FileField)
	for i := range records {
		records[i].File = fmt.Sprint(i, ".bin")
	}
	w.content.Records = append(w.content.Records, records...)
	path = filepath.Join(b.TempDir(), "bundle.zip")
	out, err := os.Create(path)
	if err == nil {
		err = Write(out, w.prove(2), w.sign)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return path, w
}
