package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/policy"
)

func stepRow(value, day string, change ...func(*Row)) Row {
	r := Row{Kind: KindStep, Clause: units, Year: 2022, Value: value, Date: day, Coder: "Reed"}
	if value == StepFrozen || value == StepSuperseded {
		r.Clause = ""
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

func on(day string) func(*Row) { return func(r *Row) { r.Date = day } }

// course22 is the whole way of the cell R28 2022 to publication.
func course22() []Row {
	return []Row{stepRow(StepFrozen, "2023-01-10"), level(F2, "Ann", on("2023-02-01")), level(F2, "Ben", on("2023-02-02")), stepRow(StepDraft, "2023-03-01"),
		stepRow(StepSent, "2023-03-02"), stepRow(StepNoReply, "2023-05-02"), stepRow(StepFinal, "2023-05-03"), stepRow(StepPublished, "2023-05-04")}
}

func oneProbable(t testing.TB) []Incident { return []Incident{attack(t, "a", "2022-01-01")} }

func TestEveryMoveNamesStagesThatThereAre(t *testing.T) {
	reached := map[string]bool{StageScheduled: true}
	for _, m := range moves {
		reached[m.To] = true
	}
	names := map[string]bool{}
	for _, m := range moves {
		for _, from := range m.From {
			if !reached[from] {
				t.Errorf("%s leads from %q, which nothing reaches", m.Name, from)
			}
		}
		if names[m.Name] {
			t.Errorf("%s stands twice", m.Name)
		}
		names[m.Name] = true
	}
	for _, value := range slices.Concat(valuesOf[KindStep]) {
		if !names[value] {
			t.Errorf("the step %s is no move", value)
		}
	}
}

// The diagram of docs/life-of-a-cell.md has every move, and no other.
func TestTheDiagramShowsTheMoves(t *testing.T) {
	page, err := os.ReadFile("../docs/life-of-a-cell.md")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for _, m := range moves {
		for _, from := range m.From {
			want = append(want, from+" --> "+m.To+": "+m.Name)
		}
		if !bytes.Contains(page, []byte("\n| "+m.Name+" |")) {
			t.Errorf("the page does not say who makes the move %s", m.Name)
		}
	}
	var got []string
	for line := range strings.Lines(string(page)) {
		if line = strings.TrimSpace(line); strings.Contains(line, " --> ") && !strings.HasPrefix(line, "[*]") {
			got = append(got, line)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the diagram shows\n%s\nand the table\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestACellWaitsForWhatIsMissing(t *testing.T) {
	way := course22()
	for _, c := range []struct {
		rows  int
		stage string
		next  string
	}{
		{0, StageScheduled, needCutOff}, {1, StageFrozen, needTwo}, {2, StageFrozen, needSecond}, {3, StageCoded, needDraft}, {4, StageDraft, needSending},
		{5, StageSent, needReply}, {6, StageNoReply, needFinal}, {7, StageFinal, needPublished}, {8, StagePublished, ""},
	} {
		s := cellAt(t, build(t, oneProbable(t), way[:c.rows]...), units, 2022).Standing
		next := ""
		if len(s.Next) > 0 {
			next = s.Next[0].Key
		}
		if s.Stage != c.stage || next != c.next {
			t.Errorf("after %d rows: %s waits for %q, want %s and %q", c.rows, s.Stage, next, c.stage, c.next)
		}
	}
}

func TestAStepThatTheTableDoesNotAllowIsRefused(t *testing.T) {
	way := course22()
	for i := 3; i < len(way); i++ { // each step left out stops those after it, or the cell at least
		rows := slices.Delete(slices.Clone(way), i, i+1)
		r := build(t, oneProbable(t), rows...)
		if i < len(way)-1 && !slices.ContainsFunc(r.Refused, func(f Refused) bool { return f.Why == whyOutOfOrder }) {
			t.Errorf("without %s: refused %+v", way[i].Value, r.Refused)
		}
		if stage := cellAt(t, r, units, 2022).Standing.Stage; stage == StagePublished {
			t.Errorf("without %s the cell is published", way[i].Value)
		}
	}
	if r := build(t, nil, stepRow(StepDraft, "2023-01-01", func(r *Row) { r.Clause, r.Year = "", 0 })); len(r.Refused) != 1 || r.Refused[0].Why != whyIdle {
		t.Errorf("a draft of nothing: %+v", r.Refused)
	}
}

func TestNoReplyIsNotedBeforeSixtyDays(t *testing.T) {
	way := course22()[:5]
	for day, want := range map[string]string{"2023-04-30": StageSent, "2023-05-01": StageNoReply} {
		s := cellAt(t, build(t, oneProbable(t), append(slices.Clone(way), stepRow(StepNoReply, day))...), units, 2022).Standing
		if s.Stage != want || s.Stage == StageSent && s.Due != "2023-05-01" {
			t.Errorf("on %s: %+v", day, s)
		}
	}
}

func TestADenialMovesTheProcedureAndNotTheLevel(t *testing.T) {
	denial := Row{Kind: KindReply, Clause: units, Year: 2022, Value: "received", Date: "2023-03-20", Source: "https://ministry.example/1"}
	way := course22()[:5]
	before, after := cellAt(t, build(t, oneProbable(t), way...), units, 2022), cellAt(t, build(t, oneProbable(t), append(way, denial)...), units, 2022)
	if after.Standing.Stage != StageReplied || after.Reply == nil || after.Outcome != F2 || after.Proposed != before.Proposed || after.Floor != before.Floor {
		t.Errorf("%+v", after)
	}
	early := denial
	early.Date = "2022-12-01"
	if s := cellAt(t, build(t, oneProbable(t), append(slices.Clone(way), early)...), units, 2022).Standing; s.Stage != StageSent {
		t.Errorf("a reply to something else moves the cell to %s", s.Stage)
	}
}

func TestCodingBeforeTheFreezeIsDoneAgain(t *testing.T) {
	rows := []Row{level(F2, "Ann", on("2022-12-01")), level(F2, "Ben", on("2022-12-02")), stepRow(StepFrozen, "2023-01-10")}
	s := cellAt(t, build(t, oneProbable(t), rows...), units, 2022).Standing
	if s.Stage != StageFrozen || s.Next[0].Key != needAgain {
		t.Errorf("%+v", s)
	}
}

func TestAFinalLevelChangesOnlyByACorrection(t *testing.T) {
	later := []Row{level(F1, "Ann", on("2023-06-01")), level(F1, "Ben", on("2023-06-01"))}
	rows := append(course22(), later...)
	if c := cellAt(t, build(t, oneProbable(t), rows...), units, 2022); c.Outcome != F2 || c.Standing.Stage != StagePublished {
		t.Errorf("%s, %s", c.Outcome, c.Standing.Stage)
	}
	correction := Row{Kind: KindCorrection, Clause: units, Year: 2022, Value: "level", Date: "2023-06-02", Coder: "Reed", Was: F2, Now: F1, Note: "misread"}
	c := cellAt(t, build(t, oneProbable(t), append(rows, correction)...), units, 2022)
	if c.Outcome != F1 || c.Standing.Stage != StageCorrected {
		t.Errorf("corrected: %s, %s", c.Outcome, c.Standing.Stage)
	}
	early := correction
	early.Date = "2023-05-01" // nothing is published yet
	if r := build(t, oneProbable(t), append(rows, early)...); !slices.ContainsFunc(r.Refused, func(f Refused) bool { return f.Kind == KindCorrection }) {
		t.Errorf("a correction of nothing published: %+v", r.Refused)
	}
}

func TestAnAppealIsDecidedByAPanelOfOthers(t *testing.T) {
	appeal := func(value, day string) Row {
		return Row{Kind: KindAppeal, Clause: units, Year: 2022, Value: value, Date: day, Body: "the ministry"}
	}
	member := func(name string) Row {
		return level(F1, name, on("2023-07-01"), func(r *Row) { r.Role = RolePanel })
	}
	filed := append(course22(), appeal(AppealFiled, "2023-06-01"))
	for what, c := range map[string]struct {
		rows           []Row
		stage, outcome string
	}{
		"filed":                    {nil, StagePanel, F2},
		"allowed by nobody":        {[]Row{appeal(AppealAllowed, "2023-07-02")}, StagePanel, F2},
		"allowed by one":           {[]Row{member("Oak"), appeal(AppealAllowed, "2023-07-02")}, StagePanel, F2},
		"allowed by a coder":       {[]Row{member("Oak"), member("Ann"), appeal(AppealAllowed, "2023-07-02")}, StagePanel, F2},
		"allowed by two":           {[]Row{member("Oak"), member("Elm"), appeal(AppealAllowed, "2023-07-02")}, StageDraft, F1},
		"dismissed":                {[]Row{appeal(AppealDismissed, "2023-07-02")}, StagePublished, F2},
		"decided without the word": {[]Row{member("Oak"), member("Elm"), stepRow(StepDecided, "2023-07-02")}, StagePanel, F1},
	} {
		cell := cellAt(t, build(t, oneProbable(t), append(slices.Clone(filed), c.rows...)...), units, 2022)
		if cell.Standing.Stage != c.stage || cell.Outcome != c.outcome {
			t.Errorf("%s: %s, %s; want %s, %s", what, cell.Standing.Stage, cell.Outcome, c.stage, c.outcome)
		}
	}
	if r := build(t, oneProbable(t), append(course22(), appeal(AppealDismissed, "2023-07-02"))...); len(r.Refused) != 1 {
		t.Errorf("dismissed without an appeal: %+v", r.Refused)
	}
}

func TestLowAgreementGoesToThePanelWhateverYearsAreShown(t *testing.T) {
	var rows []Row
	for y := range 12 {
		at := func(r *Row) { r.Year, r.State = 2012+y, us }
		rows = append(rows, level([]string{N0, F1}[y%2], "Ann", at, on("2023-02-01")), level([]string{F1, N0}[y%2], "Ben", at, on("2023-02-01")))
	}
	freeze := stepRow(StepFrozen, "2023-01-10", func(r *Row) { r.State = us })
	for _, from := range []int{2012, 2022} {
		r, err := Build(Input{State: us, From: from, To: 2022, Incidents: oneProbable(t), Rows: append(rows, freeze)}, policy.Load())
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Agreement[0]; a.Verdict != verdictPanel || a.Pairs != 12 {
			t.Errorf("from %d: %+v", from, a)
		}
		if s := cellAt(t, r, units, 2022).Standing; s.Stage != StagePanel {
			t.Errorf("from %d: %+v", from, s)
		}
	}
}

func TestWhoIsTiedToTheStateDoesNotCount(t *testing.T) {
	tie := func(value, day string) Row { return Row{Kind: KindConflict, Value: value, Coder: "ben", Date: day} }
	both := []Row{level(F2, "Ann"), level(F2, "Ben")}
	for what, c := range map[string]struct {
		rows []Row
		want string
	}{
		"declared nothing":   {nil, F2},
		"declared no tie":    {[]Row{tie(NoConflict, "2022-01-01")}, F2},
		"a national":         {[]Row{tie("national", "2022-01-01")}, N0},
		"no longer tied":     {[]Row{tie("other", "2022-01-01"), tie(NoConflict, "2022-06-01")}, F2},
		"of the other party": {[]Row{tie("belligerent", "2022-01-01")}, N0},
	} {
		r := build(t, oneProbable(t), append(slices.Clone(both), c.rows...)...)
		if got := cellAt(t, r, units, 2022).Outcome; got != c.want || (got == N0) != (len(r.Refused) == 1) {
			t.Errorf("%s: %s, refused %+v", what, got, r.Refused)
		}
	}
}

func TestTheFreezeOfAYearHoldsUntilItIsSuperseded(t *testing.T) {
	steps := func(rows ...Row) (out []Recorded) {
		for i, r := range rows {
			out = append(out, Recorded{r, time.Unix(int64(i), 0)})
		}
		return out
	}
	first, second := stepRow(StepFrozen, "2023-01-10"), stepRow(StepFrozen, "2023-06-10", func(r *Row) { r.Until = "2023-05-31" })
	over := stepRow(StepSuperseded, "2023-06-01")
	for what, c := range map[string]struct {
		steps []Recorded
		want  string
	}{
		"open": {nil, ""}, "frozen": {steps(first), "2023-01-10"}, "a second freeze": {steps(first, second), "2023-01-10"},
		"superseded": {steps(first, over), ""}, "frozen again": {steps(first, over, second), "2023-05-31"},
	} {
		if f, ok := FreezeOf(c.steps, 2022); f.CutOff != c.want || ok != (c.want != "") {
			t.Errorf("%s: %+v", what, f)
		}
		if _, ok := FreezeOf(c.steps, 2021); ok {
			t.Errorf("%s: another year is frozen", what)
		}
	}
	if got := CutOff(steps(first), 2022, 2022) + "|" + CutOff(steps(first), 2021, 2022); got != "2023-01-10|" {
		t.Errorf("cut-off of the whole audit: %s", got)
	}
}

func TestWhatIsDatedOrEnteredAfterTheFreezeStaysOut(t *testing.T) {
	late := func(i *Incident) { i.Late = true }
	all := []Incident{attack(t, "a", "2022-06-30"), attack(t, "b", "2022-07-01"), attack(t, "c", "2022-05-01", late), attack(t, "d", "2023-07-01")}
	r := build(t, all, stepRow(StepFrozen, "2022-06-30"))
	if c := cellAt(t, r, units, 2022); !slices.Equal(c.Incidents, []string{"a"}) || c.Standing.CutOff != "2022-06-30" {
		t.Errorf("%v %+v", c.Incidents, c.Standing)
	}
	if c := cellAt(t, r, units, 2023); !slices.Equal(c.Incidents, []string{"d"}) {
		t.Errorf("the open year: %v", c.Incidents)
	}
	for _, key := range []string{outCutOff, outLate} {
		if !slices.ContainsFunc(r.NotKnown, func(g Gap) bool { return g.Key == key && g.N == 1 }) {
			t.Errorf("%s is not counted: %+v", key, r.NotKnown)
		}
	}
}

func TestTreatiesAreReservedLeftAndJoinedAgain(t *testing.T) {
	row := func(kind, clause string, year int, change ...func(*Row)) Row {
		r := Row{Kind: kind, Clause: clause, Year: year, Value: valuesOf[kind][0], Source: "depositary"}
		for _, f := range change {
			f(&r)
		}
		return r
	}
	const clause = "AP1:16.1"
	r := build(t, nil, row(KindParty, "AP1", 2000), row(KindWithdrawal, "AP1", 2021), row(KindParty, "AP1", 2023),
		row(KindReservation, clause, 2000, func(r *Row) { r.Until = "2020-05-01" }), row(KindReservation, "NO:1", 2000), row(KindWithdrawal, clause, 2000))
	for year, want := range map[int]string{2020: "party since 2000; reserved since 2000", 2021: "withdrawn since 2021", 2022: "withdrawn since 2021", 2023: "party since 2023"} {
		c := cellAt(t, r, clause, year)
		if c.Binding != want || c.Binds != strings.HasPrefix(want, "party") || c.Reserved != (year == 2020) {
			t.Errorf("%d: %q, binds %v, reserved %v", year, c.Binding, c.Binds, c.Reserved)
		}
	}
	if len(r.Refused) != 2 {
		t.Errorf("refused %+v", r.Refused)
	}
}

func TestWhatWouldRaiseALevelIsNamed(t *testing.T) {
	two := []Incident{attack(t, "a", "2022-01-01", at("P")), attack(t, "b", "2022-02-01", at("P"))}
	for what, c := range map[string]struct {
		all  []Incident
		rows []Row
		want string
	}{
		"nothing, not graded": {nil, nil, needPossible + " " + needGrade},
		"nothing, closed":     {nil, []Row{grade("I5", "Ann"), grade("I5", "Ben")}, needPossible + " " + needAccess},
		"nothing, open":       {nil, []Row{grade("I1", "Ann"), grade("I1", "Ben")}, needPossible + " " + needAgreedN1},
		"a possible one":      {[]Incident{attack(t, "a", "2022-01-01", sure("possible"))}, nil, needOrigin},
		"two in one place":    {two, nil, needMore + "1 " + needElsewhere + " " + needOrder},
		"three of one origin": {append(slices.Clone(two), attack(t, "c", "2022-03-01", at("Q"), root("root of a"))), nil, needApart + " " + needOrder},
		"a pattern":           {append(slices.Clone(two), attack(t, "c", "2022-03-01", at("Q"))), nil, needLaw},
	} {
		var got []string
		for _, n := range cellAt(t, build(t, c.all, c.rows...), units, 2022).Standing.Raise {
			got = append(got, n.Key+strings.TrimPrefix(itoa(n.N), "0"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", what, got, c.want)
		}
	}
}

func TestEveryNeedHasItsWords(t *testing.T) {
	r := arcadiaReport(t)
	for _, c := range r.Cells {
		if c.Standing == nil {
			continue
		}
		for _, n := range slices.Concat(c.Standing.Next, c.Standing.Raise) {
			if r.Method.Definitions[n.Key] == "" {
				t.Errorf("%s has no words", n.Key)
			}
		}
	}
	for _, f := range r.Refused {
		if r.Method.Definitions[f.Why] == "" {
			t.Errorf("%s has no words", f.Why)
		}
	}
}

// A row without the later columns says what it always said: its id and its commitment stay.
func TestLaterColumnsLeaveEarlierRowsAsTheyWere(t *testing.T) {
	old := Row{Kind: KindOutcome, State: us, Clause: units, Year: 2022, Value: F2, Coder: "Ann", Date: "2023-01-01"}
	if got := old.Digest(); got != "460d02900d15e4af4467642c2635a57444b24324d382c2041a4b03d704d85e55" || len(old.Fields()) != 13 {
		t.Errorf("%s, %d fields", got, len(old.Fields()))
	}
	seen := map[string]bool{}
	for _, change := range []func(*Row){func(*Row) {}, func(r *Row) { r.Body = "x" }, func(r *Row) { r.Until = "x" }, func(r *Row) { r.Was = "x" }, func(r *Row) { r.Now = "x" }} {
		row := old
		change(&row)
		seen[row.Digest()] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d digests of five rows", len(seen))
	}
}

func TestRepliesAreKeptAsAHistory(t *testing.T) {
	r := arcadiaReport(t)
	var got []string
	for _, row := range Speaking(r.Replies, units, 2020) {
		got = append(got, row.Value)
	}
	if strings.Join(got, " ") != "D received asked" {
		t.Errorf("%v", got)
	}
	var b bytes.Buffer
	if err := r.WriteCSV(&b); err != nil || !strings.Contains(b.String(), "CIHL:R28,2020,F1,two_coders") {
		t.Errorf("%v", err)
	}
	line := b.String()[strings.Index(b.String(), "XAA,CIHL:R28,2023,"):]
	line, _, _ = strings.Cut(line, "\n")
	if !strings.HasSuffix(line, ",published,2025-06-10,2023-11-30,level_carried,second_origin,false,1,0,0,partial=1 refused=1,C=1 none=1") {
		t.Errorf("%s", line)
	}
}

func TestCheckRebuildsTheProcedureAndFindsWhatWasTampered(t *testing.T) {
	good := string(written(t, arcadia(t)))
	if got, err := Check(strings.NewReader(good), policy.Load()); err != nil || !got.Same() {
		t.Fatalf("%v %v", got.Differ, err)
	}
	for what, c := range map[string][3]string{
		"a stage":                 {`"stage":"corrected"`, `"stage":"published"`, "cell CIHL:R28 in 2020 differs: standing"},
		"a date":                  {`"stage":"corrected","since":"2025-07-01"`, `"stage":"corrected","since":"2025-06-11"`, "cell CIHL:R28 in 2020 differs: standing"},
		"who gave a level":        {`{"role":"panel","coder":"Panel Oak","value":"F2"`, `{"role":"panel","coder":"Panel Elm","value":"F2"`, "cell CIHL:R25 in 2021 differs: standing"},
		"what is missing":         {`"next":[{"key":"need_second_coder"}]`, `"next":[{"key":"need_draft"}]`, "cell CIHL:R28 in 2016 differs: standing"},
		"a day of the sixty":      {`"due":"2025-05-01"`, `"due":"2025-04-01"`, "cell UNSC-2286 in 2021 differs: standing"},
		"the freeze taken away":   {`{"year":2021,"value":"frozen","coder":"Editor Reed","role":"editor","date":"2025-01-31"},` + "\n", ``, "cell CIHL:R28 in 2021 differs: standing"},
		"the cut-off moved":       {`"until":"2023-11-30"`, `"until":"2023-12-31"`, "cell CIHL:R28 in 2023 differs: standing"},
		"a correction taken away": {`{"clause":"CIHL:R28","year":2020,"value":"level","coder":"Editor Reed"`, `{"clause":"CIHL:R28","year":2021,"value":"level","coder":"Editor Reed"`, "cell CIHL:R28 in 2020 differs"},
		"an appeal's outcome":     {`"value":"dismissed"`, `"value":"allowed"`, "cell CIHL:R28 in 2021 differs: standing"},
		"a reservation dropped":   {`"reserved":true`, `"reserved":false`, "cell AP1:16.1 in 2015 differs: reserved"},
		"a withdrawal's year":     {`"year":2021,"value":"withdrawn"`, `"year":2019,"value":"withdrawn"`, "in 2019 differs: binding"},
		"a tie undone":            {`"value":"national"`, `"value":"none"`, "cell CIHL:R28 in 2016 differs"},
		"a rule said to be kept":  {`"rule":"g","kept":"not"`, `"rule":"g","kept":"kept"`, "method differs: kept"},
		"the count of published":  {`"published":5`, `"published":9`, "summary differs: published"},
	} {
		changed := strings.Replace(good, c[0], c[1], 1)
		if changed == good {
			t.Errorf("%s: nothing to change", what)
			continue
		}
		got, err := Check(strings.NewReader(changed), policy.Load())
		if err != nil || !slices.ContainsFunc(got.Differ, func(d Difference) bool { return strings.Contains(d.String(), c[2]) }) {
			t.Errorf("%s: %v %v, want %s", what, got.Differ, err, c[2])
		}
	}
}

// A file that an earlier program wrote has no procedure; all else of it is compared, and that is said.
func TestAFileOfTheEarlierFormatIsStillChecked(t *testing.T) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(written(t, full(t)), &top); err != nil {
		t.Fatal(err)
	}
	for _, key := range addedSections {
		delete(top, key)
	}
	top["format"] = json.RawMessage(`"ward-audit/1"`)
	var cells []map[string]any
	if err := json.Unmarshal(top["cells"], &cells); err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		delete(c, "standing")
	}
	top["cells"], _ = json.Marshal(cells)
	raw, _ := json.Marshal(top)
	raw = bytes.Replace(raw, []byte(`"published":0,`), nil, 1)
	raw = bytes.Replace(raw, []byte(`,"published":0`), nil, 1)
	raw = bytes.Replace(raw, []byte(Rules), []byte("ward-rules/2"), 1)
	got, err := Check(bytes.NewReader(raw), policy.Load())
	if err != nil || !got.Same() || len(got.Versions) != 1 || !slices.ContainsFunc(got.NotCompared, func(s string) bool { return strings.Contains(s, "procedure") }) {
		t.Errorf("%v %v %v %v", got.Differ, got.Versions, got.NotCompared, err)
	}
	forged := bytes.Replace(raw, []byte(`"outcome":"F2"`), []byte(`"outcome":"F3"`), 1)
	if got, err := Check(bytes.NewReader(forged), policy.Load()); err != nil || got.Same() {
		t.Errorf("forged: %v %v", got.Differ, err)
	}
}
