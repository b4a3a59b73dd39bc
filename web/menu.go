package web

import (
	"slices"

	"ward/access"
)

// place is one entry of the menu: the name of a page, of its address and of its word "nav.<name>", and the acts of which one opens it.
type place struct {
	name string
	acts []access.Act
}

// room is a group of the menu: the word "nav.<name>" and what stands in it.
type room struct {
	name   string
	places []place
}

// rooms are the menu: work first, then the people it is for, then what it comes to, then the record of it, then the people.
var rooms = []room{
	{"work", []place{
		{"today", []access.Act{access.OwnAccount}},
		{"notices", []access.Act{access.OwnAccount}},
		{"inbox", []access.Act{access.ReadReports}},
		{"incidents", []access.Act{access.ReadIncidents}},
		{"search", []access.Act{access.ReadIncidents, access.ReadReports}},
		{"verification", []access.Act{access.VerifyIncidents}},
		{"workbench", []access.Act{access.CodeAudit, access.AdjudicateAudit}}}},
	{"atrisk", []place{
		{"cases", []access.Act{access.ReadCases}},
		{"calendar", []access.Act{access.OwnAccount}},
		{"persons", []access.Act{access.ReadCases}},
		{"evaluations", []access.Act{access.WriteEvaluations}},
		{"referrals", []access.Act{access.PrepareReferrals, access.ApproveReferrals}}}},
	{"findings", []place{
		{"home", []access.Act{access.ReadAudit}},
		{"states", []access.Act{access.ReadAudit}},
		{"facilities", []access.Act{access.ReadRegisters}},
		{"norms", []access.Act{access.ReadAudit}},
		{"commitments", []access.Act{access.ReadRegisters}},
		{"duties", []access.Act{access.ReadRegisters}},
		{"statements", []access.Act{access.ReadRegisters}}}},
	{"record", []place{
		{"log", []access.Act{access.ReadLog}},
		{"ledger", []access.Act{access.ReadLog}},
		{"disclosures", []access.Act{access.ReadDisclosures}},
		{"method", []access.Act{access.OwnAccount}}}},
	{"people", []place{
		{"people", []access.Act{access.ManagePeople}},
		{"grants", []access.Act{access.AskAccess}},
		{"account", []access.Act{access.OwnAccount}}}},
}

// menuRoom is a room as a page shows it.
type menuRoom struct {
	Name    string
	Current bool
	Places  []menuPlace
}

type menuPlace struct {
	Name, Path string
	Current    bool
}

// menuFor is the menu of somebody on the page of a name: what they may not open is not in it.
func menuFor(who access.Actor, here string) (out []menuRoom) {
	for _, r := range rooms {
		shown := menuRoom{Name: r.name}
		for _, p := range r.places {
			if !slices.ContainsFunc(p.acts, who.Can) || p.name == "account" && who.Account == "" {
				continue
			}
			path := p.name
			if path == "home" {
				path = ""
			}
			shown.Places = append(shown.Places, menuPlace{p.name, path, p.name == here})
			shown.Current = shown.Current || p.name == here
		}
		if len(shown.Places) > 0 {
			out = append(out, shown)
		}
	}
	return out
}
