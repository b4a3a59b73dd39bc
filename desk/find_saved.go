package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ward/access"
	"ward/entry"
	"ward/fault"
	"ward/id"
	"ward/search"
	"ward/store"
	"ward/text"
	"ward/when"
)

// Kinds of entries about saved searches; their subject is the search's id.
const (
	registerSearch = "search"
	searchSaved    = "search.saved"   // savedSearch: made, renamed, shared or no longer
	searchRemoved  = "search.removed" // nothing but that it was
)

// Kinds of what passes: a search that somebody is looking at, and how far somebody saw what a saved one finds.
const (
	passingSearch = "search"
	passingSeen   = "search.seen"
)

const (
	searchLasts = 24 * time.Hour
	seenLasts   = 2 * 365 * 24 * time.Hour
	mostWords   = 2000 // bytes of what is looked for
	longestName = 120  // letters of a saved search's name
	mostColumns = 40
	mostFilters = 400 // values
)

// Search is what somebody looks for and how it is shown. Words may be of sealed text: a search goes by an id, so that no address has them.
type Search struct {
	Words   string              `json:"words,omitempty"`
	Kind    string              `json:"kind,omitempty"` // a Find constant
	Filters map[string][]string `json:"filters,omitempty"`
	From    string              `json:"from,omitempty"` // EDTF
	To      string              `json:"to,omitempty"`
	Sort    string              `json:"sort,omitempty"`
	Up      bool                `json:"up,omitempty"`   // the smallest first
	View    string              `json:"view,omitempty"` // list, table, map or timeline
	Columns []string            `json:"columns,omitempty"`
}

// Query is the search as a query, without page or limit.
func (s Search) Query() (q IncidentQuery, err error) {
	q = IncidentQuery{Words: s.Words, Filters: s.Filters, Sort: cmp.Or(s.Sort, "from"), Desc: !s.Up}
	for _, day := range []struct {
		value string
		into  *when.Date
	}{{s.From, &q.From}, {s.To, &q.To}} {
		if asked := strings.TrimSpace(day.value); asked != "" {
			if *day.into, err = when.Parse(text.Fold(asked)); err != nil {
				return q, err
			}
		}
	}
	return q, nil
}

func (s Search) check() error {
	values := 0
	for _, v := range s.Filters {
		values += len(v)
	}
	if len(s.Words) > mostWords || values > mostFilters || len(s.Columns) > mostColumns || len(s.From)+len(s.To)+len(s.Sort)+len(s.View)+len(s.Kind) > mostWords {
		return fault.New(fault.Limit, "the search is too long").Keeping("nothing was kept").Do("leave words or filters out")
	}
	return nil
}

// SavedSearch is a search with a name. New counts what it finds that came or changed since the asker last looked, -1 where they never did.
type SavedSearch struct {
	Search
	ID     string
	Name   string
	Owner  string // name of the account
	Shared bool
	Own    bool // it is the asker's
	heir   string
	At     time.Time
	New    int
}

// savedSearch is what stands on record.
type savedSearch struct {
	Search
	Name   string `json:"name"`
	Shared bool   `json:"shared,omitempty"`
	Heir   string `json:"heir,omitempty"` // name of the account to which whoever made it handed it over
}

// KeepSearch keeps a search for a day, for whoever asks, and gives the id by which its pages go.
func (d *Desk) KeepSearch(ctx context.Context, who access.Actor, s Search) (string, error) {
	if err := cmp.Or(who.May(access.ReadIncidents), s.check()); err != nil {
		return "", err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	key := id.New(d.db.Now())
	err = d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingSearch, Key: key, Owner: keptUnder(who), Body: body, Until: tx.Now().Add(searchLasts)})
	})
	return key, err
}

// keptUnder is under whom something of somebody's own is kept.
func keptUnder(who access.Actor) string { return cmp.Or(who.Account, who.Name) }

