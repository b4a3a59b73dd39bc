package consent

import (
	"slices"
	"testing"
	"time"

	"ward/entry"
	"ward/fault"
	"ward/when"
)

var (
	today = day("2026-05-10")
	whole = Answer{Answer: Given, Giver: Self, Capacity: "yes", Lang: "fa", Purposes: []string{"refer_un", "protect"}, Recipients: []string{"wgad", "Lawyer K."},
		Classes: []string{"identity", "events"}, Given: "2026-05-01", Free: true, Method: "spoken"}
	need = Need{Purpose: "refer_un", Recipient: "wgad", Classes: []string{"identity", "events"}}
)

func day(s string) when.Day {
	d, ok := dayOf(s)
	if !ok {
		panic(s)
	}
	return d
}

// said puts words on record one after the other, one a second, on 1 May 2026 or later.
func said(bodies ...any) (e Entries) {
	for i, b := range bodies {
		id, at := string(rune('a'+i)), time.Date(2026, 5, 1, 9, 0, i, 0, time.UTC)
		switch b := b.(type) {
		case Answer:
			e.Answers = append(e.Answers, entry.Entry[Answer]{ID: id, At: at, By: "case worker", Body: b})
		case End:
			e.Ends = append(e.Ends, entry.Entry[End]{ID: id, At: at, Body: b})
		case spoken:
			e.Reviews = append(e.Reviews, entry.Entry[Review]{ID: id, At: at, By: b.by, Body: b.Review})
		}
	}
	return e
}

// spoken is a review with who gave it.
type spoken struct {
	by string
	Review
}

func may(by string) spoken {
	return spoken{by, Review{Purpose: "refer_un", May: true, Until: "2026-06-01", Why: "weighed"}}
}
func against(by string) spoken { return spoken{by, Review{Purpose: "refer_un", Why: "too soon"}} }

// but is the whole consent with something about it changed.
func but(change func(*Answer)) Answer {
	a := whole
	change(&a)
	return a
}

