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
		{"GET /{lang}/incidents", s.incidents},
		{"GET /{lang}/incidents/{id}", s.incident},
		{"GET /{lang}/norms", s.norms},
		{"GET /{lang}/norms/{norm}", s.norm},
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
		{"GET /export/ledger/csv", s.exportLedger},
		{"GET /log/{path...}", s.logFile},
		{"GET /assets/{file...}", s.asset},
		{"GET /", s.missing},
	}
}
