package desk_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/audit"
	"ward/bundle"
	"ward/desk"
	"ward/fault"
	"ward/policy"
	"ward/tlog"
	"ward/when"
)

// logged is a workspace with some events of SiND in the log, and the first one's public id.
func logged(t *testing.T, target string) (*desk.Desk, string) {
	t.Helper()
	d := open(t, target)
	takeTable(t, d, sind(t, event("1", "2021-01-10", "Event Description", "A trampoline."), event("2", "2021-01-11"), event("3", "2021-02-12")), 3, 0, 0, 0)
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	return d, theIncident(t, target, "SiND:1").PublicID
}

func bundled(t *testing.T, d *desk.Desk, id string, opt desk.BundleOptions) (bundle.Result, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := d.Bundle(ctx, access.Local(), &b, id, opt); err != nil {
		t.Fatal(err)
	}
	return bundle.Verify(bytes.NewReader(b.Bytes()), int64(b.Len()), nil), b.Bytes()
}

func shownOf(r bundle.Result, kind string) (names []string) {
	for _, record := range r.Records {
		for _, f := range record.Fields {
			if record.Kind == kind {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

func TestABundleProvesAnIncidentWithItsReportAndItsFile(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, id := logged(t, target)
		r, raw := bundled(t, d, id, desk.BundleOptions{Files: true})
		if r.Code != bundle.Holds || len(r.Failures) > 0 || len(r.Records) != 3 || r.Incident != id {
			t.Fatalf("%+v", r)
		}
		if fields := shownOf(r, "incident"); !slices.Contains(fields, "description") || slices.Contains(shownOf(r, "run"), "file") {
			t.Errorf("%v %v", fields, shownOf(r, "run"))
		}
		archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := archive.Open("files/original-1.csv")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(f)
		if err != nil || !strings.Contains(string(body), "A trampoline.") {
			t.Errorf("%.200s %v", body, err)
		}
	})
}

func TestABundleLeavesOutWhatIsHidden(t *testing.T) {
	d, id := logged(t, t.TempDir())
	r, raw := bundled(t, d, id, desk.BundleOptions{Hide: []string{"description", "row"}})
	if r.Code != bundle.Holds || slices.Contains(shownOf(r, "incident"), "description") || slices.Contains(shownOf(r, "report"), "is.description") ||
		bytes.Contains(raw, []byte("trampoline")) {
		t.Errorf("%+v", r)
	}
	var b bytes.Buffer
	if err := d.Bundle(ctx, access.Local(), &b, id, desk.BundleOptions{Hide: []string{"descripton"}}); !fault.Is(err, fault.Invalid) || b.Len() > 0 {
		t.Errorf("a misspelt field: %v", err)
	}
	if err := d.Bundle(ctx, access.Local(), &b, id, desk.BundleOptions{Show: []string{"file"}}); !fault.Is(err, fault.Undecided) || b.Len() > 0 {
		t.Errorf("more for nobody: %v", err)
	}
	if r, _ := bundled(t, d, id, desk.BundleOptions{Show: []string{"file"}, To: "a court", Why: "evidence"}); !slices.Contains(shownOf(r, "run"), "file") {
		t.Errorf("%+v", r)
	}
}

func TestWhatAnUnpublishedSourceSaysStaysOutOfABundle(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	takeTable(t, d, file(t, "awsd", "awsd-2020", cells{"Incident ID": "77", "Year": "2021", "Month": "3", "Day": "4", "Country": "Arcadia", "City": "Trampoline",
		"Total killed": "1", "Details": "A trampoline.", "Verified": "Yes", "Source": "A trampoline"}), 1, 0, 0, 0)
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
	var id string
	for _, inc := range incidents(t, target) {
		id = inc.PublicID
	}
	r, raw := bundled(t, d, id, desk.BundleOptions{})
	if r.Code != bundle.Holds || bytes.Contains(bytes.ToLower(raw), []byte("trampoline")) || !slices.Contains(shownOf(r, "incident"), "date") {
		t.Errorf("%+v", r)
	}
	var b bytes.Buffer
	if err := d.Bundle(ctx, access.Local(), &b, id, desk.BundleOptions{Files: true}); !fault.Is(err, fault.Undecided) || b.Len() > 0 {
		t.Errorf("its file for nobody: %v", err)
	}
	r, raw = bundled(t, d, id, desk.BundleOptions{Show: []string{"description"}, Files: true, To: "a court", Why: "evidence"})
	if r.Code != bundle.Holds || !bytes.Contains(raw, []byte("A trampoline.")) {
		t.Errorf("%+v", r)
	}
	ledger, err := d.Ledger(ctx, access.Local(), 0, 10)
	if err != nil || len(ledger) != 2 || ledger[0].To != "a court" || ledger[0].Why != "evidence" || !strings.HasPrefix(ledger[0].Subjects, id+" ") || ledger[0].Tier != "T3" {
		t.Errorf("%+v %v", ledger, err)
	}
}

func TestWhatIsNotInTheLogYetCannotBeProved(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	takeTable(t, d, sind(t, event("1", "2021-01-10"), event("2", "2021-01-11"), event("3", "2021-02-12")), 3, 0, 0, 0)
	var b bytes.Buffer
	err := d.Bundle(ctx, access.Local(), &b, theIncident(t, target, "SiND:1").PublicID, desk.BundleOptions{})
	if !fault.Is(err, fault.Undecided) || !strings.Contains(err.Error(), "ward log flush") || b.Len() > 0 {
		t.Error(err)
	}
}

// An extract that was altered from top to bottom, so that every figure still follows from it, no longer agrees with the log.
func TestAnAuditAlteredConsistentlyIsFound(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, id := logged(t, target)
		report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
		if err != nil || len(report.Incidents) != 3 || report.Log == nil {
			t.Fatal(report, err)
		}
		check := func(r *audit.Report) audit.Result {
			t.Helper()
			var b bytes.Buffer
			if err := r.WriteJSON(&b); err != nil {
				t.Fatal(err)
			}
			got, err := audit.Check(&b, policy.Load())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := check(report); !got.Same() || got.Proven != 3 {
			t.Fatalf("%+v", got)
		}
		// the same audit, honestly built from one altered incident
		altered := audit.Input{State: report.State, From: report.From, To: report.To, MadeAt: report.MadeAt}
		for _, inc := range report.Incidents {
			i := *inc
			if i.ID == id {
				i.ActorName = "Another force"
			}
			altered.Incidents = append(altered.Incidents, i)
		}
		forged, err := audit.Build(altered, policy.Load())
		if err != nil {
			t.Fatal(err)
		}
		forged.Log = report.Log
		got := check(forged)
		if len(got.Differ) != 1 || got.Differ[0].Incident != id || !slices.Equal(got.Differ[0].Keys, []string{"actor.name"}) {
			t.Errorf("%+v", got)
		}
		log := *report.Log
		log.Records = slices.DeleteFunc(slices.Clone(log.Records), func(r audit.Record) bool { return r.Incident == id })
		forged.Log = &log
		if got := check(forged); got.Same() {
			t.Errorf("the proof was taken away: %+v", got)
		}
		log.Records = slices.Clone(report.Log.Records)
		log.Records[0].Shown, log.Records[1].Shown = log.Records[1].Shown, log.Records[0].Shown
		swapped := *report
		swapped.Log = &log
		if got := check(&swapped); len(got.Differ) != 2 {
			t.Errorf("swapped records: %+v", got)
		}
	})
}

// hide turns a field that a proof shows into one that it leaves out, as anybody can who has its salt.
func hide(t *testing.T, log *audit.Log, name string) {
	t.Helper()
	for r := range log.Records {
		list := slices.Clone(log.Records[r].Shown)
		for i, f := range list {
			if f.Name != name {
				continue
			}
			salt, err := hex.DecodeString(f.Salt)
			if err != nil {
				t.Fatal(err)
			}
			message := append([]byte("ward/field/v1\x00"), salt...)
			message = append(binary.BigEndian.AppendUint32(message, uint32(len(name))), name+f.Value...)
			sum := sha256.Sum256(message)
			list[i] = tlog.Shown{Hash: hex.EncodeToString(sum[:])}
		}
		log.Records[r].Shown = list
	}
}

// Whoever has the file can leave a field out of a proof that showed it, and then say otherwise in the extract: every field that a figure
// can depend on must therefore be shown.
func TestAForgerGainsNothingByHidingFields(t *testing.T) {
	d, _ := logged(t, t.TempDir())
	report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	day, err := when.Parse("2021-01-29")
	if err != nil {
		t.Fatal(err)
	}
	forgeries := map[string]func(*audit.Incident, *audit.Log){
		"the day":  func(i *audit.Incident, l *audit.Log) { i.Date = day; hide(t, l, "date") },
		"no codes": func(i *audit.Incident, l *audit.Log) { i.Codes = nil; hide(t, l, "codes") },
		"other codes": func(i *audit.Incident, l *audit.Log) {
			i.Codes = []string{"TOR.INF"}
			hide(t, l, "codes")
			hide(t, l, "date")
		},
		"no actor": func(i *audit.Incident, l *audit.Log) {
			i.ActorState, i.ActorName = nil, ""
			hide(t, l, "actor.state")
			hide(t, l, "actor.name")
		},
		"no counts": func(i *audit.Incident, l *audit.Log) { i.Counts = nil; hide(t, l, "count.worker.killed") },
		"no count list": func(i *audit.Incident, l *audit.Log) {
			i.Counts = nil
			hide(t, l, "count.worker.killed")
			hide(t, l, "counted")
		},
		"no roots":    func(i *audit.Incident, l *audit.Log) { i.Roots = nil; hide(t, l, "external_id") },
		"no division": func(i *audit.Incident, l *audit.Log) { i.Place = ""; hide(t, l, "adm1") },
	}
	for name, forge := range forgeries {
		in := audit.Input{State: report.State, From: report.From, To: report.To, MadeAt: report.MadeAt}
		log := *report.Log
		log.Records = slices.Clone(log.Records)
		for _, inc := range report.Incidents {
			i := *inc
			forge(&i, &log)
			in.Incidents = append(in.Incidents, i)
		}
		forged, err := audit.Build(in, policy.Load())
		if err != nil {
			t.Fatal(err)
		}
		forged.Log = &log
		var b bytes.Buffer
		if err := forged.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if got, err := audit.Check(&b, policy.Load()); err != nil || got.Same() {
			t.Errorf("%s: %v, proven %d of %d, %v", name, got.Same(), got.Proven, got.Incidents, err)
		}
	}
}

// The proof of an incident shows no field that the audit itself keeps back.
func TestAnAuditsProofShowsNoMoreThanTheAudit(t *testing.T) {
	d, _ := logged(t, t.TempDir())
	report, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(report.Log)
	if err != nil || bytes.Contains(raw, []byte("trampoline")) || bytes.Contains(raw, []byte("local operator")) {
		t.Errorf("%v", err)
	}
	for _, r := range report.Log.Records {
		for _, f := range r.Shown {
			if f.Name == "point" || f.Name == "place" || f.Name == "description" {
				t.Errorf("%s is shown", f.Name)
			}
		}
	}
}
