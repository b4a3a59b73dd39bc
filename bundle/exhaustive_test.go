package bundle

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"ward/tlog"
)

// spliced is an archive with some bytes in place of others, without a copy.
type spliced [3][]byte

func (s spliced) size() (n int64) {
	for _, part := range s {
		n += int64(len(part))
	}
	return n
}

func (s spliced) ReadAt(b []byte, at int64) (n int, err error) {
	for _, part := range s {
		if at < int64(len(part)) {
			k := copy(b[n:], part[at:])
			n, at = n+k, int64(len(part))
		}
		at -= int64(len(part))
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// large is a bundle of about 200 KB with an original of 150 KB, several records and a tombstone.
func large(t *testing.T) ([]byte, *tlog.Policy) {
	t.Helper()
	random := rand.NewChaCha8([32]byte{1})
	original := make([]byte, 150<<10)
	if _, err := random.Read(original); err != nil {
		t.Fatal(err)
	}
	w := newWorld(original)
	var reports [][]tlog.Field
	for i := range 12 {
		reports = append(reports, reportFields(fmt.Sprint("01K0MORE", i), strings.Repeat("Invented words of an invented witness. ", 50)))
	}
	w.content.Records = append(w.content.Records, w.logBatch("01K0OTHERRUN", reports, "id", "text")...)
	archive := w.withErased().bundle(2)
	if n := len(archive); n < 190<<10 || n > 220<<10 {
		t.Fatalf("the bundle has %d bytes", n)
	}
	wantCode(t, "unchanged", judged(archive, w.policy), WasErased)
	return archive, w.policy
}

// content tells of each byte whether it lies in an entry's content; the others are structure.
func content(archive []byte) []bool {
	inside, offset := make([]bool, len(archive)), 0
	for _, e := range must(unpack(bytes.NewReader(archive), int64(len(archive)))) {
		offset += localSize + len(e.name)
		for range e.size() {
			inside[offset] = true
			offset++
		}
	}
	return inside
}

// Every single byte of a bundle counts: flipped in one bit, flipped in all, exchanged with the next, removed or doubled, the
// bundle is refused with the code that its place asks for.
func TestEveryByteCounts(t *testing.T) {
	archive, policy := large(t)
	inside := content(archive)
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // a million short judgements
	const chunks = 8
	t.Run("bytes", func(t *testing.T) {
		for chunk := range chunks {
			t.Run(fmt.Sprint("part ", chunk+1), func(t *testing.T) {
				t.Parallel()
				e := eachByte{t, slices.Clone(archive), inside, policy}
				for at := chunk; at < len(archive) && !t.Failed(); at += chunks {
					e.flips(at)
					e.lengths(at)
				}
			})
		}
	})
}

type eachByte struct {
	*testing.T
	archive []byte
	inside  []bool
	policy  *tlog.Policy
}

func (e eachByte) want(at int, what string, r io.ReaderAt, size int64, code int) {
	res := Verify(r, size, e.policy)
	if res.Code != code || len(res.Failures) == 0 {
		e.Errorf("byte %d %s: code %d, want %d: %v", at, what, res.Code, code, res.Failures)
	}
}

// flips changes bytes and no lengths.
func (e eachByte) flips(at int) {
	code := func(inside bool) int {
		if inside {
			return Differs
		}
		return Damaged
	}
	size, was := int64(len(e.archive)), e.archive[at]
	e.archive[at] = was ^ 1<<(at%8)
	e.want(at, "with one bit flipped", bytes.NewReader(e.archive), size, code(e.inside[at]))
	e.archive[at] = ^was
	e.want(at, "with all bits flipped", bytes.NewReader(e.archive), size, code(e.inside[at]))
	e.archive[at] = was
	if at+1 == len(e.archive) || e.archive[at+1] == was {
		return
	}
	e.archive[at], e.archive[at+1] = e.archive[at+1], was
	e.want(at, "exchanged with the next", bytes.NewReader(e.archive), size, code(e.inside[at] && e.inside[at+1]))
	e.archive[at+1], e.archive[at] = e.archive[at], was
}

// lengths removes and doubles.
func (e eachByte) lengths(at int) {
	removed := spliced{e.archive[:at], nil, e.archive[at+1:]}
	e.want(at, "removed", removed, removed.size(), Damaged)
	doubled := spliced{e.archive[:at+1], e.archive[at : at+1], e.archive[at+1:]}
	e.want(at, "doubled", doubled, doubled.size(), Damaged)
}

func TestABundleCutOffAnywhereIsDamaged(t *testing.T) {
	archive, policy := large(t)
	inside := content(archive)
	for at := range archive {
		border := at == 0 || inside[at] != inside[at-1] || at%997 == 0 || at > len(archive)-2000
		if border {
			wantCode(t, fmt.Sprint("cut at ", at), Verify(bytes.NewReader(archive[:at]), int64(at), policy), Damaged)
		}
	}
}
