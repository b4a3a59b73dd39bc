package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"
	"ward/internal/realdata"
)

// expected is what a person read in one of the texts, by eye: the norm, the years
// of its life, and counts.
type expected struct {
	file    string
	index   int
	norm    string // id in the corpus, "" = none
	life    string // event year/month, in order
	clauses int
	recs    int
	asked   string // addressee=count, in order of appearance
	unread  int
}

var bySeed = []expected{
	{"000", 1, "WMA-IRAN-2025", "adopted 2009/10, revised 2021/10 online, reaffirmed_minor 2025/10", 11, 1,
		"government of the Islamic Republic of Iran=1", 0},
	{"000", 2, "WMA-GAZA-2025", "adopted 2025/10", 4, 10, "government of Israel=7 NMA=1 WHO=1 governments=1", 0},
	{"000", 3, "WMA-ETHICSDAY-2025", "adopted 2003/9, reaffirmed 2013/4, reaffirmed 2020/10 online, reaffirmed_minor 2025/10", 0, 1, "NMA=1", 0},
	{"000", 4, "WMA-EVENTS-2023", "adopted 2023/10", 0, 1, "medical community=1", 0},
	{"000", 5, "WMA-ICOME-2022", "adopted 1949/10, revised 1968/8, revised 1983/10, revised 2006/10, revised 2022/10", 40, 40,
		"others who are involved in healthcare=1 physicians=39", 3},
	{"000", 6, "WMA-MEMORY-2017", "adopted 2017/10", 11, 6, "NMA=6", 0},
	{"000", 7, "WMA-FORCEDEXAM-2022", "adopted 2017/10, reaffirmed_minor 2022/10", 4, 6, "NMA=3 physicians=1 health professionals=1 WHO=1", 0},
	{"000", 8, "WMA-KUNI-2017", "adopted 2017/4, reaffirmed 2020/10 online as Resolution, rescinded 2024/10", 0, 6, "NMA=3 health community=3", 0},
	{"000", 9, "WMA-KIGALI-2023", "adopted 2002/10, revised 2012/10, revised 2023/10, renamed 2024/10 as Declaration of Kigali", 9, 12,
		"physicians=1 health care institutions=5 medical profession=5 stakeholders=1", 0},
	{"000", 10, "WMA-TOKYOAUDIT-2021", "adopted 2011/10, reaffirmed_minor 2021/10 online", 6, 9,
		"=2 NMA=1 WMA=4 medical profession=1 governments=1", 0},
	{"001", 1, "WMA-SOCIAL-2022", "adopted 2011/10, revised 2022/10", 16, 16, "NMA=16", 5},
	{"002", 1, "WMA-CYBER-2016", "adopted 2016/10", 7, 9,
		"governments=1 policy makers=1 operators of vital infrastructure=1 NMA=1 health care institutions=2 physicians=1 medical education=1 public and private bodies=1", 1},
	{"003", 1, "", "", 0, 3, "medical journals=1 professional bodies=1 health care organizations=1", 2},
}

