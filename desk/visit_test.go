package desk_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
	"ward/id"
	"ward/person"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
	"ward/vocab"
)

const onTheWay = "five words drawn by dice"

// venn is the clinician of these tests.
var venn = access.Actor{Name: "Dr Venn", Roles: []access.Role{access.Operator}}

// visited is a home with one evaluation, and beside it what no visit may take along.
func visited(t *testing.T) (home *desk.Desk, dir, number string) {
	t.Helper()
	dir = t.TempDir()
	home = open(t, dir)
	number = evaluationOf(t, home, "Heron", "Qanaryname Heronsson")
	other := evaluationOf(t, home, "Qanarypseudo", "Qanaryother")
	say(t, home, venn, other, "allegations", "summary", "Qanarystory", evaluation.Told)
	say(t, home, venn, number, "circumstances", "place", "Northern prison", "")
	return home, dir, number
}

func evaluationOf(t *testing.T, d *desk.Desk, pseudonym, name string) string {
	t.Helper()
	who, err := d.AddPerson(ctx, venn, desk.NewPerson{Made: person.Made{Pseudonym: pseudonym, Roles: []string{"detainee"}, Country: "XAA", Employer: "Qanaryclinic", Speciality: "Qanaryspeciality"},
		Names: []person.Name{{Script: "Latn", Text: name}}})
	if err != nil {
		t.Fatal(err)
	}
	number, err := d.RequestEvaluation(ctx, venn, evaluation.Request{Person: who, Country: "XAA", Clinician: venn.Name, AskedBy: "the lawyer", Purpose: "a hearing", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	allowed := evaluation.Consent{Uses: map[string]string{"exam": "yes", "photos": "yes"}, Explained: true, Refusal: true, Free: true, Capacity: "yes", Method: "spoken", Day: "2026-05-07"}
	if err := d.KeepEvaluationConsent(ctx, venn, number, allowed); err != nil {
		t.Fatal(err)
	}
	return number
}

func say(t *testing.T, d *desk.Desk, who access.Actor, number, section, field, words, known string) {
	t.Helper()
	p := evaluation.Part{Section: section, Values: map[string]string{field: words}}
	if known != "" {
		p.Known = map[string]string{field: known}
	}
	if err := d.KeepEvaluationPart(ctx, who, number, p); err != nil {
		t.Fatal(err)
	}
}

// takeAlong writes the visit file and opens it in a directory.
func takeAlong(t *testing.T, home *desk.Desk, number, dir string, names bool) (out *desk.Desk, file []byte) {
	t.Helper()
	var b bytes.Buffer
	if _, err := home.TakeVisit(ctx, venn, desk.VisitTaking{Evaluation: number, Names: names, Passphrase: []byte(onTheWay)}, &b); err != nil {
		t.Fatal(err)
	}
	out, _, err := desk.OpenVisit(ctx, at(t, dir), bytesOf(b.Bytes()), phrase(onTheWay))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	return out, b.Bytes()
}

func bytesOf(b []byte) desk.VisitSource {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

func phrase(words string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(words), nil }
}

func bringBack(t *testing.T, out *desk.Desk) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := out.ReturnVisit(ctx, access.Local(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onVisit writes a part, a finding and a photograph into the copy.
func onVisit(t *testing.T, out *desk.Desk, number string) {
	t.Helper()
	say(t, out, access.Local(), number, "allegations", "summary", "Beaten on the soles.", evaluation.Told)
	finding, err := out.KeepFinding(ctx, access.Local(), number, evaluation.Finding{Kind: evaluation.Physical, View: "front", X: 400, Y: 300, Type: "bruise", Description: "Two lines", Known: evaluation.Seen})
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	if err := out.KeepEvaluationPhoto(ctx, access.Local(), number, "x.png", "image/png", &picture, evaluation.Caption{Text: "Left sole", Finding: finding}); err != nil {
		t.Fatal(err)
	}
}

func theEvaluation(t *testing.T, d *desk.Desk, number string) desk.EvaluationFile {
	t.Helper()
	f, err := d.Evaluation(ctx, venn, number)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// everyEntry lists all that a workspace holds, opened.
func everyEntry(t *testing.T, dir string) (out []entry.Brought) {
	t.Helper()
	db, err := store.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := storetest.Unlock(ctx, db); err != nil {
		t.Fatal(err)
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT DISTINCT subject FROM entry WHERE sealed IS NOT NULL ORDER BY subject")
		if err != nil {
			return err
		}
		var subjects []string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			subjects = append(subjects, s)
		}
		rows.Close()
		for _, s := range subjects {
			some, err := entry.Carry(ctx, tx, s)
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAVisitComesHomeOnceWithWhoAndWhen(t *testing.T) {
	home, dir, number := visited(t)
	away := t.TempDir()
	out, _ := takeAlong(t, home, number, away, false)
	if v, ok, err := out.VisitCopy(ctx); err != nil || !ok || v.Evaluation != number || v.Pseudonym != "Heron" || v.Traveller != venn.Name || v.Added != 0 {
		t.Fatalf("%+v %v %v", v, ok, err)
	}
	if f := theEvaluation(t, out, number); f.Parts["circumstances"].Values["place"] != "Northern prison" || f.Pseudonym != "Heron" {
		t.Errorf("the copy lacks what was written at home: %+v", f.Parts)
	}
	onVisit(t, out, number)
	back := bringBack(t, out)
	for round, want := range []int{3, 0} {
		m, err := home.MergeVisit(ctx, venn, bytesOf(back), false)
		if err != nil || m.Added != want || m.Known != 3-want || len(m.Both) != 0 {
			t.Fatalf("round %d: %+v, %v", round, m, err)
		}
	}
	f := theEvaluation(t, home, number)
	if f.Parts["allegations"].Values["summary"] != "Beaten on the soles." || len(f.Findings) != 1 || len(f.Photos) != 1 {
		t.Errorf("%+v", f)
	}
	_, r, err := home.EvaluationPhoto(ctx, venn, number, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := png.Decode(r); err != nil {
		t.Errorf("the photograph did not come home: %v", err)
	}
	visits, err := home.VisitsHome(ctx, venn, number)
	if err != nil || len(visits) != 1 || len(visits[0].Body.Entries) != 3 {
		t.Fatalf("%+v, %v", visits, err)
	}
	made := map[string]entry.Brought{}
	for _, b := range everyEntry(t, away) {
		made[b.ID] = b
	}
	for _, b := range everyEntry(t, dir) {
		if slices.Contains(visits[0].Body.Entries, b.ID) && (b.By != venn.Name || !b.At.Equal(made[b.ID].At) || !bytes.Equal(b.Body, made[b.ID].Body)) {
			t.Errorf("%+v, was %+v", b, made[b.ID])
		}
	}
}

// Whoever travels carries this evaluation and a pseudonym: no name, no employer, nobody else's.
func TestTheCopyHoldsNoOtherRecord(t *testing.T) {
	home, _, number := visited(t)
	away := t.TempDir()
	out, file := takeAlong(t, home, number, away, false)
	onVisit(t, out, number)
	out.Close()
	plain, err := seal.OpenEither(bytes.NewReader(file), phrase(onTheWay))
	if err != nil {
		t.Fatal(err)
	}
	parcel, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	held, err := json.Marshal(everyEntry(t, away))
	if err != nil {
		t.Fatal(err)
	}
	for where, b := range map[string][]byte{"the file, opened": parcel, "the copy, opened": held} {
		if !bytes.Contains(b, []byte("Northern prison")) || !bytes.Contains(b, []byte("Heron")) {
			t.Errorf("%s does not hold the evaluation", where)
		}
		if at := bytes.Index(b, []byte("Qanary")); at >= 0 {
			t.Errorf("%s holds %.60s", where, b[at:])
		}
	}
	if bytes.Contains(file, []byte("Northern prison")) || bytes.Contains(file, []byte("Heron")) {
		t.Error("the file is not sealed")
	}
	storetest.WantUnseen(t, away, number, "Northern prison", "Heron", "Qanary", "Beaten on the soles", onTheWay)
}

func TestNamesTravelOnlyWhenAskedFor(t *testing.T) {
	home, _, number := visited(t)
	away := t.TempDir()
	out, _ := takeAlong(t, home, number, away, true)
	out.Close()
	held, err := json.Marshal(everyEntry(t, away))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(held, []byte("Qanaryname")) || bytes.Contains(held, []byte("Qanaryother")) || bytes.Contains(held, []byte("Qanaryclinic")) {
		t.Error("the name did not travel, or more than it did")
	}
}

func TestAFileThatIsCutAlteredOrForgedWritesNothing(t *testing.T) {
	home, dir, number := visited(t)
	out, taken := takeAlong(t, home, number, t.TempDir(), false)
	onVisit(t, out, number)
	back := bringBack(t, out)
	flipped := bytes.Clone(back)
	flipped[len(flipped)-40] ^= 1
	elsewhere, _, theirs := visited(t)
	foreign, _ := takeAlong(t, elsewhere, theirs, t.TempDir(), false)
	before := len(everyEntry(t, dir))
	for name, file := range map[string][]byte{"nothing": nil, "a beginning": back[:100], "half": back[:len(back)/2], "all but a byte": back[:len(back)-1], "a bit": flipped,
		"what was taken along": taken, "another workspace's": bringBack(t, foreign), "words": []byte("words")} {
		if m, err := home.MergeVisit(ctx, venn, bytesOf(file), false); err == nil || fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		if _, _, err := desk.OpenVisit(ctx, at(t, t.TempDir()), bytesOf(file), phrase(onTheWay)); (err == nil) != (name == "what was taken along") {
			t.Errorf("opening %s: %v", name, err)
		}
	}
	if after := len(everyEntry(t, dir)); after != before {
		t.Errorf("%d entries were written", after-before)
	}
	if _, _, err := desk.OpenVisit(ctx, at(t, t.TempDir()), bytesOf(taken), phrase("another five words here")); !fault.Is(err, fault.Refused) {
		t.Errorf("another passphrase: %v", err)
	}
}

func TestWhereHomeChangedMeanwhileBothStand(t *testing.T) {
	home, dir, number := visited(t)
	out, _ := takeAlong(t, home, number, t.TempDir(), false)
	say(t, out, access.Local(), number, "allegations", "summary", "As heard on the visit.", evaluation.Told)
	say(t, home, venn, number, "allegations", "summary", "As heard at home.", evaluation.Told)
	m, err := home.MergeVisit(ctx, venn, bytesOf(bringBack(t, out)), false)
	if err != nil || !slices.Equal(m.Both, []string{"part allegations"}) {
		t.Fatalf("%+v, %v", m, err)
	}
	held, err := json.Marshal(everyEntry(t, dir))
	if err != nil || !bytes.Contains(held, []byte("As heard on the visit.")) || !bytes.Contains(held, []byte("As heard at home.")) {
		t.Errorf("one of the two is gone (%v)", err)
	}
}

func TestASignedEvaluationTakesAddendaOnly(t *testing.T) {
	home, _, number := visited(t)
	signed := signedAtHome(t, home, number)
	out, _ := takeAlong(t, home, number, t.TempDir(), false)
	if err := out.AddToEvaluation(ctx, access.Local(), number, evaluation.Addendum{Text: "The X-ray came.", Day: "2026-06-01"}); err != nil {
		t.Fatal(err)
	}
	if m, err := home.MergeVisit(ctx, venn, bytesOf(bringBack(t, out)), false); err != nil || m.Added != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	if f := theEvaluation(t, home, number); len(f.Addenda) != 1 || f.Altered || f.Digest() != signed {
		t.Errorf("the addendum did not come, or what is signed was altered")
	}
}

func TestWhatWasSignedMeanwhileIsNotChangedByAVisit(t *testing.T) {
	home, _, number := visited(t)
	out, _ := takeAlong(t, home, number, t.TempDir(), false)
	onVisit(t, out, number)
	back := bringBack(t, out)
	signed := signedAtHome(t, home, number)
	if _, err := home.MergeVisit(ctx, venn, bytesOf(back), false); !fault.Is(err, fault.Undecided) {
		t.Errorf("a visit was merged into what was signed: %v", err)
	}
	if m, err := home.MergeVisit(ctx, venn, bytesOf(back), true); err != nil || m.Added != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if f := theEvaluation(t, home, number); f.Altered || f.Digest() != signed {
		t.Error("what was signed was altered")
	}
}

// signedAtHome fills an evaluation, has it read and signs it; it returns the digest.
func signedAtHome(t *testing.T, d *desk.Desk, number string) string {
	t.Helper()
	for _, s := range evaluation.Sections() {
		p := evaluation.Part{Section: s.Key, Values: map[string]string{}, Known: map[string]string{}}
		for _, f := range s.Fields {
			p.Values[f.Key] = map[string]string{evaluation.Date: "2026-05-07", evaluation.Line: "x", evaluation.Text: "x"}[f.Kind]
			if f.Kind == evaluation.Choice {
				p.Values[f.Key] = map[string]string{"officer_near": "none", "yesno": "no", "interpreter": "none", "time_given": "enough", "consistency": "consistent"}[f.List]
			}
			if len(f.Known) > 0 {
				p.Known[f.Key] = f.Known[0]
			}
		}
		if len(s.Fields) > 0 {
			if err := d.KeepEvaluationPart(ctx, venn, number, p); err != nil {
				t.Fatalf("%s: %v", s.Key, err)
			}
		}
	}
	for _, to := range []string{evaluation.Consented, evaluation.Examined, evaluation.Drafted} {
		if err := d.MoveEvaluation(ctx, venn, number, evaluation.Move{To: to}); err != nil {
			t.Fatal(err)
		}
	}
	digest := theEvaluation(t, d, number).Digest()
	if err := d.CheckEvaluation(ctx, venn, number, evaluation.Peer{Pass: true, Digest: digest, Checks: peerChecks()}); err != nil {
		t.Fatal(err)
	}
	if err := d.SignEvaluation(ctx, venn, number, evaluation.Signature{Digest: digest, Name: "T. Venn", Standing: "physician", Place: "Arcadia", Day: "2026-05-08", Truth: true}); err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestACopyIsDestroyedOnlyWhenAllOfItWasSealedForTheWayHome(t *testing.T) {
	home, dir, number := visited(t)
	away := t.TempDir()
	out, _ := takeAlong(t, home, number, away, false)
	onVisit(t, out, number)
	out.Close()
	if err := desk.DiscardVisit(ctx, at(t, away), false); !fault.Is(err, fault.Undecided) {
		t.Errorf("what was not sealed was destroyed: %v", err)
	}
	out = open(t, away)
	bringBack(t, out)
	out.Close()
	if err := desk.DiscardVisit(ctx, at(t, away), false); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(away, "*"))
	if err != nil || slices.ContainsFunc(left, func(p string) bool { return !strings.HasSuffix(p, ".lock") }) {
		t.Errorf("left: %v %v", left, err)
	}
	home.Close()
	if err := desk.DiscardVisit(ctx, at(t, dir), true); !fault.Is(err, fault.Refused) {
		t.Errorf("the home was destroyed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); err != nil {
		t.Error(err)
	}
}

func TestACopyIsMadeInAnEmptyPlaceAndOnce(t *testing.T) {
	home, dir, number := visited(t)
	away := t.TempDir()
	out, file := takeAlong(t, home, number, away, false)
	out.Close()
	home.Close()
	for _, place := range []string{away, dir} {
		if _, _, err := desk.OpenVisit(ctx, at(t, place), bytesOf(file), phrase(onTheWay)); !fault.Is(err, fault.Refused) {
			t.Errorf("a copy was made over what was there: %v", err)
		}
	}
	// what a crash left before anything was in it is completed
	fresh := t.TempDir()
	open(t, fresh).Close()
	again, _, err := desk.OpenVisit(ctx, at(t, fresh), bytesOf(file), phrase(onTheWay))
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func peerChecks() (out []string) {
	for _, c := range vocab.Codes("peer_check") {
		out = append(out, c.Code)
	}
	return out
}

// Whoever holds the copy can write what they like into the file: it speaks in the traveller's name alone, of this evaluation alone, and neither
// checks nor signs nor releases.
func TestAVisitSpeaksInTheTravellersNameOnly(t *testing.T) {
	one := func(kind, body string) entry.Brought {
		return entry.Brought{ID: id.New(time.Now()), Kind: kind, Subject: "E", By: "Dr Somebody Else", At: time.Now(), Body: json.RawMessage(body)}
	}
	come, left, err := desk.ComingHome("E", "Dr Venn", one(evaluation.KindPart, `{"section":"allegations"}`), one(evaluation.KindSignature, `{}`), one(evaluation.KindPeer, `{}`),
		one(evaluation.KindMove, `{"to":"released"}`), one("person.name", `{}`))
	if err != nil || len(come) != 1 || come[0].By != "Dr Venn" || len(left) != 4 {
		t.Errorf("%+v %v %v", come, left, err)
	}
	other, late := one(evaluation.KindPart, `{"section":"allegations"}`), one(evaluation.KindPart, `{"section":"allegations"}`)
	other.Subject, late.At = "F", time.Now().AddDate(0, 1, 0)
	for name, bad := range map[string]entry.Brought{"another evaluation": other, "the future": late, "an unknown field": one(evaluation.KindPart, `{"section":"allegations","x":1}`),
		"no section": one(evaluation.KindPart, `{"section":"x"}`), "no words": one(evaluation.KindAddendum, `{}`), "no file": one(evaluation.KindPhoto, `{}`),
		"told as found": one(evaluation.KindFinding, `{"finding":"x","kind":"physical","type":"bruise","known":"told"}`)} {
		if _, _, err := desk.ComingHome("E", "Dr Venn", bad); err == nil {
			t.Errorf("%s comes home", name)
		}
	}
}

func TestAFileIsRecognisedByTheSecretOfItsCopy(t *testing.T) {
	if err := desk.Recognised("right"); err != nil {
		t.Error(err)
	}
	for _, forged := range []string{"", "wrong"} {
		if err := desk.Recognised(forged); !fault.Is(err, fault.Refused) {
			t.Errorf("%q: %v", forged, err)
		}
	}
}
