package web

type route struct {
	pattern string
	serve   handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	return []route{
		{"GET /{$}", s.front},
		{"GET /{lang}/{$}", s.home},
		{"GET /{lang}/states", s.states},
		{"GET /{lang}/states/{state}", s.state},
		{"GET /{lang}/states/{state}/{clause}/{year}", s.cell},
		{"POST /{lang}/states/{state}/replies", s.reply},
		{"GET /{lang}/incidents", s.incidents},
		{"GET /{lang}/incidents/{id}", s.incident},
		{"GET /{lang}/quote", s.quote},
		{"GET /{lang}/norms", s.norms},
		{"GET /{lang}/norms/{norm}", s.norm},
		{"GET /{lang}/duties", s.duties},
		{"GET /{lang}/duties/{point}", s.duty},
		{"POST /{lang}/duties/{point}", s.assessDuty},
		{"GET /export/duties/csv", s.exportDuties},
		{"GET /{lang}/commitments", s.commitments},
		{"GET /{lang}/commitments/find", s.findCommitment},
		{"GET /{lang}/commitments/to/{addressee}", s.commitmentsTo},
		{"GET /{lang}/commitments/text/{norm}", s.commitmentsOf},
		{"GET /{lang}/commitments/{recommendation}/{addressee}", s.commitment},
		{"POST /{lang}/commitments/{recommendation}/{addressee}", s.stateCommitment},
		{"GET /{lang}/statements", s.statements},
		{"GET /{lang}/statements/write", s.writeStatement},
		{"POST /{lang}/statements/write", s.keepStatement},
		{"GET /{lang}/statements/letterhead", s.letterhead},
		{"POST /{lang}/statements/letterhead", s.keepLetterhead},
		{"GET /{lang}/statements/{statement}", s.statement},
		{"POST /{lang}/statements/{statement}", s.statementStep},
		{"GET /export/statements/{file}", s.exportStatement},
		{"GET /{lang}/suitability", s.suitabilities},
		{"GET /{lang}/suitability/{state}", s.suitability},
		{"POST /{lang}/suitability/{state}", s.decideSuitability},
		{"GET /{lang}/log", s.log},
		{"GET /{lang}/log/{number}", s.act},
		{"GET /{lang}/ledger", s.ledger},
		{"GET /{lang}/ledger/readings", s.readings},
		{"GET /{lang}/verify", s.verify},
		{"GET /{lang}/method", s.method},
		{"GET /export/incidents/{file}", s.exportIncidents},
		{"GET /export/states/csv", s.exportStates},
		{"GET /export/audit/{lang}/{file}", s.exportAudit},
		{"GET /export/bundle/{file}", s.exportBundle},
		{"GET /export/commitments/{file}", s.exportCommitments},
		{"GET /export/ledger/csv", s.exportLedger},
		{"GET /log/{path...}", s.logFile},
		{"GET /assets/{file...}", s.asset},
		{"GET /", s.missing},
	}
}
