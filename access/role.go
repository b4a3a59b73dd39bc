package access

import "slices"

// Role is what an actor is trusted with (security.md 3.6, design.md 6).
type Role string

// The roles. Operator is whoever holds the workspace's passphrase and acts from the command line; it is given to no account.
const (
	Operator      Role = "operator"
	Triage        Role = "triage"        // takes in what arrives and says where it goes
	CaseWorker    Role = "caseworker"    // works on incidents, sources and facilities
	Verifier      Role = "verifier"      // says how certain an incident is
	Analyst       Role = "analyst"       // imports, codes, counts
	Publisher     Role = "publisher"     // decides what the association says
	Referrer      Role = "referrer"      // sends cases to authorities
	Investigator  Role = "investigator"  // reads within a scope until a day (M18)
	Auditor       Role = "auditor"       // reads the log, the ledger and the readings, no content
	Administrator Role = "administrator" // keeps accounts, backups and keys, no content
)

// Roles lists the roles that an account can hold, in the order in which people read them.
func Roles() []Role {
	return []Role{Triage, CaseWorker, Verifier, Analyst, Publisher, Referrer, Investigator, Auditor, Administrator}
}

// Act is one thing that can be done.
type Act string

const (
	Enter Act = "enter" // what everybody may ask for, signed in or not: the way in, style, fonts

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

	OwnAccount       Act = "account.own"      // one's own sign-in, sessions, notices, saved searches, travel lock
	ManagePeople     Act = "people.manage"    // invitations, roles, conflicts of interest, handover
	RestoreColleague Act = "people.restore"   // one of the two who lift a colleague's travel lock
	ReadReports      Act = "reports.read"     // what people sent in, T3
	TakeReports      Act = "reports.take"     // write down a call, a letter, a mail
	TriageReports    Act = "reports.triage"   // assign, claim, snooze, tag, close
	EditIncidents    Act = "incidents.edit"   // assert, contest, retract, supersede; make one from a report
	VerifyIncidents  Act = "incidents.verify" // give an opinion on an incident's certainty
	OpenWorkbench    Act = "audit.workbench"  // who code and who adjudicate: the page on which they do
	CodeAudit        Act = "audit.code"       // code a cell, blind
	AdjudicateAudit  Act = "audit.adjudicate" // decide between coders, send for reply, correct

	ReadCases        Act = "cases.read"        // which cases there are (T2); what they hold of people (T3) only whoever is on the case
	WorkCases        Act = "cases.work"        // open a case, record, move, keep people and what happened to them
	KeepConsent      Act = "consent.keep"      // record consent and its withdrawal
	ReviewRisk       Act = "risk.review"       // one of the two who say that something about a person may leave
	WriteEvaluations Act = "evaluations.write" // document ill-treatment, check a colleague's evaluation
	PrepareReferrals Act = "referrals.prepare" // build a package, send it, record what came of it
	ApproveReferrals Act = "referrals.approve" // one of the two who let a package leave
	ReadDisclosures  Act = "disclosures.read"  // what left, to whom, on which consent, until when
	AskAccess        Act = "access.ask"        // ask that an investigator may read
	ApproveAccess    Act = "access.approve"    // one of the two who let them
)

// reading is what all who work with content may do.
var reading = []Act{OwnAccount, RestoreColleague, ReadIncidents, ReadAudit, ReadRegisters, ReadLog}

// allowed is the table: role by act.
var allowed = map[Role][]Act{
	Operator: {ReadIncidents, ImportReports, ExportIncidents, ReadAudit, ImportCodings, ImportNorms, ReadLog, FlushLog, ManageLog, ManageKeys,
		KeepContacts, OpenContacts, EraseRecords, BackUp, CheckUp,
		ReadRegisters, GradeCommitments, AssessDuties, WriteStatements, KeepFacilities, DecideSuitability,
		OwnAccount, ManagePeople, RestoreColleague, ReadReports, TakeReports, TriageReports, EditIncidents, VerifyIncidents, OpenWorkbench, CodeAudit, AdjudicateAudit,
		ReadCases, WorkCases, KeepConsent, ReviewRisk, WriteEvaluations, PrepareReferrals, ApproveReferrals, ReadDisclosures, AskAccess, ApproveAccess},
	Triage: join(reading, ReadReports, TakeReports, TriageReports),
	CaseWorker: join(reading, ReadReports, TakeReports, TriageReports, EditIncidents, KeepContacts, KeepFacilities, ExportIncidents,
		ReadCases, WorkCases, KeepConsent, ReviewRisk, WriteEvaluations, PrepareReferrals, ReadDisclosures),
	Verifier: join(reading, ReadReports, VerifyIncidents),
	Analyst:  join(reading, ImportReports, ImportCodings, ExportIncidents, OpenWorkbench, CodeAudit, AssessDuties, GradeCommitments),
	Publisher: join(reading, ExportIncidents, OpenWorkbench, AdjudicateAudit, ImportCodings, WriteStatements, GradeCommitments, AssessDuties, DecideSuitability, EraseRecords,
		ApproveReferrals, ReadDisclosures, AskAccess, ApproveAccess),
	Referrer: join(reading, ReadReports, ExportIncidents, WriteStatements,
		ReadCases, ReviewRisk, PrepareReferrals, ApproveReferrals, ReadDisclosures, AskAccess, ApproveAccess),
	Investigator:  {OwnAccount, ReadIncidents},
	Auditor:       {OwnAccount, ReadLog},
	Administrator: {OwnAccount, ManagePeople, RestoreColleague, ReadLog, FlushLog, ManageLog, ManageKeys, BackUp, CheckUp, AskAccess},
}

func join(a []Act, more ...Act) []Act { return slices.Concat(a, more) }

// dangerous are the acts for which who does them proves anew, within minutes, who they are.
var dangerous = []Act{ManagePeople, ManageKeys, EraseRecords, OpenContacts}

// Dangerous reports an act that asks for a fresh proof of who acts.
func Dangerous(act Act) bool { return slices.Contains(dangerous, act) }
