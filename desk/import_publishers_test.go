package desk_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/exchange"
	"ward/fault"
	"ward/internal/realdata"
	"ward/tally"
)

// Registers of violence against civilians and of breaches stand beside those of attacks on care. The figures were counted
// from the files by other means.
func TestRegistersOfOtherScopesAreCountedRowByRow(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	for _, c := range []struct {
		file                                     string
		rows, fresh, rejected, repeated, flagged int
	}{
		{"iraq_body_count_incidents.csv.gz", 51607, 51607, 0, 0, 962},
		{"ucdp_ged_sample_1000.csv", 1000, 1000, 0, 0, 25},
		{"hhs_ocr_breaches_2009-2016.csv", 1688, 1688, 0, 0, 1688},
		{"vcdb_sample_3.jsonl", 3, 3, 0, 0, 1},
		{"moph_lebanon_2024_b.json", 78, 75, 3, 0, 75},
	} {
		t.Run(c.file, func(t *testing.T) {
			path := realdata.Path(t, "data/incidents/"+c.file)
			begun := time.Now()
			r := take(t, d, path, desk.ImportOptions{})
			t.Logf("%.0f rows/s", float64(r.Rows)/time.Since(begun).Seconds())
			wantCounts(t, r, c.fresh, 0, 0, 0)
			if r.Rows != c.rows || r.Rejected != c.rejected || r.Duplicates != c.repeated || r.Flagged != c.flagged {
				t.Errorf("%+v", r.Progress)
			}
			wantCounts(t, take(t, d, path, desk.ImportOptions{}), 0, 0, c.fresh, 0)
		})
	}
	if t.Failed() || t.Skipped() || len(incidents(t, target)) == 0 {
		return
	}
	doubled := 0
	for key, inc := range incidents(t, target) {
		if strings.HasPrefix(key, "IBC:") && slices.Contains(inc.Flags, "id-repeated") {
			doubled++
		}
	}
	if doubled != 4 {
		t.Errorf("%d codes of Iraq Body Count are told as doubled, want four", doubled)
	}
	got, killed := map[string]int64{}, map[string]int64{}
	o, err := d.Overview(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range o.Tallies {
		got[x.Namespace+" "+x.Scope] += x.Incidents
		killed[x.Namespace] += x.People.AllKilled.Int64
	}
	want := map[string]int64{"IBC civilian": 51607, "UCDP-GED civilian": 1000, "HHS-OCR cyber": 1688, "VCDB cyber": 3, "MoPH-Lebanon health": 75}
	if !maps.Equal(got, want) || killed["IBC"] != 171120 || killed["UCDP-GED"] != 9561 || killed["HHS-OCR"] != 0 {
		t.Errorf("%v, killed %v", got, killed)
	}
	for _, state := range []string{"IRQ", "SYR", "USA"} {
		r, err := d.Audit(ctx, access.Local(), state, desk.AuditOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(inCells(r)) != 0 || !r.Summary.Territory.IsZero() {
			t.Errorf("%s: %d incidents of other scopes count in cells, %v on the territory", state, len(inCells(r)), r.Summary.Territory)
		}
	}
}

// Syria's file of 2019 stands on its own where the world's is not.
func TestOneCountrysFileIsARegisterOfItsOwn(t *testing.T) {
	path := realdata.Path(t, "data/incidents/shcc_syria_2019.xlsx")
	target := t.TempDir()
	d := open(t, target)
	r := take(t, d, path, desk.ImportOptions{})
	wantCounts(t, r, 147, 0, 0, 0)
	if r.Layout != "shcc-2019-country" || r.Rejected != 0 || theIncident(t, target, "SHCC-2019:SY1").Country != "SYR" {
		t.Errorf("%+v", r)
	}
	wantCounts(t, take(t, d, path, desk.ImportOptions{}), 0, 0, 147, 0)
}

const (
	fewDeaths = "id,type_of_violence,dyad_name,country,date_start,date_end,best,high,low\n1,3,a,XAA,2021-03-07,2021-03-09,5,9,2\n"
	aBreach   = `{"incident_id":"1","security_incident":"Confirmed","summary":"Locked","timeline":{"incident":{"year":2021}},"victim":{"country":["XAA"],"industry":"622110"},` +
		`"action":{"malware":{"variety":["Ransomware"]}},"attribute":{"confidentiality":{"data_total":700}}}`
)

func TestOnlyHealthEntersAuditsAndTheFiguresOfHealth(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2021-03-07")), 1, 0, 0, 0)
		take(t, d, inFile(t, "ged.csv", fewDeaths), desk.ImportOptions{})
		take(t, d, inFile(t, "veris.jsonl", aBreach), desk.ImportOptions{})
		scopes := map[string]int64{}
		o, err := d.Overview(ctx, access.Local())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range o.Tallies {
			scopes[x.Scope] += x.Incidents
		}
		if !maps.Equal(scopes, map[string]int64{"health": 1, "civilian": 1, "cyber": 1}) {
			t.Errorf("%v", scopes)
		}
		r, err := d.Audit(ctx, access.Local(), "XAA", desk.AuditOptions{})
		if err != nil {
			t.Fatal(err)
		}
		health := theIncident(t, target, "SiND:1").PublicID
		for id := range inCells(r) {
			if id != health {
				t.Errorf("%s counts in a cell", id)
			}
		}
		if r.Summary.Territory != tally.Exact(1) {
			t.Errorf("on the territory %v", r.Summary.Territory)
		}
		page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Filters: map[string][]string{"scope": {"cyber"}}})
		if err != nil || page.Total != 1 {
			t.Errorf("%d cyber incidents are found, %v", page.Total, err)
		}
	})
}

func inFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const bureau = "Aktenzeichen;Datum;Land;Täter;Getötete Helfer;Bemerkung\n1;07.03.2021;XAA;Police;1;Sie kamen in der Nacht und nahmen alles mit.\n" +
	"2;25.03.2021;XAB;Police;0;Niemand kam zu Schaden, das Haus aber brannte ab.\n"

// mappedTo proposes, fills in what only a person can say, and writes the file.
func mappedTo(t *testing.T, path, series, publisher string, change func(*exchange.Proposal)) string {
	t.Helper()
	p, err := exchange.Propose(path)
	if err != nil {
		t.Fatal(err)
	}
	p.Source.Series, p.Source.Publisher, p.Source.Licence, p.Source.Scope, p.Source.Redistribute = series, publisher, "none stated", "health", "no"
	for i := range p.Columns {
		if p.Columns[i].Header == "Aktenzeichen" {
			p.Columns[i].Field, p.Columns[i].As = "id", "id"
		}
	}
	if change != nil {
		change(&p)
	}
	var b bytes.Buffer
	if _, err := p.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return inFile(t, "mapping.json", b.String())
}

func TestARegisterThatNobodyDescribedIsImportedByAMapping(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		path := inFile(t, "bureau.csv", bureau)
		m := mappedTo(t, path, "Arcadia-Bureau", "A bureau", nil)
		dry := take(t, d, path, desk.ImportOptions{Mapping: m, DryRun: true})
		if dry.New != 2 || len(incidents(t, target)) != 0 {
			t.Errorf("%+v", dry)
		}
		r := take(t, d, path, desk.ImportOptions{Mapping: m})
		wantCounts(t, r, 2, 0, 0, 0)
		wantCounts(t, take(t, d, path, desk.ImportOptions{Mapping: m}), 0, 0, 2, 0)
		inc := theIncident(t, target, "Arcadia-Bureau:1")
		if inc.Scope != "health" || inc.Certainty != "possible" || !slices.Equal(inc.Codes, []string{"PER.KIL"}) || inc.ActorKind != "state.police" || len(inc.ActorState) != 0 {
			t.Errorf("%+v", inc)
		}
		later := inFile(t, "later.csv", strings.Replace(bureau, ";1;Sie", ";3;Sie", 1))
		wantCounts(t, take(t, d, later, desk.ImportOptions{Mapping: m}), 0, 1, 1, 0)
		_, manifest := exported(t, d, desk.ExportOptions{Format: "csv"})
		if manifest.Records != 0 {
			t.Errorf("%d records of a register left that may not be passed on", manifest.Records)
		}
		refused(t, d, fault.Conflict, path, desk.ImportOptions{Mapping: mappedTo(t, path, "Arcadia-Bureau", "Another bureau", nil)})
		narrower := func(p *exchange.Proposal) { p.Source.Scope = "civilian" }
		refused(t, d, fault.Conflict, path, desk.ImportOptions{Mapping: mappedTo(t, path, "Arcadia-Bureau", "A bureau", narrower)})
		refused(t, d, fault.Invalid, path, desk.ImportOptions{Mapping: mappedTo(t, path, "SSA", "A bureau", nil)})
		refused(t, d, fault.Invalid, path, desk.ImportOptions{Mapping: m, Map: "labels"})
		refused(t, d, fault.Invalid, path, desk.ImportOptions{})
		if n := len(incidents(t, target)); n != 2 {
			t.Errorf("%d incidents", n)
		}
	})
}

func refused(t *testing.T, d *desk.Desk, kind fault.Kind, path string, opt desk.ImportOptions) {
	t.Helper()
	if _, err := d.Import(ctx, access.Local(), path, opt); !fault.Is(err, kind) {
		t.Errorf("%v, want %s", err, kind)
	}
}

// The proposal holds the words of coded columns and of no other: no description, name or place goes into it.
func TestAProposalHoldsNoStories(t *testing.T) {
	p, err := exchange.Propose(inFile(t, "bureau.csv", bureau))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(p)
	if err != nil || bytes.Contains(b, []byte("in der Nacht")) || !bytes.Contains(b, []byte("Police")) {
		t.Errorf("%s %v", b, err)
	}
}
