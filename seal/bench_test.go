package seal

import (
	"fmt"
	"io"
	"testing"

	"filippo.io/age"
)

// BenchmarkSeal compares a sealed column with an age file to one recipient, the stock way, at the same sizes.
func BenchmarkSeal(b *testing.B) {
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{4 << 10, 1 << 20} {
		plain := make([]byte, size)
		b.Run(fmt.Sprintf("%dKiB/key", size>>10), func(b *testing.B) {
			k := NewKey()
			b.SetBytes(int64(size))
			for b.Loop() {
				k.Seal("report 01 text", plain)
			}
		})
		b.Run(fmt.Sprintf("%dKiB/age", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				w, err := age.Encrypt(io.Discard, id.Recipient())
				if err != nil {
					b.Fatal(err)
				}
				w.Write(plain)
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrap(b *testing.B) {
	_, d := newTestKeyring(b)
	k := NewKey()
	for b.Loop() {
		d.Wrap("report 01J00000000000000000000000", k)
	}
}
