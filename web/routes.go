package web

import "ward/access"

// route is one address with the act that whoever asks for it must be allowed; the desk asks again, about what.
type route struct {
	pattern string
	act     access.Act
	serve   handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	return []route{
		{"GET /{$}", access.Enter, s.front},
		{"GET /{lang}/{$}", access.ReadIncidents, s.home},
		{"GET /{lang}/states", access.ReadAudit, s.states},
		{"GET /{lang}/states/{state}", access.ReadAudit, s.state},
		{"GET /{lang}/states/{state}/{clause}/{year}", access.ReadAudit, s.cell},
		{"POST /{lang}/states/{state}/replies", access.ImportCodings, s.reply},
		{"GET /{lang}/incidents", access.ReadIncidents, s.incidents},
		{"GET /{lang}/incidents/{id}", access.ReadIncidents, s.incident},
		{"GET /{lang}/facilities", access.ReadRegisters, s.facilities},
		{"POST /{lang}/facilities", access.KeepFacilities, s.addFacility},
		{"GET /{lang}/facilities/state/{state}", access.ReadRegisters, s.facilityState},
		{"GET /{lang}/facilities/{facility}", access.ReadRegisters, s.facility},
		{"POST /{lang}/facilities/{facility}", access.KeepFacilities, s.stateFacility},
		{"GET /export/facilities/{file}", access.ReadRegisters, s.exportFacilities},
		{"GET /{lang}/quote", access.ReadAudit, s.quote},
		{"GET /{lang}/period", access.ReadAudit, s.period},
		{"GET /export/period/{lang}/{file}", access.ReadAudit, s.exportPeriod},
		{"GET /{lang}/norms", access.ReadAudit, s.norms},
		{"GET /{lang}/norms/{norm}", access.ReadAudit, s.norm},
		{"GET /{lang}/duties", access.ReadRegisters, s.duties},
		{"GET /{lang}/duties/{point}", access.ReadRegisters, s.duty},
		{"POST /{lang}/duties/{point}", access.AssessDuties, s.assessDuty},
		{"GET /export/duties/csv", access.ReadRegisters, s.exportDuties},
		{"GET /{lang}/commitments", access.ReadRegisters, s.commitments},
		{"GET /{lang}/commitments/find", access.ReadRegisters, s.findCommitment},
		{"GET /{lang}/commitments/to/{addressee}", access.ReadRegisters, s.commitmentsTo},
		{"GET /{lang}/commitments/text/{norm}", access.ReadRegisters, s.commitmentsOf},
		{"GET /{lang}/commitments/{recommendation}/{addressee}", access.ReadRegisters, s.commitment},
		{"POST /{lang}/commitments/{recommendation}/{addressee}", access.GradeCommitments, s.stateCommitment},
		{"GET /{lang}/statements", access.ReadRegisters, s.statements},
		{"GET /{lang}/statements/write", access.WriteStatements, s.writeStatement},
		{"POST /{lang}/statements/write", access.WriteStatements, s.keepStatement},
		{"GET /{lang}/statements/letterhead", access.WriteStatements, s.letterhead},
		{"POST /{lang}/statements/letterhead", access.WriteStatements, s.keepLetterhead},
		{"GET /{lang}/statements/{statement}", access.ReadRegisters, s.statement},
		{"POST /{lang}/statements/{statement}", access.WriteStatements, s.statementStep},
		{"GET /export/statements/{file}", access.ReadRegisters, s.exportStatement},
		{"GET /{lang}/suitability", access.ReadRegisters, s.suitabilities},
		{"GET /{lang}/suitability/{state}", access.ReadRegisters, s.suitability},
		{"POST /{lang}/suitability/{state}", access.DecideSuitability, s.decideSuitability},
		{"GET /{lang}/log", access.ReadLog, s.log},
		{"GET /{lang}/log/{number}", access.ReadLog, s.act},
		{"GET /{lang}/ledger", access.ReadLog, s.ledger},
		{"GET /{lang}/ledger/readings", access.ReadLog, s.readings},
		{"GET /{lang}/verify", access.Enter, s.verify},
		{"GET /{lang}/method", access.OwnAccount, s.method},
		{"GET /export/incidents/{file}", access.ExportIncidents, s.exportIncidents},
		{"GET /export/states/csv", access.ReadAudit, s.exportStates},
		{"GET /export/audit/{lang}/{file}", access.ReadAudit, s.exportAudit},
		{"GET /export/bundle/{file}", access.ExportIncidents, s.exportBundle},
		{"GET /export/commitments/{file}", access.ReadRegisters, s.exportCommitments},
		{"GET /export/ledger/csv", access.ReadLog, s.exportLedger},
		{"GET /log/{path...}", access.Enter, s.logFile},
		{"GET /assets/{file...}", access.Enter, s.asset},
		{"GET /", access.Enter, s.missing},
	}
}
