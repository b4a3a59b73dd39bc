package exchange

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

func drain(b *testing.B, path string) int {
	r, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	n := 0
	for {
		if _, err := r.Next(); err == io.EOF {
			return n
		} else if err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkReadSiND reads the largest real workbook, beside excelize's bare
// streaming read of the same file.
func BenchmarkReadSiND(b *testing.B) {
	path := real(b, "sind_global_2016-2023.xlsx")
	b.Run("ward", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			drain(b, path)
		}
	})
	b.Run("excelize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			bare(b, path)
		}
	})
}

func bare(b *testing.B, path string) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadCSV reads invented rows in the SiND layout; one operation is a
// file of 100,000 rows.
func BenchmarkReadCSV(b *testing.B) {
	const rows = 100_000
	path := filepath.Join(b.TempDir(), "many.csv")
	invent(b, path, rows)
	st, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(st.Size())
	b.ReportAllocs()
	for b.Loop() {
		if n := drain(b, path); n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func invent(b *testing.B, path string, rows int) {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	l := sindLayout()
	for i := range l.Columns {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString(l.Columns[i].Labels[0])
	}
	for i := range rows {
		state := fmt.Sprintf("X%c%c", 'A'+i%10, 'A'+i/10%26)
		fmt.Fprintf(w, "\n20%02d-%02d-%02d,\"Invented event %d, of no place.\",%s,%s,Province %d,%d.%04d,%d.%04d,(2) 25 km Precision ,Police,No Information,Firearms,Road",
			10+i%16, 1+i%12, 1+i%28, i, state, state, i%300, i%80, i%9999, i%170, i%9973)
		for c := range 18 {
			if c == 14 {
				w.WriteString(",Freed")
				continue
			}
			fmt.Fprintf(w, ",%d", (i+c)%7/5)
		}
		fmt.Fprintf(w, ",ConflictEvent,NotApplicable,NotApplicable,NotApplicable,NotApplicable,%d", i)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
