package policy

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ward/text"
)

// tables are the five embedded files as text, so that tests can break them.
type tables struct{ norms, events, clauses, citations, calls string }

func parseCorpus(t tables) (*Corpus, error) {
	c := &Corpus{normAt: map[string]int{}, clauseAt: map[string]int{}}
	for _, step := range []func() error{
		func() error { return c.readNorms(t.norms) },
		func() error { return c.readEvents(t.events) },
		func() error { return c.readClauses(t.clauses) },
		func() error { return c.readCitations(t.citations) },
		func() error { return c.readCalls(t.calls) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c, c.check()
}

// rows reads a table whose first line must be exactly the given columns, and
// hands each row on with its line number in errors.
func rows(name, body, columns string, each func(row []string) error) error {
	r := csv.NewReader(strings.NewReader(body))
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if got := strings.Join(head, ","); got != columns {
		return fmt.Errorf("%s: columns are %q, not %q", name, got, columns)
	}
	records, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, row := range records {
		if err := each(row); err != nil {
			return fmt.Errorf("%s, row %d: %w", name, i+1, err)
		}
	}
	return nil
}

func (c *Corpus) readNorms(body string) error {
	const columns = "id,title,short,issuer,official_no,force,addressee,aliases,confirmed,marks"
	return rows("norms.csv", body, columns, func(row []string) error {
		n := Norm{ID: row[0], Title: row[1], Short: row[2], Issuer: row[3], OfficialNo: row[4],
			Force: row[5], Addressee: row[6], Aliases: list(row[7], "|"), Confirmed: row[8] == "yes"}
		for _, mark := range list(row[9], "|") {
			n.marks = append(n.marks, strings.Join(text.Tokens(mark), " "))
		}
		if _, twice := c.normAt[n.ID]; twice || n.ID == "" {
			return fmt.Errorf("norm %q is empty or stands twice", n.ID)
		}
		if !slices.Contains([]string{forceTreaty, forceCustom, forceUNSC, forceSoft, forceProfessional}, n.Force) {
			return fmt.Errorf("norm %s: unknown force %q", n.ID, n.Force)
		}
		c.normAt[n.ID] = len(c.norms)
		c.norms = append(c.norms, n)
		return nil
	})
}

func (c *Corpus) readEvents(body string) error {
	return rows("events.csv", body, "norm,event,as,body,ordinal,place,online,year,month", func(row []string) error {
		i, ok := c.normAt[row[0]]
		if !ok {
			return fmt.Errorf("no norm %q", row[0])
		}
		numbers, err := integers(row[4], row[7], row[8])
		if err != nil {
			return err
		}
		e := Event{Event: row[1], As: row[2], Body: row[3], Ordinal: numbers[0], Place: row[5],
			Online: row[6] == "yes", Year: numbers[1], Month: numbers[2]}
		if !slices.Contains(eventNames(), e.Event) || e.Year < 1800 || e.Month < 0 || e.Month > 12 {
			return fmt.Errorf("%s: bad event %+v", row[0], e)
		}
		c.norms[i].Events = append(c.norms[i].Events, e)
		return nil
	})
}

func eventNames() []string {
	return []string{Adopted, Revised, EditoriallyRev, Reaffirmed, ReaffirmedMinor, Renamed,
		Reclassified, Rescinded, Archived, EnteredIntoForce}
}

func (c *Corpus) readClauses(body string) error {
	const columns = "norm,number,short,summary,addressee,since,since_by,confirmed,binding"
	err := rows("clauses.csv", body, columns, func(row []string) error {
		i, ok := c.normAt[row[0]]
		if !ok {
			return fmt.Errorf("no norm %q", row[0])
		}
		since, err := integers(row[5])
		if err != nil {
			return err
		}
		cl := Clause{ID: clauseID(row[0], row[1]), Norm: row[0], Number: row[1], Short: row[2], Summary: row[3],
			Addressee: row[4], Force: c.norms[i].Force, Since: since[0], SinceBy: row[6],
			Confirmed: row[7] == "yes", Binding: row[8]}
		if _, twice := c.clauseAt[cl.ID]; twice {
			return fmt.Errorf("clause %s stands twice", cl.ID)
		}
		c.clauseAt[cl.ID] = len(c.clauses)
		c.clauses = append(c.clauses, cl)
		c.norms[i].Clauses = append(c.norms[i].Clauses, cl)
		return nil
	})
	return err
}

// clauseID joins norm and number; a clause without a number is the whole norm.
func clauseID(norm, number string) string {
	if number == "" {
		return norm
	}
	return norm + ":" + number
}

// check holds the corpus to its own rules, clause by clause.
func (c *Corpus) check() error {
	for _, n := range c.norms {
		if len(n.Events) == 0 || n.Events[0].Event != Adopted {
			return fmt.Errorf("norm %s: its life does not begin with an adoption", n.ID)
		}
		inOrder := slices.IsSortedFunc(n.Events, func(a, b Event) int { return int(a.Date().From()) - int(b.Date().From()) })
		if !inOrder {
			return fmt.Errorf("norm %s: its events are out of order", n.ID)
		}
	}
	for _, cl := range c.clauses {
		if err := c.checkClause(cl); err != nil {
			return fmt.Errorf("clause %s: %w", cl.ID, err)
		}
	}
	return nil
}

func (c *Corpus) checkClause(cl Clause) error {
	n, _ := c.Norm(cl.Norm)
	switch {
	case cl.Summary == "" || cl.Short == "" || cl.Addressee == "":
		return fmt.Errorf("summary, short label and addressee are required")
	case len(strings.Fields(cl.Short)) > 5:
		return fmt.Errorf("short label %q has more than five words", cl.Short)
	case !slices.Contains([]string{"all", "party", "addressee"}, cl.Binding):
		return fmt.Errorf("unknown binding %q", cl.Binding)
	case (cl.Force == forceCustom || cl.Force == forceUNSC) && cl.Binding != "all":
		return fmt.Errorf("custom and Security Council hold for every State")
	case !sinceFits(n, cl):
		return fmt.Errorf("since %d is not a year that %q allows", cl.Since, cl.SinceBy)
	}
	return nil
}

// sinceFits ties Since to the life of the norm, so that no year is free to drift:
// "first" is the adoption, "revision" and "version" a later wording, "force" a
// treaty's entry into force, "custom" that of the first treaty with the same rule
// (the Geneva Conventions 1950 or their Protocols 1978).
func sinceFits(n Norm, cl Clause) bool {
	if cl.SinceBy == "custom" {
		return n.Force == forceCustom && (cl.Since == 1950 || cl.Since == 1978)
	}
	for i, e := range n.Events {
		fits := map[string]bool{
			"first":    i == 0,
			"revision": i > 0 && (e.Event == Revised || e.Event == EditoriallyRev),
			"version":  i > 0 && strings.HasSuffix(n.ID, strconv.Itoa(e.Year)),
			"force":    e.Event == EnteredIntoForce,
		}[cl.SinceBy]
		if fits && e.Year == cl.Since {
			return true
		}
	}
	return false
}

func list(s, sep string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, sep)
}

func integers(fields ...string) ([]int, error) {
	out := make([]int, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", f)
		}
		out[i] = n
	}
	return out, nil
}
