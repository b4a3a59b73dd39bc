package bundle

import (
	"crypto/sha256"
	"hash/crc32"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"ward/tlog"
)

// digest is what reading an entry once tells.
type digest struct {
	whole bool      // the checksum holds
	sum   tlog.Hash // SHA-256; not computed once any entry is known to be damaged
}

// digests reads all entries, each once, on all processors.
func digests(entries []entry) []digest {
	out := make([]digest, len(entries))
	var next atomic.Int64
	var damaged atomic.Bool
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(entries)) {
		wait.Go(func() {
			buffer := make([]byte, 256<<10)
			for i := next.Add(1) - 1; i < int64(len(entries)); i = next.Add(1) - 1 {
				out[i] = entries[i].digest(buffer, &damaged)
			}
		})
	}
	wait.Wait()
	return out
}

// digest reads one entry. The checksum is cheap and comes first: once it has failed anywhere the archive is refused, and the
// dear hash is no longer needed.
func (e entry) digest(buffer []byte, damaged *atomic.Bool) digest {
	sum, crc := sha256.New(), uint32(0)
	body := io.NewSectionReader(e.body, 0, e.size())
	for left := e.size(); ; {
		n, err := io.ReadFull(body, buffer[:min(left, int64(len(buffer)))])
		crc = crc32.Update(crc, crc32.IEEETable, buffer[:n])
		left -= int64(n)
		if err != nil || left == 0 && crc != e.crc {
			damaged.Store(true)
			return digest{}
		}
		if !damaged.Load() {
			sum.Write(buffer[:n])
		}
		if left == 0 {
			return digest{true, tlog.Hash(sum.Sum(nil))}
		}
	}
}
