package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"
)

// An invented publisher's register, as no profile describes it.
var (
	officeHeader = []string{"Fallnummer", "Datum", "Ende", "Land", "Provinz", "Ort", "Täter", "Art der Tat", "Getötete Helfer", "Verletzte", "Bemerkung des Büros", "Breite", "Länge", "Interne Spalte"}
	officeRows   = [][]string{
		{"A-1", "07.03.2021", "09.03.2021", "XAA", "Nord", "Klinik Eins", "Police", "Plünderung", "1", "2-3", "Bewaffnete kamen in der Nacht, und nahmen alles mit.", "1,5", "2,5", "q"},
		{"A-2", "25.03.2021", "25.03.2021", "XAB", "Süd", "Klinik Zwei", "Unbekannt", "Arson", "0", "", "Ein Brand wurde gelegt, niemand kam zu Schaden dabei.", "1,6", "2,6", "r"},
		{"A-3", "26.04.2021", "", "XAB", "Süd", "Klinik Drei", "Police", "Forced entry, Plünderung", "2", "1", "Die Tür wurde aufgebrochen, zwei Helfer starben dort.", "1,7", "2,7", "s"},
	}
)

// officeFiles are the register in three formats.
func officeFiles(t *testing.T) map[string]string {
	var semicolons, lines strings.Builder
	semicolons.WriteString("Register der Angriffe, Arkadien\n")
	book := [][]any{anys(officeHeader)}
	for _, row := range append([][]string{officeHeader}, officeRows...) {
		semicolons.WriteString(strings.Join(row, ";") + "\n")
	}
	for _, row := range officeRows {
		record := map[string]any{}
		for i, h := range officeHeader {
			if row[i] != "" {
				record[h] = row[i]
			}
		}
		b, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
		var cells []any
		for _, c := range row {
			cells = append(cells, c)
		}
		book = append(book, cells)
	}
	return map[string]string{"semicolons": write(t, "office.csv", semicolons.String()), "lines": write(t, "office.jsonl", lines.String()),
		"workbook": bookOf(t, map[string][][]any{"Liste": book}, nil)}
}

// edited is what a person makes of a proposal.
func edited(t *testing.T, p Proposal, change func(*Proposal)) string {
	t.Helper()
	p.Source.Series, p.Source.Title, p.Source.Publisher = "Arcadia-Office", "Register of attacks", "An office in Arcadia"
	p.Source.Licence, p.Source.Scope = "none stated", "health"
	for i := range p.Columns {
		for word := range p.Columns[i].Values {
			switch word {
			case "Plünderung":
				p.Columns[i].Values[word] = "ATT.LOO"
			case "Unbekannt":
				p.Columns[i].Values[word] = "unknown"
			}
		}
	}
	if change != nil {
		change(&p)
	}
	var b bytes.Buffer
	if _, err := p.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return write(t, "mapping.json", b.String())
}

func (p *Proposal) at(header string) *ProposedColumn {
	for i := range p.Columns {
		if p.Columns[i].Header == header {
			return &p.Columns[i]
		}
	}
	panic("no column " + header)
}

func TestAnUnknownLayoutIsProposedEditedAndImported(t *testing.T) {
	for name, path := range officeFiles(t) {
		t.Run(name, func(t *testing.T) {
			_, err := Open(path, Options{})
			wantKind(t, err, fault.Invalid, "--propose")
			p, err := Propose(path)
			if err != nil {
				t.Fatal(err)
			}
			for header, want := range map[string]string{"Fallnummer": "id id", "Datum": "date date", "Ende": "date date.end", "Land": "country country", "Provinz": "adm1 text",
				"Ort": "place text", "Täter": "actor.kind actor.kind", "Art der Tat": "codes attack", "Getötete Helfer": "worker.killed count", "Verletzte": "total.injured count",
				"Bemerkung des Büros": "description description", "Breite": "point lat", "Länge": "point lon", "Interne Spalte": " "} {
				c := p.at(header)
				if got := c.Field + " " + c.As; got != want || c.Why == "" || (c.Field == "") != (c.Confidence == 0) || c.Confidence >= 1 {
					t.Errorf("%s: %q, %v, %q; want %q", header, got, c.Confidence, c.Why, want)
				}
			}
			if len(p.Unmapped) != 1 || !strings.HasSuffix(p.Unmapped[0], " Interne Spalte") || p.Source.Redistribute != "no" || p.Source.Scope != "" {
				t.Errorf("%v %+v", p.Unmapped, p.Source)
			}
			h := readAll(t, path, Options{Mapping: edited(t, p, nil), Today: asOf})
			if len(h.rows) != 3 || h.rejects != 0 {
				t.Fatalf("%d rows, %d rejected", len(h.rows), h.rejects)
			}
			for id, want := range map[string]map[string]string{
				"A-1": {"date": "2021-03-07/2021-03-09", "country": "XAA", "adm1": "Nord", "place": "Klinik Eins", "actor.kind": "state.police", "codes": "ATT.LOO PER.KIL",
					"worker.killed": "1", "total.injured": "2..2..3", "point": "1.5,2.5", "certainty": "possible", "actor.state": ""},
				"A-2": {"date": "2021-03-25", "actor.kind": "unknown", "codes": "ATT.ARS", "worker.killed": "0", "total.injured": ""},
				"A-3": {"date": "2021-04-26", "codes": "ATT.ENT ATT.LOO PER.KIL", "worker.killed": "2"},
			} {
				for _, r := range h.rows {
					if r.ExternalID == id {
						says(t, r, want)
						if r.Series != "Arcadia-Office" || r.Namespace != "Arcadia-Office" || len(r.Raw) != len(officeHeader) {
							t.Errorf("%+v", r)
						}
					}
				}
			}
		})
	}
}