func lifeLine(life []Event) string {
	var out []string
	for _, e := range life {
		s := fmt.Sprintf("%s %d/%d", e.Event, e.Year, e.Month)
		if e.Online {
			s += " online"
		}
		if e.As != "" {
			s += " as " + e.As
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func askedLine(recs []Recommendation) string {
	var order []string
	count := map[string]int{}
	for _, r := range recs {
		if count[r.Addressee]++; count[r.Addressee] == 1 {
			order = append(order, r.Addressee)
		}
	}
	for i, who := range order {
		order[i] = fmt.Sprintf("%s=%d", who, count[who])
	}
	return strings.Join(order, " ")
}

func seeds(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(realdata.Path(t, "seeds"), "*.txt"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%d seed files, want 4 (%v)", len(files), err)
	}
	return files
}

func TestImportReadsTheFourFiles(t *testing.T) {
	var all []Text
	for _, path := range seeds(t) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		texts, err := Import(filepath.Base(path), f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, texts...)
	}
	compare(t, all, true)
}

// TestImportReadsFilesPutTogether joins the four as they are: none ends with a
// line break, so titles stick to last lines.
func TestImportReadsFilesPutTogether(t *testing.T) {
	var body strings.Builder
	for _, path := range seeds(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		body.Write(b)
	}
	texts, err := Import("all.txt", strings.NewReader(body.String()))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, texts, false)
}

func compare(t *testing.T, texts []Text, places bool) {
	t.Helper()
	if len(texts) != len(bySeed) {
		t.Fatalf("%d texts, want %d", len(texts), len(bySeed))
	}
	for i, want := range bySeed {
		got := texts[i]
		if places && (!strings.HasPrefix(got.File, want.file) || got.Index != want.index) {
			t.Errorf("text %d stands at %s %d", i, got.File, got.Index)
		}
		if life := lifeLine(got.Life); life != want.life {
			t.Errorf("text %d: life %s", i, life)
		}
		if n, _ := Load().Norm(want.norm); want.norm != "" && got.TitleGuess != n.Title {
			t.Errorf("text %d: title %q", i, got.TitleGuess)
		}
		if len(got.Clauses) != want.clauses || len(got.Recommendations) != want.recs || len(got.Unread) != want.unread {
			t.Errorf("text %d: %d clauses, %d recommendations, %d unread", i, len(got.Clauses), len(got.Recommendations), len(got.Unread))
		}
		if asked := askedLine(got.Recommendations); asked != want.asked {
			t.Errorf("text %d asks %s", i, asked)
		}
		if n, ok := Load().Norm(want.norm); ok && lifeLine(n.Events) != want.life {
			t.Errorf("text %d: the corpus tells another life: %s", i, lifeLine(n.Events))
		}
	}
}

func TestNumbersRestartAndIndexTells(t *testing.T) {
	texts := imported(t, "Adopted by the 1st WMA General Assembly, Port One, Xanadu, May 2001\n\n"+
		"1. One.\n2. Two:\n• x y;\n• y z.\n1. Three.\n2. Four.\n\n5.1   Five.\n(6) Six.\na) Seven.\n")
	var got []string
	for _, c := range texts[0].Clauses {
		got = append(got, fmt.Sprintf("%d=%s", c.Index, c.Number))
	}
	if s := strings.Join(got, " "); s != "1=1 2=2 3=1 4=2 5=5.1 6=6 7=a" {
		t.Error(s)
	}
}

func imported(t *testing.T, body string) []Text {
	t.Helper()
	texts, err := Import("x.txt", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestHashSurvivesRetyping(t *testing.T) {
	hash := func(body string) string { return imported(t, body)[0].Clauses[0].SHA256 }
	base := hash("A title\n\n1. He said “no” – and left.\n")
	if base != hash("A title\n\n3)\u00a0 He said \"no\"  -\tand left.") {
		t.Error("quotes, dashes, blanks and the number change the hash")
	}
	if base == hash("A title\n\n1. He said “yes” – and left.\n") {
		t.Error("another word keeps the hash")
	}
}

func TestLife(t *testing.T) {
	for head, want := range map[string]string{
		"Adopted by the 12th\nWorld Medical Assembly, Port One, Xanadu, October 1975\nand editorially revised by the 17th\nWMA Council Session, Port Two, Xanadu,\nMay 2005\nand the 18th\nWMA Council Session, Port Two, Xanadu, May 2006":                                                               "adopted 1975/10, editorially_revised 2005/5, editorially_revised 2006/5",
		"Adopted by the 1st WMA General Assembly, Port One, Xanadu, June 1964\nand amended by the:\n2nd WMA General Assembly, Port Two, Xanadu, October 1975\n3rd WMA General Assembly, Port, Xanadu 2002 (Note of Clarification added)\nand by the 4th WMA General Assembly, Port, Xanadu, October 2024": "adopted 1964/6, revised 1975/10, revised 2002/0, revised 2024/10",
		"Adopted as a Council Resolution by the 18th WMA Council Session, Port, Xanadu, April 2011 and\nadopted by the 6th WMA General Assembly, Port, Xanadu, October 2011\nand rescinded and archived by the WMA General Assembly, Port, Xanadu, October 2024":                                          "adopted 2011/4 as Council Resolution, adopted 2011/10, rescinded 2024/10",
		"Adopted by the 3rd World Medical Assembly, Port, Xanadu, September/October 1981, revised by the 5th WMA General Assembly, Port, Xanadu, October 2005 and reaffirmed by the 20th WMA Council Session, Port, Xanadu, 15 April 2015.":                                                               "adopted 1981/9, revised 2005/10, reaffirmed 2015/4",
		"Adopted by the World Medical Association General Assembly, Port, Xanadu, October 2006, revised and reclassified as a Statement by the 7th WMA General Assembly (online), Port, Xanadu, October 2020":                                                                                             "adopted 2006/10, revised 2020/10 online, reclassified 2020/10 online as Statement",
		"Adopted by the 3rd WMA General Assembly, Port, Xanadu, 2003\n\nrenamed “Declaration of Port” by the 4th WMA General Assembly, Port, Xanadu, 2004\nand archived by the 9th WMA Council, Port, Xanadu, 2009":                                                                                       "adopted 2003/0, renamed 2004/0 as Declaration of Port, archived 2009/0",
		"Adopted by the Board of the Xanadu Medical Association, Port, March 2019": "adopted 2019/3",
	} {
		texts := imported(t, "The WMA on Something\n\n"+head+"\n\nPREAMBLE\n\nProse that is long enough to be a body of a text.\n")
		if len(texts) != 1 || lifeLine(texts[0].Life) != want || len(texts[0].Unread) != 0 {
			t.Errorf("%q:\n got %s\nwant %s (%d texts, unread %q)", head, lifeLine(texts[0].Life), want, len(texts), texts[0].Unread)
		}
	}
}

func TestCircumstances(t *testing.T) {
	life := imported(t, "Adopted by the 53rd WMA General Assembly, Port One, DC, Xanadu, October 2002, and\nrevised by the 218th Council session (online), Port Two, Xanadu, October 2021\n\nBody text stands here.\n")[0].Life
	want := []Event{{Adopted, "", "General Assembly", 53, "Port One, DC, Xanadu", false, 2002, 10},
		{Revised, "", "Council", 218, "Port Two, Xanadu", true, 2021, 10}}
	if len(life) != 2 || life[0] != want[0] || life[1] != want[1] {
		t.Errorf("%+v", life)
	}
}

func TestProseAboutAdoptionIsNoLife(t *testing.T) {
	texts := imported(t, "WMA Statement on Something\n\nAdopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\n"+
		"Some text that is a body.\n\nAdopted in 2002, it was revised by the Council because it had aged.\n\n"+
		"Revised by the Council in 2010, the text has since then been a help for all who use it in their work.\n")
	if len(texts) != 1 {
		t.Errorf("%d texts", len(texts))
	}
}

func TestListingIsNoText(t *testing.T) {
	texts := imported(t, "WMA Statement on Something\n\nAdopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\nA body.\n\n"+
		"Ethics, Privacy, Something Else\n\nWMA Statement on A\n\nAdopted by the 4th WMA General Assembly, Port, Xanadu, May 2004\n\n"+
		"WMA Statement on B\n\nAdopted by the 66th WMA General Assembly, Far Away, Octo...\n")
	if len(texts) != 1 || len(texts[0].Unread) != 5 {
		t.Errorf("%d texts, unread %q", len(texts), texts[0].Unread)
	}
}

func TestRecommendations(t *testing.T) {
	const head = "Adopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\nRECOMMENDATIONS\n\n"
	for body, want := range map[string]string{
		"The WMA urges:\n\nNational Medical Associations to:\n\n 1. Act.\n 2. Help.\n\nGovernments to:\n\n 1. Pay.\n": "urge NMA; urge NMA; urge governments",
		"Physicians should:\n a) listen;\n b) speak.\n":                                                               "should physicians; should physicians",
		"The WMA recommends that:\n\n1. Physicians should listen.\n2. A register be kept.\n":                          "should physicians; recommend ",
		"1. The WMA Council strongly urges the Xanadian authorities to:\n• stop;\n• start.\n2. Done.\n":               "urge Xanadian authorities; urge Xanadian authorities",
		"We call on governments and the WHO to act. Members are encouraged to report.\n":                              "call on governments; call on WHO; encourage NMA",
		"1. Reaffirms a text which encourages doctors to act and states that, in war, physicians should act.\n":       "",
		"1. Physicians must be protected.\n2. Patients’ rights must stand.\n":                                         "",
		"1. The Government of North Xanadu should act. It must pay.\n":                                                "should government of North Xanadu",
		"1. Calls on its Constituent Members, physicians and other health professionals, to stand firm.\n":            "call on NMA; call on physicians; call on health professionals",
		"1. Invites the Xanadu Chess Club to play.\n":                                                                 "invite Xanadu Chess Club",
	} {
		var got []string
		for _, r := range imported(t, head+body)[0].Recommendations {
			got = append(got, r.Verb+" "+r.Addressee)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q:\n got %s\nwant %s", body, s, want)
		}
	}
}

func TestDutiesInAPreambleDoNotCount(t *testing.T) {
	texts := imported(t, "Adopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\nPREAMBLE\n\n1. Physicians must act.\n\nGeneral principles\n\n2. Physicians must help.\n")
	if recs := texts[0].Recommendations; len(recs) != 1 || recs[0].Number != "2" {
		t.Errorf("%+v", recs)
	}
}

func TestTitles(t *testing.T) {
	const life = "Adopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\nA body of a text.\n\n"
	texts := imported(t, "HANDBOOK OF THE PORT\nON SOMETHING NEW\n"+life+"Care under Siege\n\n"+life+"Xanadian translation\n\n"+life)
	var got []string
	for _, x := range texts {
		got = append(got, x.TitleGuess)
	}
	if s := strings.Join(got, "|"); s != "HANDBOOK OF THE PORT ON SOMETHING NEW|Care under Siege|" {
		t.Error(s)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestHostileFilesAreRefusedWithAdvice(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		kind fault.Kind
	}{
		"binary":     {"PK\x03\x04\x00\x00", fault.Invalid},
		"not UTF-8":  {"Adopted by \xff\xfe", fault.Invalid},
		"empty":      {"", fault.Invalid},
		"blank":      {" \n\u00a0\n", fault.Invalid},
		"long line":  {strings.Repeat("a", maxLine+1), fault.Limit},
		"large file": {strings.Repeat("a line of text\n", maxFile/15+2), fault.Limit},
	} {
		_, err := Import("x", strings.NewReader(c.body))
		if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), ".") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Import("x", failing{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("failing reader: %v", err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("Adopted by the 3rd WMA General Assembly, Port, Xanadu, May 2003\n\n1. The WMA urges members to:\n• act;\n")
	f.Add("A TITLE OF AN ASSOCIATION HERE\n\nWe call upon governments to act.\n1.\nText\n")
	f.Add("Adopted by the\n\n5.1 x\n(a) y\nAdopted by the 66th WMA General Assembly, Octo...")
	f.Add("and renamed “” by the 4th Council 2004 (online)\n—\n• :\n1. :")
	f.Fuzz(func(t *testing.T, body string) {
		texts, err := Import("f", strings.NewReader(body))
		if err != nil {
			return
		}
		for i, x := range texts {
			if x.Index != i+1 || x.Life == nil || x.Clauses == nil || x.Recommendations == nil || x.Unread == nil {
				t.Fatalf("text %d: %+v", i, x)
			}
			for j, c := range x.Clauses {
				if c.Index != j+1 || len(c.SHA256) != 64 {
					t.Fatalf("clause %d: %+v", j, c)
				}
			}
			for j, r := range x.Recommendations {
				if r.Index != j+1 || r.Clause > len(x.Clauses) || r.Verb == "" {
					t.Fatalf("recommendation %d: %+v", j, r)
				}
			}
			for _, e := range x.Life {
				if e.Month < 0 || e.Month > 12 || e.Event == "" {
					t.Fatalf("event %+v", e)
				}
			}
		}
	})
}
