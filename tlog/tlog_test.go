package tlog

import (
	"fmt"
	"testing"

	reference "golang.org/x/mod/sumdb/tlog"
)

// stored is the least storage the reference implementation needs.
type stored []reference.Hash

func (s *stored) ReadHashes(indexes []int64) ([]reference.Hash, error) {
	var out []reference.Hash
	for _, i := range indexes {
		out = append(out, (*s)[i])
	}
	return out, nil
}

// The Go checksum database's implementation of RFC 6962 is the yardstick, for every size up to 200.
func TestTreeHashAgreesWithTheReference(t *testing.T) {
	var hashes stored
	var leaves [][]byte
	for n := range 200 {
		leaf := fmt.Appendf(nil, "leaf %d", n)
		leaves = append(leaves, leaf)
		more, err := reference.StoredHashes(int64(n), leaf, &hashes)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
		want, err := reference.TreeHash(int64(n+1), &hashes)
		if err != nil {
			t.Fatal(err)
		}
		if got := TreeHash(leaves); got != fmt.Sprintf("%x", want[:]) {
			t.Fatalf("%d leaves: %s, want %x", n+1, got, want[:])
		}
	}
	if TreeHash(nil) != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("empty tree")
	}
}