// Tags and values help where headers say nothing.
func TestProposalsByTagAndByValues(t *testing.T) {
	p, err := Propose(write(t, "a.csv", "c1,c2,c3,c4,c5\n#date,#country+name,#affected+killed,,\n2021-03-07,XAA,1,arson,Somebody came at night and set the house on fire.\n"+
		"2021-03-08,XAB,2,forced entry,Somebody broke the door and took what was there.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Table.HeaderRow != 1 || p.Table.TagRow != 2 {
		t.Errorf("%+v", p.Table)
	}
	for i, want := range []string{"date", "country", "total.killed", "codes", "description"} {
		if c := p.Columns[i]; c.Field != want {
			t.Errorf("column %d: %q, want %q: %s", i+1, c.Field, want, c.Why)
		}
	}
	contrary, err := Propose(write(t, "b.csv", "Land,Datum\nnowhere at all,tomorrow\nor there,never\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contrary.Columns {
		if c.Confidence > 0.3 {
			t.Errorf("%s is held to be %s with %v: %s", c.Header, c.Field, c.Confidence, c.Why)
		}
	}
}

func TestAMappingIsRefusedWithEveryFaultNamed(t *testing.T) {
	path := officeFiles(t)["semicolons"]
	p, err := Propose(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Proposal)
		words  []string
	}{
		"nothing filled in": {func(p *Proposal) { p.Source = ProposedSource{Redistribute: "", Reliability: ""} },
			[]string{"source.series", "source.title", "source.publisher", "source.licence", "source.scope", "source.redistribute", "source.reliability"}},
		"another register's name": {func(p *Proposal) { p.Source.Series = "sind" }, []string{"belongs to sind"}},
		"ids of another register": {func(p *Proposal) { p.Source.Namespace = "AWSD" }, []string{"belongs to awsd"}},
		"no scope of ours":        {func(p *Proposal) { p.Source.Scope = "everything" }, []string{"health, aid, civilian, cyber"}},
		"unknown field":           {func(p *Proposal) { p.at("Ort").Field = "town" }, []string{`line `, `column 6 "Ort"`, `no field "town"`}},
		"a grade of certainty":    {func(p *Proposal) { p.at("Ort").Field = "certainty" }, []string{"verified here"}},
		"wrong way":               {func(p *Proposal) { p.at("Ort").As = "count" }, []string{`place cannot be read as "count"`}},
		"unknown code":            {func(p *Proposal) { p.at("Täter").Values["Police"] = "police" }, []string{`column 7 "Täter"`, "no code of the list actor"}},
		"two for one":             {func(p *Proposal) { p.at("Ende").As = "date" }, []string{`column 3 "Ende"`, `read from "Datum" already`}},
		"no date":                 {func(p *Proposal) { p.at("Datum").Field, p.at("Ende").Field = "", "" }, []string{"no column gives the date"}},
		"no country":              {func(p *Proposal) { p.at("Land").Field = "" }, []string{"no column gives the country"}},
		"country unknown":         {func(p *Proposal) { p.Constants["country"] = "Nowhere" }, []string{"constants.country"}},
		"column not there":        {func(p *Proposal) { p.at("Ort").Header = "Stadt" }, []string{`"Stadt": the file has no such column`}},
		"header elsewhere":        {func(p *Proposal) { p.Table.HeaderRow = 400 }, []string{"header_row is 400"}},
		"no such sheet":           {func(p *Proposal) { p.Table.Sheet = "Liste" }, []string{"no such sheet"}},
		"wrong order":             {func(p *Proposal) { p.at("Datum").Order = "ydm" }, []string{"dmy or mdy"}},
		"columns moved":           {func(p *Proposal) { p.at("Datum").Header, p.at("Ort").Header = "Ort", "Datum" }, []string{"should hold what"}},
	} {
		t.Run(name, func(t *testing.T) {
			var fresh Proposal
			if err := json.Unmarshal(raw, &fresh); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path, Options{Mapping: edited(t, fresh, c.change)})
			wantKind(t, err, fault.Invalid, c.words...)
		})
	}
	good, err := os.ReadFile(edited(t, p, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, words string }{
		"broken":      {"\n  \"table\"", "\n  table", "line 14"},
		"unknown key": {`"title"`, `"titel"`, "titel"},
		"format":      {MappingFormat, "ward-mapping/9", "ward-mapping/9"},
		"two files":   {"", "{}", "follows its end"},
	} {
		body := strings.Replace(string(good), c.old, c.new, 1)
		if c.old == "" {
			body = string(good) + c.new
		}
		_, err := Open(path, Options{Mapping: write(t, "m.json", body)})
		wantKind(t, err, fault.Invalid, c.words)
		_ = name
	}
	_, err = Open(path, Options{Mapping: filepath.Join(t.TempDir(), "none.json")})
	wantKind(t, err, fault.NotFound)
	_, err = Open(path, Options{Mapping: write(t, "big.json", strings.Repeat(" ", maxMappingFile+1))})
	wantKind(t, err, fault.Limit)
}

// A later edition may move its columns: a header that stands once is found wherever it stands.
func TestAMappingReadsALaterEdition(t *testing.T) {
	p, err := Propose(officeFiles(t)["semicolons"])
	if err != nil {
		t.Fatal(err)
	}
	m := edited(t, p, nil)
	var b strings.Builder
	b.WriteString("Register, zweite Ausgabe\n")
	for _, row := range append([][]string{officeHeader}, officeRows...) {
		b.WriteString(strings.Join(append([]string{row[13], row[12]}, row[:12]...), ";") + "\n")
	}
	h := readAll(t, write(t, "later.csv", b.String()), Options{Mapping: m, Today: asOf})
	if len(h.rows) != 3 || h.rows[0].Get("worker.killed") != "1" || h.rows[0].Get("point") != "1.5,2.5" {
		t.Errorf("%+v", h.rows)
	}
}

// What is refused by name cannot be brought in by a mapping either.
func TestTotalsCannotBeMapped(t *testing.T) {
	path := write(t, "totals.csv", "Country,Year,Number Of Events\nXAA,2021,4\n")
	_, err := Propose(path)
	wantKind(t, err, fault.Refused, "ward reconcile")
	m := fmt.Sprintf(`{"format":%q,"source":{"series":"Totals-XX","title":"t","publisher":"p","licence":"l","scope":"health","redistribute":"no","reliability":"F"},
"table":{"header_row":1},"columns":[{"column":1,"header":"Country","field":"country"},{"column":2,"header":"Year","field":"date","as":"year"},{"column":3,"header":"Number Of Events","field":"total.killed"}]}`, MappingFormat)
	_, err = Open(path, Options{Mapping: write(t, "m.json", m)})
	wantKind(t, err, fault.Refused, "never incidents")
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(`{"format":"ward-mapping/1","source":{"series":"Some-One","title":"t","publisher":"p","licence":"l","scope":"health","redistribute":"no","reliability":"F"},"table":{"header_row":1},"columns":[{"column":1,"header":"Date","field":"date"},{"column":3,"header":"Country","field":"country"},{"column":15,"header":"Health Workers Killed","field":"worker.killed"}]}`))
	f.Add([]byte(`{"format":"ward-mapping/1","columns":[{},{"column":-1},`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := tryAll(write(t, "e.csv", edition(nil)), Options{Mapping: write(t, "m.json", string(data)), Today: asOf})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("not a fault of the file: %v", err)
		}
		for _, r := range h.rows {
			checkRow(t, r)
		}
	})
}

func FuzzPropose(f *testing.F) {
	f.Add([]byte("a;b\n1;2\n"))
	f.Add([]byte("#date,#geo+lat\n2021,1\n"))
	f.Add([]byte("{\"a\":{\"b\":[1,{\"c\":2}]}}\n{\"a\":1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Propose(write(t, "in", string(data)))
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatal(err)
		}
		for _, c := range p.Columns {
			if c.Confidence < 0 || c.Confidence > sureOf || c.Field != "" && len(waysOf(c.Field)) == 0 {
				t.Fatalf("%+v", c)
			}
		}
	})
}
