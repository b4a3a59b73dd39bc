package bundle

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestAGoodBundleHolds(t *testing.T) {
	w := newWorld([]byte("Date;Country\n2026-05-04;XAA\n"))
	archive := w.bundle(2)
	res := check1(archive, w.policy)
	wantCode(t, "with policy", res, Holds)
	if len(res.Cosigned) != 2 || len(res.Records) != 5 || res.Size != int64(len(w.leaves)) || len(res.Notes) != 0 {
		t.Errorf("%+v", res)
	}
	out, err := json.MarshalIndent(res, "", " ")
	t.Log(string(out), err, len(archive))
	for n, b := range open(archive) {
		if n != "README.txt" {
			t.Log(n, string(bytes.ToValidUTF8(b, nil)))
		}
	}
}