// SearchByID gives a search that the asker made today, or a saved one that is theirs or shared. Any other is not there.
func (d *Desk) SearchByID(ctx context.Context, who access.Actor, key string) (s SavedSearch, err error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return s, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, ok, err := tx.Passing(ctx, passingSearch, key)
		if err != nil {
			return err
		}
		if ok && p.Owner == keptUnder(who) {
			s.At = p.At
			return json.Unmarshal(p.Body, &s.Search)
		}
		s, err = savedIn(ctx, tx, who, key)
		return err
	})
	return s, err
}

// noSearch is the answer for a search that is not there, or not theirs.
func noSearch() error {
	return fault.New(fault.NotFound, "this search is not there").Keeping("a search that was not saved is kept for a day").Do("search again")
}

// savedIn finds a saved search that the asker may use.
func savedIn(ctx context.Context, tx *store.Tx, who access.Actor, key string) (SavedSearch, error) {
	made, err := entry.Of[savedSearch](ctx, tx, searchSaved, key)
	if err != nil {
		return SavedSearch{}, err
	}
	gone, err := entry.Of[struct{}](ctx, tx, searchRemoved, key)
	if err != nil {
		return SavedSearch{}, err
	}
	if s, ok := standingSearch(made, len(gone) > 0, who); ok {
		return s, nil
	}
	return SavedSearch{}, noSearch()
}

// standingSearch is what the entries about one search come to for somebody; ok is false where it was removed or is another's own. What
// colleagues share is about any State: whoever is limited to some sees none of it.
func standingSearch(made []entry.Entry[savedSearch], gone bool, who access.Actor) (s SavedSearch, ok bool) {
	if len(made) == 0 || gone {
		return s, false
	}
	first, last := made[0], made[len(made)-1]
	owner := cmp.Or(last.Body.Heir, first.By)
	s = SavedSearch{Search: last.Body.Search, ID: first.Subject, Name: last.Body.Name, Owner: owner, Shared: last.Body.Shared, Own: owner == who.Name, heir: last.Body.Heir, At: last.At}
	return s, s.Own || s.Shared && who.Only == nil
}

// SaveSearch puts a search on record under a name and gives its id.
func (d *Desk) SaveSearch(ctx context.Context, who access.Actor, name string, shared bool, s Search) (string, error) {
	if err := cmp.Or(who.May(access.ReadIncidents), s.check(), checkName(name)); err != nil {
		return "", err
	}
	if _, err := s.Query(); err != nil {
		return "", err
	}
	key := id.New(d.db.Now())
	return key, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		_, err := entry.Add(ctx, tx, registerSearch, entry.New{Kind: searchSaved, Subject: key, Body: savedSearch{Search: s, Name: name, Shared: shared}})
		return err
	})
}

func checkName(name string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(name)); n == 0 || n > longestName {
		return fault.New(fault.Invalid, "a saved search needs a name of at most %d letters", longestName).Keeping("nothing was saved").Do("name it")
	}
	return nil
}

// ChangeSearch renames a saved search of one's own, and shares it or keeps it to oneself.
func (d *Desk) ChangeSearch(ctx context.Context, who access.Actor, key, name string, shared bool) error {
	if err := checkName(name); err != nil {
		return err
	}
	return d.onOwnSearch(ctx, who, key, func(s SavedSearch) entry.New {
		return entry.New{Kind: searchSaved, Subject: key, Body: savedSearch{Search: s.Search, Name: name, Shared: shared, Heir: s.heir}}
	})
}

// RemoveSearch takes a saved search of one's own off the lists. What it was stays on record.
func (d *Desk) RemoveSearch(ctx context.Context, who access.Actor, key string) error {
	return d.onOwnSearch(ctx, who, key, func(SavedSearch) entry.New {
		return entry.New{Kind: searchRemoved, Subject: key, Body: struct{}{}}
	})
}

