// Package access says who may do what: one pure table that pages ask what to show and the desk asks what to allow.
//
// An actor is whoever acts; a role is what an actor is trusted with; an act is one thing that can be done. Until accounts
// exist there is one role, the local operator: the person at the machine that holds the workspace.
package access

import (
	"slices"

	"ward/fault"
)

// Role is what an actor is trusted with.
type Role string

// Operator may do everything on the machine that holds the workspace.
const Operator Role = "operator"

// Actor is whoever acts. Name stands in the journal.
type Actor struct {
	Name string
	Role Role
}

// Local is the one operator at this machine.
func Local() Actor { return Actor{Name: "local operator", Role: Operator} }

// Act is one thing that can be done.
type Act string

const (
	ReadIncidents   Act = "incidents.read"
	ImportReports   Act = "reports.import"
	ExportIncidents Act = "incidents.export"
	ReadAudit       Act = "audit.read"
	ImportCodings   Act = "audit.import"
	ImportNorms     Act = "norms.import"
	ReadLog         Act = "log.read"
	FlushLog        Act = "log.flush"
	ManageLog       Act = "log.manage"
	ManageKeys      Act = "keys.manage"
	KeepContacts    Act = "contacts.keep"
	OpenContacts    Act = "contacts.open"
	EraseRecords    Act = "records.erase"
	BackUp          Act = "workspace.backup"
	CheckUp         Act = "workspace.check"

	ReadRegisters     Act = "registers.read" // commitments, own duties, statements, facilities, decisions on events
	GradeCommitments  Act = "commitments.grade"
	AssessDuties      Act = "duties.assess"
	WriteStatements   Act = "statements.write"
	KeepFacilities    Act = "facilities.keep"
	DecideSuitability Act = "suitability.decide"
)

// allowed is the table: role by act.
var allowed = map[Role][]Act{
	Operator: {ReadIncidents, ImportReports, ExportIncidents, ReadAudit, ImportCodings, ImportNorms, ReadLog, FlushLog, ManageLog, ManageKeys,
		KeepContacts, OpenContacts, EraseRecords, BackUp, CheckUp,
		ReadRegisters, GradeCommitments, AssessDuties, WriteStatements, KeepFacilities, DecideSuitability},
}

// May returns nil when the actor may do the act, and a Refused fault otherwise.
func (a Actor) May(act Act) error {
	if slices.Contains(allowed[a.Role], act) {
		return nil
	}
	return fault.New(fault.Refused, "%s may not do this (%s)", a.Name, act).Do("ask somebody whose role allows it")
}
