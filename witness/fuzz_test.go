package witness

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"ward/store/storetest"
	"ward/tlog"
)

// Whatever is posted, the witness answers with one of its statuses, and signs only what the log signed and what continues the tree
// it holds.
func FuzzAddCheckpoint(f *testing.F) {
	l := newTree(f, "log.example/xaa")
	o := newObserver(f, storetest.At(f, f.TempDir()), l)
	l.grow(16, "a")
	fork := l.fork()
	if r := o.post(l.request(0).Marshal()); r.status != http.StatusOK {
		f.Fatal(r)
	}
	f.Add(l.request(16).Marshal())
	fork.grow(9, "fork")
	l.grow(9, "b")
	for _, r := range []tlog.WitnessRequest{l.request(16), l.request(0), fork.request(16), {Old: 99, Checkpoint: l.sign()}} {
		f.Add(r.Marshal())
	}
	f.Add([]byte("old 0\n\nlog.example/xaa\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log.example/xaa AAAAAAA=\n"))
	f.Add([]byte{})
	statuses := map[int]bool{200: true, 400: true, 403: true, 404: true, 409: true, 413: true, 422: true, 429: true}
	handler := o.service().Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		o.t = t
		held := o.held(l)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("POST", "/add-checkpoint", bytes.NewReader(body)))
		if !statuses[w.Code] {
			t.Fatalf("status %d", w.Code)
		}
		now := o.held(l)
		if w.Code != http.StatusOK {
			if now.Size != held.Size || now.Root != held.Root || bytes.Contains(w.Body.Bytes(), []byte("— ")) {
				t.Fatalf("refused with %d, yet it moved from %+v to %+v: %q", w.Code, held, now, w.Body)
			}
			return
		}
		signed, err := tlog.OpenCheckpoint(now.Checkpoint, l.verifier)
		if err != nil || signed.Size < held.Size || signed.Size == held.Size && tlog.Hex(signed.Root) != held.Root {
			t.Fatalf("cosigned %+v (%v) over %+v", signed, err, held)
		}
	})
}
