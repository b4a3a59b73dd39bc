package bundle

import (
	"crypto/sha256"
	"hash"
	"hash/crc32"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"ward/tlog"
)

const (
	chunk    = 32 << 10 // bytes read at once
	parallel = 1 << 20  // bytes that are worth a further processor
)

// damaged lists the entries, in order, that do not fit their checksums. That costs little beside sums, and spares it for an archive
// that is refused anyway.
func damaged(entries []entry) []entry {
	whole := make([]bool, len(entries))
	each(entries, func(i int, buffer []byte) {
		crc := crc32.NewIEEE()
		whole[i] = entries[i].feed(crc, buffer) && crc.Sum32() == entries[i].crc
	})
	var out []entry
	for i, e := range entries {
		if !whole[i] {
			out = append(out, e)
		}
	}
	return out
}

// sums is the SHA-256 of each entry; of one that cannot be read it is zero, which nothing has.
func sums(entries []entry) []tlog.Hash {
	out := make([]tlog.Hash, len(entries))
	each(entries, func(i int, buffer []byte) {
		if sum := sha256.New(); entries[i].feed(sum, buffer) {
			sum.Sum(out[i][:0])
		}
	})
	return out
}

// feed gives an entry's content to h, and reports whether all of it could be read.
func (e entry) feed(h hash.Hash, buffer []byte) bool {
	for at := int64(0); at < e.size(); {
		part := buffer[:min(e.size()-at, int64(len(buffer)))]
		n, err := e.body.ReadAt(part, at)
		if n < len(part) {
			return false
		}
		if err != nil && err != io.EOF {
			return false
		}
		h.Write(part)
		at += int64(n)
	}
	return true
}

// each does something for every entry, on more than one processor where there is much to read.
func each(entries []entry, do func(i int, buffer []byte)) {
	var next atomic.Int64
	work := func() {
		buffer := make([]byte, chunk)
		for i := next.Add(1) - 1; i < int64(len(entries)); i = next.Add(1) - 1 {
			do(int(i), buffer)
		}
	}
	total := int64(0)
	for _, e := range entries {
		total += e.size()
	}
	var wait sync.WaitGroup
	for range min(int64(runtime.GOMAXPROCS(0))-1, total/parallel) {
		wait.Go(work)
	}
	work()
	wait.Wait()
}
