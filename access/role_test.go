package access

import (
	"slices"
	"strings"
	"testing"
)

// table is who may do what, by hand: a letter for each role that may.
//
//	t triage  c case worker  v verifier  a analyst  p publisher  r referrer  i investigator  u auditor  m administrator  o operator
var table = map[Act]string{
	ReadIncidents:     "tcvaprio",
	ReadReports:       "tcvro",
	ReadAudit:         "tcvapro",
	ReadRegisters:     "tcvapro",
	ReadLog:           "tcvaprumo",
	ImportReports:     "ao",
	ExportIncidents:   "capro",
	ImportCodings:     "apo",
	ImportNorms:       "o",
	FlushLog:          "mo",
	ManageLog:         "mo",
	ManageKeys:        "mo",
	KeepContacts:      "co",
	OpenContacts:      "o",
	EraseRecords:      "po",
	BackUp:            "mo",
	CheckUp:           "mo",
	GradeCommitments:  "apo",
	AssessDuties:      "apo",
	WriteStatements:   "pro",
	KeepFacilities:    "co",
	DecideSuitability: "po",
	OwnAccount:        "tcvapriumo",
	ManagePeople:      "mo",
	RestoreColleague:  "tcvaprmo",
	TakeReports:       "tco",
	TriageReports:     "tco",
	EditIncidents:     "co",
	VerifyIncidents:   "vo",
	OpenWorkbench:     "apo",
	CodeAudit:         "ao",
	AdjudicateAudit:   "po",
	ReadCases:         "cro",
	WorkCases:         "co",
	KeepConsent:       "co",
	ReviewRisk:        "cro",
	WriteEvaluations:  "co",
	PrepareReferrals:  "cro",
	ApproveReferrals:  "pro",
	ReadDisclosures:   "cpro",
	AskAccess:         "prmo",
	ApproveAccess:     "pro",
}

// letters name the roles.
var letters = map[Role]string{Triage: "t", CaseWorker: "c", Verifier: "v", Analyst: "a", Publisher: "p", Referrer: "r", Investigator: "i", Auditor: "u", Administrator: "m", Operator: "o"}

func TestTheTableOfRolesIsTheOneWrittenByHand(t *testing.T) {
	for _, role := range append(Roles(), Operator) {
		who := Actor{Name: "x", Roles: []Role{role}}
		for act, may := range table {
			if got := who.Can(act); got != strings.Contains(may, letters[role]) {
				t.Errorf("%s may %s: %v", role, act, got)
			}
		}
		for _, act := range allowed[role] {
			if _, known := table[act]; !known {
				t.Errorf("%s may %s, of which this test knows nothing", role, act)
			}
		}
		if !who.Can(Enter) {
			t.Errorf("%s may not come in", role)
		}
	}
	for act := range table {
		if Nobody().Can(act) {
			t.Errorf("who has not signed in may %s", act)
		}
	}
}

// showsContent are the acts that show, change or send out what people told or what was found; the others concern the house itself.
var showsContent = []Act{ReadIncidents, ImportReports, ExportIncidents, ReadAudit, ImportCodings, KeepContacts, OpenContacts, EraseRecords, ReadRegisters,
	GradeCommitments, AssessDuties, WriteStatements, KeepFacilities, DecideSuitability, ReadReports, TakeReports, TriageReports, EditIncidents, VerifyIncidents,
	OpenWorkbench, CodeAudit, AdjudicateAudit,
	ReadCases, WorkCases, KeepConsent, ReviewRisk, WriteEvaluations, PrepareReferrals, ApproveReferrals, ReadDisclosures, ApproveAccess}

func TestWhoKeepsTheHouseOrChecksItReachesNoContent(t *testing.T) {
	for _, role := range []Role{Administrator, Auditor} {
		who := Actor{Name: "x", Roles: []Role{role}}
		for _, act := range showsContent {
			if who.Can(act) {
				t.Errorf("%s may %s", role, act)
			}
		}
	}
	for act := range table {
		house := []Act{ReadLog, FlushLog, ManageLog, ManageKeys, ImportNorms, BackUp, CheckUp, OwnAccount, ManagePeople, RestoreColleague, AskAccess}
		if slices.Contains(showsContent, act) == slices.Contains(house, act) {
			t.Errorf("nobody decided whether %s shows content", act)
		}
	}
}

func TestAnInvestigatorReadsIncidentsAndNothingElse(t *testing.T) {
	for act, may := range table {
		if act != OwnAccount && act != ReadIncidents && strings.Contains(may, "i") {
			t.Errorf("an investigator may %s", act)
		}
	}
}

func TestDangerousActsAskForAFreshProof(t *testing.T) {
	for act := range table {
		want := slices.Contains([]Act{ManagePeople, ManageKeys, EraseRecords, OpenContacts}, act)
		if Dangerous(act) != want {
			t.Errorf("%s: dangerous %v", act, !want)
		}
	}
	for _, role := range Roles() {
		if role != Administrator && role != Publisher && slices.ContainsFunc(allowed[role], Dangerous) {
			t.Errorf("%s has a dangerous act", role)
		}
	}
}

func TestAConflictOfInterestBarsWorkAndNotReading(t *testing.T) {
	who := Actor{Name: "x", Roles: []Role{CaseWorker}, Barred: []string{"XAA", "WRD-XAB-2026-AAAAAAAA"}}
	for _, c := range []struct {
		about  []string
		barred bool
	}{{nil, false}, {[]string{"XAB"}, false}, {[]string{"XAA"}, true}, {[]string{"XAB", "XAA"}, true}, {[]string{"WRD-XAB-2026-AAAAAAAA"}, true}, {[]string{""}, false}} {
		if err := who.MayOn(EditIncidents, c.about...); (err != nil) != c.barred {
			t.Errorf("%v: %v", c.about, err)
		}
	}
	if who.MayOn(CodeAudit, "XAB") == nil {
		t.Error("MayOn forgets the role")
	}
	if !who.Sees("XAA") || who.May(ReadIncidents) != nil {
		t.Error("who has a conflict may not read")
	}
}

func TestAScopeIsToItsStates(t *testing.T) {
	for _, c := range []struct {
		only, states []string
		sees         bool
	}{{nil, []string{"XAB"}, true}, {nil, nil, true}, {[]string{"XAA"}, []string{"XAA"}, true}, {[]string{"XAA"}, []string{"XAB", "XAA"}, true},
		{[]string{"XAA"}, []string{"XAB"}, false}, {[]string{"XAA"}, nil, false}, {[]string{}, []string{"XAA"}, false}} {
		if got := (Actor{Only: c.only}).Sees(c.states...); got != c.sees {
			t.Errorf("only %v, of %v: %v", c.only, c.states, got)
		}
	}
}