// The verdict over everything that can stand or be missing. Each line says what is on record, in which circumstances, and what comes of it.
func TestWhatADisclosureMayRestOn(t *testing.T) {
	free := Circumstances{Staff: 5}
	events := but(func(a *Answer) { a.Classes = []string{"events"} })
	identity := but(func(a *Answer) { a.Classes = []string{"identity"} })
	proxy := but(func(a *Answer) { a.Giver, a.Basis, a.Capacity = Proxy, "spouse", "no" })
	no := Answer{Answer: Refused, Giver: Self, Capacity: "yes", Given: "2026-05-02"}
	for name, c := range map[string]struct {
		on    Entries
		n     Need
		c     Circumstances
		lacks string
		rests string
	}{
		"nobody was asked":                            {said(), need, free, LacksConsent, ""},
		"it could not be asked":                       {said(Answer{Answer: NotPossible}), need, free, LacksConsent, ""},
		"the question is open":                        {said(but(func(a *Answer) { a.Answer = Asked })), need, free, LacksConsent, ""},
		"yes":                                         {said(whole), need, free, "", "a"},
		"yes, and nothing of a class is needed":       {said(whole), Need{"refer_un", "wgad", nil}, free, "", "a"},
		"nothing of a class, for no purpose given":    {said(whole), Need{"training", "wgad", nil}, free, LacksPurpose, ""},
		"another purpose":                             {said(whole), Need{"publication", "wgad", need.Classes}, free, LacksPurpose, ""},
		"another recipient":                           {said(whole), Need{"refer_un", "wgeid", need.Classes}, free, LacksRecipient, ""},
		"no recipient":                                {said(whole), Need{"refer_un", "", need.Classes}, free, LacksRecipient, ""},
		"a recipient spelt otherwise":                 {said(whole), Need{"refer_un", "LAWYER  K", need.Classes}, free, "", "a"},
		"another class":                               {said(whole), Need{"refer_un", "wgad", []string{"health"}}, free, LacksClass, ""},
		"one class of two":                            {said(events), need, free, LacksClass, ""},
		"classes from two consents":                   {said(events, identity), need, free, "", "ba"},
		"a class under another recipient":             {said(events, but(func(a *Answer) { a.Classes, a.Recipients = []string{"identity"}, []string{"icrc"} })), need, free, LacksClass, ""},
		"a class under another purpose":               {said(events, but(func(a *Answer) { a.Classes, a.Purposes = []string{"identity"}, []string{"support"} })), need, free, LacksClass, ""},
		"not said to be free":                         {said(but(func(a *Answer) { a.Free = false })), need, free, LacksFree, ""},
		"capacity is doubtful":                        {said(but(func(a *Answer) { a.Capacity = "unsure" })), need, free, LacksCapacity, ""},
		"no capacity":                                 {said(but(func(a *Answer) { a.Capacity = "no" })), need, free, LacksCapacity, ""},
		"nobody knows who gave it":                    {said(but(func(a *Answer) { a.Giver = "" })), need, free, LacksCapacity, ""},
		"a proxy":                                     {said(proxy), need, free, "", "a"},
		"a proxy without a basis":                     {said(but(func(a *Answer) { a.Giver, a.Basis = Proxy, " " })), need, free, LacksBasis, ""},
		"a proxy against the person's own no":         {said(no, proxy), need, free, LacksRefused, ""},
		"a proxy's yes after the person took it back": {said(whole, End{Of: All, By: Self}, proxy), need, free, LacksWithdrawn, ""},
		"last day":                                    {said(but(func(a *Answer) { a.Expires = "2026-05-10" })), need, free, "", "a"},
		"day after the last":                          {said(but(func(a *Answer) { a.Expires = "2026-05-09" })), need, free, LacksExpired, ""},
		"a year is the default":                       {said(but(func(a *Answer) { a.Given = "2025-05-10" })), need, free, "", "a"},
		"a year and a day":                            {said(but(func(a *Answer) { a.Given = "2025-05-09" })), need, free, LacksExpired, ""},
		"given tomorrow":                              {said(but(func(a *Answer) { a.Given = "2026-05-11" })), need, free, LacksDay, ""},
		"given on no day":                             {said(but(func(a *Answer) { a.Given = "soon" })), need, free, LacksDay, ""},
		"until no day":                                {said(but(func(a *Answer) { a.Expires = "2026" })), need, free, LacksDay, ""},
		"withdrawn":                                   {said(whole, End{Of: "a"}), need, free, LacksWithdrawn, ""},
		"all withdrawn":                               {said(whole, End{Of: All}), need, free, LacksWithdrawn, ""},
		"withdrawn for this purpose":                  {said(whole, End{Of: All, Purposes: []string{"refer_un"}}), need, free, LacksWithdrawn, ""},
		"withdrawn for another purpose":               {said(whole, End{Of: All, Purposes: []string{"protect"}}), need, free, "", "a"},
		"given anew after a withdrawal":               {said(whole, End{Of: All, By: Self}, whole), need, free, "", "c"},
		"another was withdrawn":                       {said(whole, whole, End{Of: "a"}), need, free, "", "b"},
		"narrowed":                                    {said(whole, but(func(a *Answer) { a.Narrows, a.Classes = "a", []string{"events"} })), need, free, LacksWithdrawn, ""},
		"within what was narrowed":                    {said(whole, but(func(a *Answer) { a.Narrows, a.Classes = "a", []string{"events"} })), Need{"refer_un", "wgad", []string{"events"}}, free, "", "b"},
		"refused later":                               {said(whole, no), need, free, LacksRefused, ""},
		"refused before":                              {said(no, whole), need, free, "", "b"},
		"another purpose refused":                     {said(whole, Answer{Answer: Refused, Purposes: []string{"publication"}}), need, free, "", "a"},
		"one class refused":                           {said(whole, Answer{Answer: Refused, Classes: []string{"events"}}), need, free, LacksRefused, ""},
		"another recipient refused":                   {said(whole, Answer{Answer: Refused, Recipients: []string{"icrc"}}), need, free, "", "a"},
		"dead, said in their life":                    {said(whole), need, Circumstances{Dead: true, Died: day("2026-05-03"), Staff: 5}, "", "a"},
		"dead, said after their death":                {said(whole), need, Circumstances{Dead: true, Died: day("2026-04-30"), Staff: 5}, LacksLife, ""},
		"dead, a proxy after their death":             {said(proxy), need, Circumstances{Dead: true, Died: day("2026-04-30"), Staff: 5}, "", "a"},
		"dead, nobody ever asked":                     {said(), need, Circumstances{Dead: true, Staff: 5}, LacksConsent, ""},
	} {
		v := c.on.Judge(c.n, c.c, today)
		rests := ""
		for _, id := range v.Rests {
			rests += id
		}
		if v.May != (c.lacks == "") || v.Lacks != c.lacks || rests != c.rests || v.Alone {
			t.Errorf("%s: %+v, want lacks %q, rests on %q", name, v, c.lacks, c.rests)
		}
		if v.Lacks != "" && !slices.Contains(Lacking(), v.Lacks) {
			t.Errorf("%s: %q is no word", name, v.Lacks)
		}
	}
}

