package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/tlog"
)

func sheet() []byte { return []byte("Date;Country\n2026-05-04;XAA\n") }

func TestAGoodBundleHolds(t *testing.T) {
	w := newWorld(sheet())
	archive := w.bundle(2)
	res := judged(archive, w.policy)
	wantCode(t, "with policy", res, Holds)
	if len(res.Cosigned) != 2 || res.Cosigned[1].Witness != "w2" || res.Size != int64(len(w.leaves)) || len(res.Notes) != 0 || res.Key != w.verifier {
		t.Errorf("%+v", res)
	}
	if len(res.Records) != 5 {
		t.Fatalf("%d records", len(res.Records))
	}
	incident, run := res.Records[0], res.Records[1]
	if incident.ID != incidentID || incident.Hidden != 2 || len(incident.Fields) != 3 || incident.Fields[0] != (Shown{"country", "XAA"}) ||
		incident.Act != "incident.create" || incident.At == "" || incident.Who != "" {
		t.Errorf("%+v", incident)
	}
	if run.File != "sheet-2026.csv" || run.Hidden != 2 {
		t.Errorf("%+v", run)
	}
	without := judged(archive, nil)
	wantCode(t, "without policy", without, Holds)
	if len(without.Notes) != 1 || !strings.Contains(without.Notes[0], "nobody") || len(without.Cosigned) != 0 {
		t.Errorf("%+v", without)
	}
}

func TestAnErasedRecordGives20AndSaysSo(t *testing.T) {
	w := newWorld(sheet()).withErased()
	res := judged(w.bundle(2), w.policy)
	wantCode(t, "erased", res, WasErased)
	last := res.Records[len(res.Records)-1]
	if last.Erased == nil || *last.Erased != (Erasure{"2026-10-03", "consent_withdrawn"}) || len(res.Failures) != 0 || len(res.Notes) != 1 {
		t.Errorf("%+v", res)
	}
	wantCode(t, "erased and the quorum missed", judged(w.bundle(1), w.policy), NoQuorum)
}

func TestAnErasedIncidentMayBeWhatTheBundleIsAbout(t *testing.T) {
	w := newWorld(sheet()).withErased()
	w.content.Incident = erasedID
	w.content.Records[len(w.content.Records)-1].Kind = "incident"
	wantCode(t, "erased incident", judged(w.bundle(2), w.policy), WasErased)
}

// A result is read by programs: its lists are lists even when they are empty.
func TestResultsAreJSONWithoutNulls(t *testing.T) {
	for _, archive := range [][]byte{nil, newWorld(sheet()).bundle(0)} {
		out, err := json.Marshal(judged(archive, nil))
		if err != nil || bytes.Contains(out, []byte("null")) {
			t.Errorf("%s %v", out, err)
		}
	}
}

func TestWritingTwiceGivesTheSameBytes(t *testing.T) {
	w := newWorld(sheet()).withErased()
	c := w.prove(2) // Ed25519 signs deterministically too
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, c, w.sign), Write(&b, c, w.sign)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same content gave different archives")
	}
}

// Any unzip program opens a bundle, and no other zip program makes one.
func TestTheArchiveIsOrdinaryZip(t *testing.T) {
	archive := newWorld(sheet()).bundle(2)
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	out := zip.NewWriter(&again)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil || !bytes.Equal(data, open(archive)[f.Name]) || f.Mode() != 0 && f.Mode() != 0o666 {
			t.Errorf("%s: %v, mode %v", f.Name, err, f.Mode())
		}
		put, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "packed by archive/zip", judged(again.Bytes(), nil), Damaged)
}

func TestReadmeSpeaksOfThisBundle(t *testing.T) {
	w := newWorld(sheet())
	text := string(open(w.bundle(2))[readmeName])
	for _, want := range []string{w.origin, w.verifier, incidentID, "does not show that the event happened", "1 January 1980", "hidden"} {
		if !strings.Contains(text, want) {
			t.Errorf("README.txt does not say %q", want)
		}
	}
	if strings.ContainsAny(text, "{}") {
		t.Error("README.txt has a blank left open")
	}
	if n := strings.Count(text, "\n"); n > 70 {
		t.Errorf("README.txt has %d lines: more than a page", n)
	}
}

