package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"testing"

	"ward/tlog"
)

// FuzzVerify judges archives of any bytes (which 0), and archives in good order of which one entry holds any bytes. Nothing may panic;
// an archive that is not damaged has exactly one form; and what a stranger changed or signed is never good. Nothing here is
// random, so that the fuzzer's processes speak of the same bundle.
func FuzzVerify(f *testing.F) {
	archive, err := os.ReadFile("testdata/v1.zip")
	if err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile("testdata/v1.policy")
	if err != nil {
		f.Fatal(err)
	}
	contents, policy := open(archive), must(tlog.ParsePolicy(string(text)))
	stranger := fixedLog(must(readManifest(contents[manifestName])).Origin)
	f.Add(byte(0), archive)
	for i, name := range names(contents) {
		f.Add(byte(i+1), contents[name])
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		if which == 0 {
			fuzzArchive(t, data, policy)
			return
		}
		changed := open(archive)
		name := names(changed)[int(which-1)%len(changed)]
		same := bytes.Equal(changed[name], data)
		changed[name] = data
		if res := judged(shut(changed), policy); (res.Code == WasErased) != same || res.Code == Holds || res.Code == Damaged && len(data) < maxSmall {
			t.Errorf("%s changed: %+v", name, res)
		}
		stranger.relist(changed)
		checkResult(t, judged(shut(changed), nil))
		if res := judged(shut(changed), policy); res.Code == Holds || res.Code == WasErased {
			t.Errorf("%s changed and signed by a stranger: %+v", name, res)
		}
	})
}

// fixedLog is a log whose key everybody knows.
func fixedLog(origin string) *world {
	seed := sha256.Sum256([]byte("a key that everybody knows"))
	public := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	id := sha256.Sum256(append([]byte(origin+"\n\x01"), public...))
	return &world{origin: origin, signer: fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", origin, id[:4], base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))}
}

func fuzzArchive(t *testing.T, data []byte, policy *tlog.Policy) {
	res := judged(data, policy)
	checkResult(t, res)
	whole := res.Code != Damaged && !slices.ContainsFunc(res.Failures, func(f Failure) bool { return f.Code == Differs })
	if whole && !bytes.Equal(shut(open(data)), data) {
		t.Error("an archive in good order has a second form")
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
