package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/text"
)

// FindCases finds cases in which all words of a search occur, open ones first: in the name and the id of each, and in everything that was
// recorded on those that the asker is on and no conflict of interest keeps from them. It gives a page's beginning, and how many there are;
// none where the search asks for what no case has.
func (d *Desk) FindCases(ctx context.Context, who access.Actor, q IncidentQuery) (found []CaseRow, total int, err error) {
	words := strings.Join(strings.Fields(text.Fold(strings.ReplaceAll(q.Words, `"`, " "))), " ")
	if !who.Can(access.ReadCases) || words == "" || q.Offset > 0 || q.speaksOfIncidents() || !q.From.IsZero() || !q.To.IsZero() {
		return nil, 0, nil
	}
	if err := d.read(ctx, who, access.ReadCases, access.Page, "search"); err != nil {
		return nil, 0, err
	}
	b, err := d.caseBoard(ctx)
	if err != nil {
		return nil, 0, err
	}
	countries := q.Filters["country"]
	for _, closed := range []bool{false, true} {
		for _, row := range b.page(who, CaseQuery{Words: words, Closed: closed}, d.db.Now()).Rows {
			if len(countries) == 0 || slices.Contains(countries, row.Country) {
				found = append(found, row)
			}
		}
	}
	total = len(found)
	return found[:min(total, agendaRows)], total, nil
}
