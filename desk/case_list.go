package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ward/access"
	"ward/casework"
	"ward/text"
)

// CaseQuery chooses cases; what is left empty chooses all that are open.
type CaseQuery struct {
	Kind, State, Country string
	Words                string // in the name and the id; of cases that the reader is on, in everything that was recorded
	Mine                 bool   // the reader is on it
	Late                 bool   // a clock has run out
	Closed               bool   // those that are closed, instead of those that are open
	Offset, Limit        int
}

// CaseBoard is what the list of cases shows.
type CaseBoard struct {
	Rows              []CaseRow
	Total             int            // as chosen
	Counts            map[string]int // of open cases by kind; "mine", "late", "closed" among them
	States, Countries []string       // that occur among what is seen
	Now               time.Time
}

// CaseRow is a case on a page of the list.
type CaseRow struct {
	*CaseTop
	Next   casework.Clock // that is due first; its Kind is "" where none runs
	Member bool           // the reader is on it
}

// Cases lists the cases that somebody may hear of: what is due first stands first, what has no clock after it, the newest first.
func (d *Desk) Cases(ctx context.Context, who access.Actor, q CaseQuery) (CaseBoard, error) {
	if err := d.read(ctx, who, access.ReadCases, access.Page, "cases"); err != nil {
		return CaseBoard{}, err
	}
	b, err := d.caseBoard(ctx)
	if err != nil {
		return CaseBoard{}, err
	}
	return b.page(who, q, d.db.Now()), nil
}

// page makes the list out of a board.
func (b *caseBoard) page(who access.Actor, q CaseQuery, now time.Time) CaseBoard {
	page := CaseBoard{Counts: map[string]int{}, Now: now}
	words := strings.Fields(text.Fold(q.Words))
	var found []CaseRow
	for _, t := range b.rows {
		if !t.seenBy(who) {
			continue
		}
		row := t.row(who, now)
		page.note(row)
		if q.wants(row) && t.says(words, row.Member && who.MayOn(access.ReadCases, t.about()...) == nil) {
			found = append(found, row)
		}
	}
	slices.Sort(page.States)
	slices.Sort(page.Countries)
	slices.SortFunc(found, byNextClock)
	page.Total = len(found)
	from := min(max(q.Offset, 0), len(found))
	to := len(found)
	if q.Limit > 0 {
		to = min(from+q.Limit, to)
	}
	page.Rows = slices.Clone(found[from:to])
	return page
}

// row is the case as somebody sees it at a time.
func (t *CaseTop) row(who access.Actor, now time.Time) CaseRow {
	row := CaseRow{CaseTop: t, Member: onEveryCase(who) || t.On(who.Name)}
	if len(t.clocks) > 0 {
		row.Next = t.clocks[0].At(now)
	}
	return row
}

// note counts a case and remembers what can be chosen by.
func (p *CaseBoard) note(r CaseRow) {
	if !r.Open {
		p.Counts["closed"]++
	} else {
		p.Counts[r.Kind]++
		if r.Member {
			p.Counts["mine"]++
		}
		if r.Next.Late {
			p.Counts["late"]++
		}
	}
	if !slices.Contains(p.States, r.State) {
		p.States = append(p.States, r.State)
	}
	if r.Country != "" && !slices.Contains(p.Countries, r.Country) {
		p.Countries = append(p.Countries, r.Country)
	}
}

// wants tells whether a case is as asked for, whatever its words.
func (q CaseQuery) wants(r CaseRow) bool {
	return (q.Kind == "" || q.Kind == r.Kind) && (q.State == "" || q.State == r.State) && (q.Country == "" || q.Country == r.Country) &&
		(!q.Mine || r.Member) && (!q.Late || r.Next.Late) && q.Closed != r.Open
}

// says reports that all words occur in what the reader may see: the top, and for whoever is on the case everything that was recorded.
func (t *CaseTop) says(words []string, member bool) bool {
	for _, w := range words {
		if !strings.Contains(t.topWords, w) && (!member || !strings.Contains(t.allWords, w)) {
			return false
		}
	}
	return true
}

// byNextClock puts what is due first first, what has no clock last; of two alike the newer first.
func byNextClock(a, b CaseRow) int {
	if none := a.Next.Due.IsZero(); none != b.Next.Due.IsZero() {
		return first(!none)
	}
	return cmp.Or(a.Next.Due.Compare(b.Next.Due), cmp.Compare(b.ID, a.ID))
}