// Design rule 5: nobody in custody or hiding is shown on consent alone; two people renew a dated risk review; the default is off.
func TestNobodyInCustodyOrHidingIsShownOnConsentAlone(t *testing.T) {
	dated := func(by, until string) spoken {
		return spoken{by, Review{Purpose: "refer_un", May: true, Until: until, Why: "w"}}
	}
	for name, c := range map[string]struct {
		said  []any
		staff int
		lacks string
		alone bool
	}{
		"consent alone":                         {nil, 5, LacksReview, false},
		"consent alone, one person only":        {nil, 1, LacksReview, false},
		"one of two":                            {[]any{may("A")}, 5, LacksSecond, false},
		"one of two, where staff is not known":  {[]any{may("A")}, 0, LacksSecond, false},
		"one where there is but one":            {[]any{may("A")}, 1, "", true},
		"two":                                   {[]any{may("A"), may("B")}, 5, "", false},
		"two, of whom one has left":             {[]any{may("A"), may("B")}, 1, "", false},
		"one person twice":                      {[]any{may("A"), may("A")}, 5, LacksSecond, false},
		"one person under two spellings":        {[]any{may("Zoë B."), may("zoe  b")}, 5, LacksSecond, false},
		"two names without a letter":            {[]any{may("☂"), may("☀")}, 5, "", false},
		"for another purpose":                   {[]any{may("A"), spoken{"B", Review{Purpose: "protect", May: true}}}, 5, LacksSecond, false},
		"somebody is against it":                {[]any{may("A"), may("B"), against("C")}, 5, LacksObjection, false},
		"against it, and the only one":          {[]any{against("A")}, 1, LacksObjection, false},
		"against another purpose":               {[]any{may("A"), may("B"), spoken{"C", Review{Purpose: "protect"}}}, 5, "", false},
		"who was against it changed their mind": {[]any{against("A"), may("A"), may("B")}, 5, "", false},
		"who was for it changed their mind":     {[]any{may("A"), may("B"), against("A")}, 5, LacksObjection, false},
		"a no that ran out":                     {[]any{may("A"), may("B"), spoken{"C", Review{Purpose: "refer_un", Until: "2026-05-09"}}}, 5, "", false},
		"a no on its last day":                  {[]any{may("A"), may("B"), spoken{"C", Review{Purpose: "refer_un", Until: "2026-05-10"}}}, 5, LacksObjection, false},
		"a no until no day":                     {[]any{may("A"), may("B"), spoken{"C", Review{Purpose: "refer_un", Until: "x"}}}, 5, LacksObjection, false},
		"a yes on its last day":                 {[]any{may("A"), dated("B", "2026-05-10")}, 5, "", false},
		"a yes that ran out":                    {[]any{may("A"), dated("B", "2026-05-09")}, 5, LacksSecond, false},
		"a yes that ran out brings none back":   {[]any{may("A"), may("B"), dated("B", "2026-05-09")}, 5, LacksSecond, false},
		"a yes until no day":                    {[]any{may("A"), dated("B", "x")}, 5, LacksSecond, false},
		"a yes without a day":                   {[]any{may("A"), dated("B", "")}, 5, "", false},
	} {
		for _, where := range []Circumstances{{Held: true}, {Hiding: true}, {Held: true, Hiding: true}} {
			where.Staff = c.staff
			v := said(append([]any{whole}, c.said...)...).Judge(need, where, today)
			if v.May != (c.lacks == "") || v.Lacks != c.lacks || v.Alone != c.alone {
				t.Errorf("%s, %+v: %+v, want lacks %q alone %v", name, where, v, c.lacks, c.alone)
			}
		}
	}
	if v := said(may("A"), may("B")).Judge(need, Circumstances{Held: true, Staff: 5}, today); v.May || v.Lacks != LacksConsent {
		t.Errorf("two reviews stand for consent: %+v", v)
	}
	if v := said(whole, dated("A", "2027-01-01"), dated("B", "2027-01-01")).Judge(need, Circumstances{Held: true, Staff: 5}, day("2026-05-01")+ReviewLife+1); v.May {
		t.Errorf("a review stands longer than a risk can be foreseen: %+v", v)
	}
	if v := said(whole, dated("A", ""), dated("B", "")).Judge(need, Circumstances{Held: true, Staff: 5}, day("2026-05-01")+ReviewLife+1); v.May {
		t.Errorf("a review without a day stands for ever: %+v", v)
	}
	if v := said(whole, may("A"), may("B")).Judge(need, Circumstances{Held: true, Staff: 5}, today); !slices.Equal(v.Rests, []string{"a", "b", "c"}) || v.Until != day("2026-06-01") {
		t.Errorf("%+v", v)
	}
}