// onOwnSearch puts an entry about a saved search of one's own on record; another's is not there.
func (d *Desk) onOwnSearch(ctx context.Context, who access.Actor, key string, made func(SavedSearch) entry.New) error {
	if err := who.May(access.ReadIncidents); err != nil {
		return err
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		s, err := savedIn(ctx, tx, who, key)
		if err == nil && !s.Own {
			err = fault.New(fault.Refused, "this search is %s's", s.Owner).Keeping("nothing was changed").Do("save one of your own")
		}
		if err != nil {
			return err
		}
		_, err = entry.Add(ctx, tx, registerSearch, made(s))
		return err
	})
}

// SavedSearches lists those that are the asker's own or shared, own ones first, by name, each with what is new in it.
func (d *Desk) SavedSearches(ctx context.Context, who access.Actor) (out []SavedSearch, err error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return nil, err
	}
	seen := map[string]seenMark{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		made, err := entry.All[savedSearch](ctx, tx, searchSaved)
		if err != nil {
			return err
		}
		removed, err := entry.All[struct{}](ctx, tx, searchRemoved)
		if err != nil {
			return err
		}
		gone, _ := bySubject(removed)
		of, order := bySubject(made)
		for _, key := range order {
			if s, ok := standingSearch(of[key], gone[key] != nil, who); ok {
				out = append(out, s)
			}
		}
		marks, err := tx.PassingOf(ctx, passingSeen, keptUnder(who))
		for _, p := range marks {
			key, _, _ := strings.Cut(p.Key, " ")
			seen[key] = readMark(p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b SavedSearch) int {
		if a.Own != b.Own {
			return map[bool]int{true: -1, false: 1}[a.Own]
		}
		return cmp.Compare(text.Fold(a.Name), text.Fold(b.Name))
	})
	for i, s := range out {
		mark, ok := seen[s.ID]
		if out[i].New = -1; !ok {
			continue
		}
		if out[i].New, err = d.newIn(ctx, who, s.Search, mark); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// seenMark is how far somebody looked: the journal's row for incidents, the instant for papers.
type seenMark struct {
	journal int64
	at      time.Time
}

func readMark(p store.Passing) seenMark {
	n, _ := strconv.ParseInt(string(p.Body), 10, 64) // 0 where it cannot be read: then all is new
	return seenMark{n, p.At}
}

// newIn counts what a search finds that came or changed after a mark. Filters that the lists no longer know find nothing.
func (d *Desk) newIn(ctx context.Context, who access.Actor, s Search, mark seenMark) (int, error) {
	q, err := s.Query()
	if err != nil {
		return 0, err
	}
	if s.Kind != "" && s.Kind != FindIncidents {
		return d.newPapers(ctx, who, s.Kind, q, mark)
	}
	x, err := d.follow(ctx)
	if err != nil {
		return 0, err
	}
	asked := searchQuery(who, q, nil)
	asked.Limit, asked.Ranges = 0, append(asked.Ranges, search.AtLeast("journal", mark.journal+1))
	found, err := x.Search(asked)
	return found.Total, err
}

func (d *Desk) newPapers(ctx context.Context, who access.Actor, kind string, q IncidentQuery, mark seenMark) (int, error) {
	if !slices.Contains(paperKinds(who), kind) {
		return 0, nil
	}
	x, err := d.followPapers(ctx)
	if err != nil {
		return 0, err
	}
	asked := paperQuery(who, []string{kind}, q)
	asked.Limit, asked.Ranges = 0, append(asked.Ranges, search.AtLeast("at", mark.at.UnixMicro()+1))
	found, err := x.Search(asked)
	return found.Total, err
}

// SawSearch notes that somebody looked at what a saved search finds now.
func (d *Desk) SawSearch(ctx context.Context, who access.Actor, key string) error {
	if err := who.May(access.ReadIncidents); err != nil {
		return err
	}
	return d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		last, err := tx.Last(ctx)
		if err != nil {
			return err
		}
		return tx.PutPassing(ctx, store.Passing{Kind: passingSeen, Key: key + " " + keptUnder(who), Owner: keptUnder(who),
			Body: []byte(strconv.FormatInt(last, 10)), Until: tx.Now().Add(seenLasts)})
	})
}