// What cannot be proved, or cannot be read by everybody, is not written.
func TestWriteRefusesWhatVerifyWould(t *testing.T) {
	big := make([]byte, MaxFile)
	for _, c := range []struct {
		name   string
		kind   fault.Kind
		change func(c *Content)
	}{
		{"a changed value", fault.Invalid, func(c *Content) { c.Records[0].Shown[0].Value = "XAB" }},
		{"a file that no record shows", fault.Invalid, func(c *Content) { c.Files = append(c.Files, File{"b.csv", nil}) }},
		{"another file", fault.Invalid, func(c *Content) { c.Files[0].Data = []byte("x") }},
		{"a missing file", fault.Invalid, func(c *Content) { c.Files = nil }},
		{"another incident", fault.Invalid, func(c *Content) { c.Incident = "WRD-XAB-2026-00000" }},
		{"no records", fault.Invalid, func(c *Content) { c.Records = nil; c.Files = nil }},
		{"another origin", fault.Invalid, func(c *Content) { c.Origin = "log.example.org/xab" }},
		{"no language", fault.Invalid, func(c *Content) { c.Language = "" }},
		{"a path in a name", fault.Invalid, func(c *Content) { c.Files[0].Name = "../sheet.csv" }},
		{"a folder in a name", fault.Invalid, func(c *Content) { c.Files[0].Name = "a/sheet.csv" }},
		{"a turned-round name", fault.Invalid, func(c *Content) { c.Files[0].Name = "sheet\u202evsc.exe" }},
		{"a value that is not UTF-8", fault.Invalid, func(c *Content) { c.Records[0].Shown[0].Value = "\xff" }},
		{"proofs of two checkpoints", fault.Invalid, func(c *Content) {
			c.Records[0].Proof.Checkpoint = bytes.Replace(c.Records[0].Proof.Checkpoint, []byte("— w1"), []byte("— x1"), 1)
		}},
		{"a file too large", fault.Limit, func(c *Content) { c.Files[0].Data = make([]byte, MaxFile+1) }},
		{"files too large together", fault.Limit, func(c *Content) {
			for i := range 5 {
				c.Files = append(c.Files, File{fmt.Sprint(i), big})
			}
		}},
		{"too many records", fault.Limit, func(c *Content) { c.Records = slices.Repeat(c.Records, MaxRecords) }},
	} {
		w := newWorld(sheet())
		content := w.prove(2)
		c.change(&content)
		var out bytes.Buffer
		err := Write(&out, content, w.sign)
		if !fault.Is(err, c.kind) || out.Len() > 0 {
			t.Errorf("%s: %v, and %d bytes were written", c.name, err, out.Len())
		}
	}
	w := newWorld(sheet())
	locked := fault.New(fault.Refused, "the desk is locked")
	if err := Write(io.Discard, w.prove(2), func(string) ([]byte, error) { return nil, locked }); !errors.Is(err, locked) {
		t.Errorf("signing failed: %v", err)
	}
}

func TestTombstonesNeedADayAndAReason(t *testing.T) {
	key := tlog.NewSecret()
	for _, bad := range [][3]string{{"", "2026-10-03", "x"}, {"a b", "2026-10-03", "x"}, {erasedID, "2026-02-30", "x"}, {erasedID, "3.10.2026", "x"}, {erasedID, "2026-10-03", "Consent"}, {erasedID, "2026-10-03", ""}} {
		if _, err := NewTombstone(key, bad[0], bad[1], bad[2]); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Without a policy a bundle proves only that it fits together, whosever it is.
func TestWithoutAPolicyNobodyVouches(t *testing.T) {
	w, other := newWorld(sheet()), newWorld(sheet())
	for n := range 3 {
		wantCode(t, "without policy", judged(other.bundle(n), nil), Holds)
		if res := judged(other.bundle(n), w.policy); res.Code != UnknownKey || len(res.Cosigned) > 0 || len(res.Records) == 0 {
			t.Errorf("another's key: %+v", res)
		}
		if res := judged(w.bundle(n), w.policy); len(res.Cosigned) != n || len(res.Records) != 5 {
			t.Errorf("%d cosignatures: %+v", n, res)
		}
	}
}