func TestThePrivacyOfTheDeadGoesOn(t *testing.T) {
	dead := Circumstances{Dead: true, Staff: 5}
	proxy := but(func(a *Answer) { a.Giver, a.Basis, a.Capacity = Proxy, "spouse", "no" })
	for after, a := range map[string]Answer{"earlier": whole, Proxy: proxy} {
		if v := said(a).Judge(need, dead, today); !v.May || v.After != after {
			t.Errorf("%+v, want after %q", v, after)
		}
	}
	if v := said(whole).Judge(need, Circumstances{Staff: 5}, today); v.After != "" {
		t.Errorf("of the living: %+v", v)
	}
}

func TestAConsentSaysUntilWhenItStands(t *testing.T) {
	short := but(func(a *Answer) { a.Classes, a.Expires = []string{"events"}, "2026-07-01" })
	long := but(func(a *Answer) { a.Classes = []string{"identity"} })
	for _, classes := range [][]string{{"events", "identity"}, {"identity", "events"}} {
		if v := said(short, long).Judge(Need{"refer_un", "wgad", classes}, Circumstances{}, today); v.Until != day("2026-07-01") {
			t.Errorf("%v: %+v", classes, v)
		}
	}
}

func TestAClockSetBackKeepsNoConsentAlive(t *testing.T) {
	e := said(whole, End{Of: All, Had: []string{"a"}, By: Self})
	e.Ends[0].At = e.Answers[0].At.AddDate(0, -1, 0)
	if v := e.Judge(need, Circumstances{}, today); v.May || v.Lacks != LacksWithdrawn {
		t.Errorf("%+v", v)
	}
}

