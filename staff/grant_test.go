package staff

import (
	"strings"
	"testing"

	"ward/access"
	"ward/entry"
)

// granted is access that two people approved.
func granted(until string, states ...string) Access {
	scope := AccessScope{States: states, Until: until}
	return Access{ID: "g", AccessScope: scope, Scopes: []entry.Entry[AccessScope]{{ID: "s", Body: scope}}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ben", false)}}
}

func voice(scope, by string, alone bool) entry.Entry[AccessVoice] {
	return entry.Entry[AccessVoice]{ID: "v" + by, Subject: "g", By: by, Body: AccessVoice{Scope: scope, Alone: alone}}
}

func TestAccessStandsAsTheWordsOnItSay(t *testing.T) {
	today := day(t, "2026-06-30")
	scope := func(id, until string) entry.Entry[AccessScope] {
		return entry.Entry[AccessScope]{ID: id, Subject: "g", Body: AccessScope{States: []string{"XAA"}, Until: until}}
	}
	end := []entry.Entry[AccessEnd]{{Subject: "g", By: "Ann", Body: AccessEnd{Why: "enough"}}}
	for _, c := range []struct {
		name, want string
		r          AccessRecord
	}{
		{"asked for", AccessRequested, AccessRecord{}},
		{"a word before the scope", AccessRequested, AccessRecord{Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", true)}}},
		{"scoped", AccessScoped, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-07-01")}}},
		{"one word", AccessApproved, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-07-01")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false)}}},
		{"one person twice", AccessApproved, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-07-01")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ann", false)}}},
		{"two people", AccessActive, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-06-30")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ben", false)}}},
		{"the only person there is", AccessActive, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-06-30")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", true)}}},
		{"a wider scope after the words", AccessScoped, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-06-30"), scope("s2", "2026-07-30")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ben", false)}}},
		{"the day after", AccessExpired, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-06-29")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ben", false)}}},
		{"revoked", AccessRevoked, AccessRecord{Scopes: []entry.Entry[AccessScope]{scope("s", "2026-07-01")}, Voices: []entry.Entry[AccessVoice]{voice("s", "Ann", false), voice("s", "Ben", false)}, Ends: end}},
	} {
		c.r.Asked = []entry.Entry[AccessAsked]{{Subject: "g", By: "Rae", Body: AccessAsked{Account: "a", Purpose: "an inquiry"}}}
		a := Accesses(c.r)[0]
		if got := a.State(today); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if alone := c.name == "the only person there is"; a.Alone() != alone && c.want == AccessActive {
			t.Errorf("%s: one person only %v", c.name, !alone)
		}
	}
}

func TestWhatCannotBeAScope(t *testing.T) {
	holder := Account{Grant: Grant{Roles: []access.Role{access.Investigator}, Only: []string{"XAA"}}}
	isState := func(s string) bool { return s == "XAA" || s == "XAB" }
	for want, s := range map[string]AccessScope{
		"States are missing":  {Until: "2026-07-01"},
		"none that Ward":      {States: []string{"XAC"}, Until: "2026-07-01"},
		"account was given":   {States: []string{"XAA", "XAB"}, Until: "2026-07-01"},
		"last day is missing": {States: []string{"XAA"}, Until: "2026-07"},
		"has passed":          {States: []string{"XAA"}, Until: "2026-06-29"},
		"180 days":            {States: []string{"XAA"}, Until: "2026-12-28"},
		"":                    {States: []string{"XAA"}, Until: "2026-12-27"},
	} {
		if got := s.Problem(day(t, "2026-06-30"), holder, isState); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}

func TestNobodyLetsThemselvesRead(t *testing.T) {
	today, holder := day(t, "2026-06-30"), Account{Name: "Ines"}
	one := granted("2026-07-01", "XAA")
	one.Voices = one.Voices[:1]
	for name, want := range map[string]string{"Ines": "themselves", "Ann": "somebody else's", "Ben": ""} {
		if got := one.MayApprove(name, holder, today); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if one.MayApprove("Cem", holder, today+9) == "" || granted("2026-07-01", "XAA").MayApprove("Cem", holder, today) == "" {
		t.Error("what ended or is approved was approved")
	}
}
