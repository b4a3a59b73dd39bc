package bundle

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzVerify judges archives of any bytes, and archives in good order of which one entry holds any bytes. Nothing may panic; an
// archive that is not damaged has exactly one form; and what another key has listed is never good under the policy.
func FuzzVerify(f *testing.F) {
	w, stranger := newWorld(sheet()).withErased(), newWorld(sheet())
	archive := w.bundle(2)
	contents := open(archive)
	f.Add(byte(0), archive)
	for i, name := range names(contents) {
		f.Add(byte(i+1), contents[name])
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		if which == 0 {
			fuzzArchive(t, w, data)
			return
		}
		changed := open(archive)
		name := names(changed)[int(which-1)%len(changed)]
		same := bytes.Equal(changed[name], data)
		changed[name] = slices.Clone(data)
		if res := judged(shut(changed), w.policy); (res.Code == WasErased) != same || res.Code == Holds || res.Code == Damaged && len(data) < maxSmall {
			t.Errorf("%s changed: %+v", name, res)
		}
		w.relist(changed)
		checkResult(t, judged(shut(changed), w.policy))
		stranger.relist(changed)
		if res := judged(shut(changed), w.policy); res.Code == Holds || res.Code == WasErased {
			t.Errorf("%s changed and listed by a stranger: %+v", name, res)
		}
	})
}

func fuzzArchive(t *testing.T, w *world, data []byte) {
	res := judged(data, w.policy)
	checkResult(t, res)
	if res.Code != Damaged && !slices.ContainsFunc(res.Failures, func(f Failure) bool { return f.Code == Differs }) {
		if !bytes.Equal(shut(open(data)), data) {
			t.Error("an archive in good order has a second form")
		}
	}
}

// checkResult holds a result to what it promises.
func checkResult(t *testing.T, res Result) {
	good := res.Code == Holds || res.Code == WasErased
	if good != (len(res.Failures) == 0) || !good && res.Code != res.Failures[0].Code || !slices.Contains(append(order(), Holds), res.Code) {
		t.Errorf("code %d with %v", res.Code, res.Failures)
	}
	if len(res.Records) > 0 && !good && res.Code != NoQuorum && res.Code != UnknownKey {
		t.Errorf("code %d shows records", res.Code)
	}
}