func TestTheStatesOfAConsent(t *testing.T) {
	narrow := but(func(a *Answer) { a.Narrows, a.Classes = "a", []string{"events"} })
	for name, c := range map[string]struct {
		on   Entries
		want string
	}{
		"given":           {said(whole), Given},
		"refused":         {said(Answer{Answer: Refused}), Refused},
		"not possible":    {said(Answer{Answer: NotPossible}), NotPossible},
		"asked":           {said(Answer{Answer: Asked}), Asked},
		"answered":        {said(Answer{Answer: Asked}, narrow), Answered},
		"narrowed":        {said(whole, narrow), Narrowed},
		"withdrawn":       {said(whole, End{Of: All}), Withdrawn},
		"a part of it":    {said(whole, End{Of: All, Purposes: []string{"protect"}}), Given},
		"part after part": {said(whole, End{Of: All, Purposes: []string{"protect"}}, End{Of: "a", Purposes: []string{"refer_un"}}), Withdrawn},
		"refused since":   {said(whole, Answer{Answer: Refused}), Withdrawn},
		"expired":         {said(but(func(a *Answer) { a.Expires = "2026-05-02" })), Expired},
	} {
		if got := c.on.State(c.on.Answers[0], today); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	e := said(whole, End{Of: All, Purposes: []string{"protect"}})
	if got := e.Allowed(today); !slices.Equal(got, []string{"refer_un"}) {
		t.Errorf("%v", got)
	}
}

func TestWhatCannotBeAConsentIsRefused(t *testing.T) {
	if err := whole.Check(today); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Answer){
		"no such answer": func(a *Answer) { a.Answer = "perhaps" }, "no giver": func(a *Answer) { a.Giver = "" }, "a proxy without a basis": func(a *Answer) { a.Giver = Proxy },
		"coerced": func(a *Answer) { a.Free = false }, "no capacity": func(a *Answer) { a.Capacity = "no" }, "doubtful": func(a *Answer) { a.Capacity = "unsure" },
		"no purpose": func(a *Answer) { a.Purposes = nil }, "no recipient": func(a *Answer) { a.Recipients = nil }, "no class": func(a *Answer) { a.Classes = nil },
		"no such purpose": func(a *Answer) { a.Purposes = []string{"fun"} }, "no such class": func(a *Answer) { a.Classes = []string{"shoes"} }, "a blank recipient": func(a *Answer) { a.Recipients = []string{" "} },
		"tomorrow": func(a *Answer) { a.Given = "2026-05-11" }, "no day": func(a *Answer) { a.Given = "" }, "a month": func(a *Answer) { a.Given = "2026-05" },
		"over before it began": func(a *Answer) { a.Expires = "2026-04-30" }, "for ever": func(a *Answer) { a.Expires = "2999-01-01" }, "no method": func(a *Answer) { a.Method = "" },
		"no language": func(a *Answer) { a.Lang = " " }, "a no with a last day": func(a *Answer) { a.Answer, a.Expires = Refused, "2026-06-01" },
	} {
		if err := but(change).Check(today); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string]error{
		"what":    End{By: Self, Day: "2026-05-10"}.Check(today),
		"who":     End{Of: All, Day: "2026-05-10"}.Check(today),
		"day":     End{Of: All, By: Self, Day: "2026-05-11"}.Check(today),
		"purpose": End{Of: All, By: Self, Day: "2026-05-10", Purposes: []string{"fun"}}.Check(today),
		"why":     Review{Purpose: "protect", May: true}.Check(today),
		"nothing": Review{Why: "w"}.Check(today),
		"past":    Review{Purpose: "protect", Why: "w", Until: "2026-05-09"}.Check(today),
		"too far": Review{Purpose: "protect", Why: "w", May: true, Until: (today + ReviewLife + 1).String()}.Check(today),
	} {
		if !fault.Is(bad, fault.Invalid) {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

func TestOnlyANarrowerConsentStandsInThePlaceOfAnother(t *testing.T) {
	in := func(change func(*Answer)) Answer {
		return but(func(a *Answer) { a.Narrows = "a"; change(a) })
	}
	narrower := in(func(a *Answer) { a.Purposes, a.Expires = []string{"protect"}, "2026-06-01" })
	asked := said(but(func(a *Answer) { a.Answer = Asked }))
	for name, c := range map[string]struct {
		on   Entries
		a    Answer
		want fault.Kind
	}{
		"narrower":          {said(whole), narrower, ""},
		"wider":             {said(whole), in(func(a *Answer) { a.Classes = []string{"health"} }), fault.Refused},
		"longer":            {said(whole), in(func(a *Answer) { a.Expires = "2027-12-01" }), fault.Refused},
		"to somebody else":  {said(whole), in(func(a *Answer) { a.Recipients = []string{"icrc"} }), fault.Refused},
		"for something new": {said(whole), in(func(a *Answer) { a.Purposes = []string{"research"} }), fault.Refused},
		"what is withdrawn": {said(whole, End{Of: All}), narrower, fault.Refused},
		"nothing there":     {said(), narrower, fault.Invalid},
		"an open question":  {asked, in(func(*Answer) {}), ""},
		"a no to it":        {asked, in(func(a *Answer) { a.Answer = Refused }), ""},
		"asked twice":       {asked, in(func(a *Answer) { a.Answer = Asked }), fault.Refused},
		"by itself":         {said(whole), whole, ""},
	} {
		if err := c.on.Take(c.a, today); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("given", "self", "yes", "refer_un", "wgad", "identity", "2026-05-01", "", "A", "2026-06-01", true, uint8(7))
	f.Add("refused", "proxy", "", "", "☂", "", "2026", "9999-99-99", " ", "x", false, uint8(0))
	f.Fuzz(func(t *testing.T, answer, giver, capacity, purpose, recipient, class, given, expires, by, until string, may bool, where uint8) {
		a := Answer{Answer: answer, Giver: giver, Basis: by, Capacity: capacity, Purposes: []string{purpose}, Recipients: []string{recipient}, Classes: []string{class}, Given: given, Expires: expires, Free: may, Narrows: by}
		e := said(a, End{Of: by, Purposes: []string{class}}, spoken{by, Review{Purpose: purpose, May: may, Until: until}}, a, spoken{recipient, Review{Purpose: purpose, May: may, Until: until}})
		c := Circumstances{Held: where&1 > 0, Hiding: where&2 > 0, Dead: where&4 > 0, Staff: int(where >> 4)}
		v := e.Judge(Need{purpose, recipient, []string{class, ""}}, c, today)
		if v.May == (v.Lacks != "") || v.May && len(v.Rests) == 0 {
			t.Errorf("%+v", v)
		}
		if v.May && (answer != Given || !may || c.Held && len(v.Rests) < 2) {
			t.Errorf("it rests on %+v of %+v", v, e)
		}
		e.Standings(today)
		_ = e.Take(a, today)
	})
}
