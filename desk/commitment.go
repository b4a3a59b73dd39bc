package desk

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"ward/access"
	"ward/commitment"
	"ward/entry"
	"ward/fault"
	"ward/incident"
	"ward/lines"
	"ward/policy"
	"ward/store"
	"ward/when"
)

// CommitmentQuery chooses commitments; what is left empty chooses all.
type CommitmentQuery struct {
	Addressee string // a code; one group ("State") stands for every one of it too
	Text      string // id of a norm or of a kept text
	Status    string // open, A, B, C, D, E or no_info
	Overdue   bool
	On        when.Day // 0 = today
}

func (q CommitmentQuery) wants(c commitment.Commitment) bool {
	return (q.Addressee == "" || q.Addressee == c.Addressee || strings.HasPrefix(c.Addressee, q.Addressee+":")) &&
		(q.Text == "" || q.Text == c.Text) && (q.Status == "" || q.Status == c.Status) && (!q.Overdue || c.Overdue)
}

// check refuses what no commitment can be; a norm that asks nothing is none the less known.
func (q CommitmentQuery) check(corpus *policy.Corpus, demands []commitment.Demand) error {
	if q.Status != "" && !slices.Contains(commitment.Statuses(), q.Status) {
		return fault.New(fault.Invalid, "%.40q is no status of a commitment", q.Status).Do("use %s", strings.Join(commitment.Statuses(), ", "))
	}
	if q.Addressee != "" && !policy.IsAddressee(q.Addressee) && !slices.ContainsFunc(demands, func(x commitment.Demand) bool { return x.Takes(q.Addressee) }) {
		return fault.New(fault.NotFound, "%.40q is nobody to whom a norm speaks", q.Addressee).Do("look in the list of commitments")
	}
	_, norm := corpus.Norm(q.Text)
	if q.Text != "" && !norm && !slices.ContainsFunc(demands, func(x commitment.Demand) bool { return x.Text == q.Text }) {
		return fault.New(fault.NotFound, "there is no norm or kept text %.60q", q.Text).Do("look in the list of commitments")
	}
	return nil
}

// Commitments lists what is asked of whom as it stood on a day, in the order of the corpus, then of the texts that were kept.
func (d *Desk) Commitments(ctx context.Context, who access.Actor, q CommitmentQuery) ([]commitment.Commitment, error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "commitments"); err != nil {
		return nil, err
	}
	return d.commitments(ctx, q)
}

func (d *Desk) commitments(ctx context.Context, q CommitmentQuery) (out []commitment.Commitment, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, demands, err := d.commitmentsOn(ctx, tx, q.On)
		if err == nil {
			err = q.check(d.corpus, demands)
		}
		out = slices.DeleteFunc(all, func(c commitment.Commitment) bool { return !q.wants(c) })
		return err
	})
	return out, err
}

// commitmentsOn folds the whole register, and gives the demands that it rests on.
func (d *Desk) commitmentsOn(ctx context.Context, tx *store.Tx, day when.Day) ([]commitment.Commitment, []commitment.Demand, error) {
	if day == 0 {
		day = when.DayOf(tx.Now())
	}
	demands, err := d.demands(ctx, tx, day)
	if err != nil {
		return nil, nil, err
	}
	var made commitment.Entries
	if made.Openings, err = entry.All[commitment.Opening](ctx, tx, commitment.Opened); err != nil {
		return nil, nil, err
	}
	if made.Gradings, err = entry.All[commitment.Grading](ctx, tx, commitment.Graded); err != nil {
		return nil, nil, err
	}
	return commitment.On(demands, made, day), demands, nil
}

func (d *Desk) demands(ctx context.Context, tx *store.Tx, day when.Day) ([]commitment.Demand, error) {
	kept, err := policy.KeptTexts(ctx, tx)
	if err != nil {
		return nil, err
	}
	return commitment.Demands(d.corpus, kept, day), nil
}

// Demands lists what is asked on a day, whoever it is asked of; 0 = today.
func (d *Desk) Demands(ctx context.Context, who access.Actor, day when.Day) (out []commitment.Demand, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "commitments"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		if day == 0 {
			day = when.DayOf(tx.Now())
		}
		out, err = d.demands(ctx, tx, day)
		return err
	})
	return out, err
}

// Commitment finds one commitment as it stands today. One that could be opened and was not is there too, without a history; NotFound where
// nothing of the kind is asked.
func (d *Desk) Commitment(ctx context.Context, who access.Actor, id, addressee string) (commitment.Commitment, error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "commitments"); err != nil {
		return commitment.Commitment{}, err
	}
	var found commitment.Commitment
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = d.commitment(ctx, tx, id, addressee)
		return err
	})
	return found, err
}

func (d *Desk) commitment(ctx context.Context, tx *store.Tx, id, addressee string) (commitment.Commitment, error) {
	all, demands, err := d.commitmentsOn(ctx, tx, 0)
	if err != nil {
		return commitment.Commitment{}, err
	}
	for _, c := range all {
		if c.ID == id && c.Addressee == addressee {
			return c, nil
		}
	}
	i := slices.IndexFunc(demands, func(x commitment.Demand) bool { return x.ID == id })
	if i < 0 {
		return commitment.Commitment{}, fault.New(fault.NotFound, "there is no recommendation %.60q", id).Do("look for it in the list of commitments")
	}
	if !demands[i].Takes(addressee) {
		return commitment.Commitment{}, fault.New(fault.NotFound, "%s does not address %.60q", id, addressee).Do("it addresses %s", strings.Join(demands[i].Addressees, ", "))
	}
	return commitment.Commitment{Demand: demands[i], Addressee: addressee, Status: commitment.Open}, nil
}

// OpenCommitment puts a commitment under somebody's eyes: who answers, by when.
func (d *Desk) OpenCommitment(ctx context.Context, who access.Actor, id, addressee string, o commitment.Opening) error {
	return d.enter(ctx, who, id, addressee, o.Problem(), entry.New{Kind: commitment.Opened, Body: o})
}

// GradeCommitment says what became of a commitment; an earlier grade stays in its history.
func (d *Desk) GradeCommitment(ctx context.Context, who access.Actor, id, addressee string, g commitment.Grading) error {
	return d.enter(ctx, who, id, addressee, g.Problem(), entry.New{Kind: commitment.Graded, Body: g})
}

// enter puts one entry on a commitment that there is.
func (d *Desk) enter(ctx context.Context, who access.Actor, id, addressee, problem string, made entry.New) error {
	if err := who.MayOn(access.GradeCommitments, stateAsked(addressee)); err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", problem).Keeping("nothing was written")
	}
	return d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		c, err := d.commitment(ctx, tx, id, addressee)
		if err != nil {
			return err
		}
		if g, is := made.Body.(commitment.Grading); is {
			missing, err := missingIncidents(ctx, tx, g)
			if err != nil {
				return err
			}
			if which := missingOf(missing, g); which != "" {
				return fault.New(fault.Invalid, "the evidence names %s, which is no incident here", which).Keeping("nothing was written")
			}
		}
		made.Subject = c.Subject()
		_, err = entry.Add(ctx, tx, commitment.Register, made)
		return err
	})
}

// stateAsked is the State of an addressee such as State:XAA or NMA:XAA; "" of one that is of no State.
func stateAsked(addressee string) string {
	_, state, _ := strings.Cut(addressee, ":")
	return state
}

// missingIncidents is the set of incidents among the evidence of gradings that this workspace does not have.
func missingIncidents(ctx context.Context, tx *store.Tx, gradings ...commitment.Grading) (map[string]bool, error) {
	missing := map[string]bool{}
	for _, g := range gradings {
		for _, ref := range g.Evidence {
			if commitment.EvidenceKind(ref) == commitment.Incident {
				missing[ref] = true
			}
		}
	}
	for chunk := range slices.Chunk(slices.Collect(maps.Keys(missing)), batchRows) {
		err := incident.Each(ctx, tx, incident.Where{PublicIDs: chunk}, func(inc incident.Incident) error {
			delete(missing, inc.PublicID)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// missingOf is the first of a set among the evidence of a grading; "" where there is none.
func missingOf(set map[string]bool, g commitment.Grading) string {
	for _, ref := range g.Evidence {
		if set[ref] {
			return ref
		}
	}
	return ""
}

// ImportCommitments reads openings and gradings. All or nothing: with one bad line nothing is written and every problem is listed.
func (d *Desk) ImportCommitments(ctx context.Context, who access.Actor, r io.Reader) (result Stated, err error) {
	if err := who.May(access.GradeCommitments); err != nil {
		return result, err
	}
	demands, err := d.Demands(ctx, who, 0)
	if err != nil {
		return result, err
	}
	rows, problems, err := commitment.Parse(r, demands)
	result = Stated{Rows: len(rows), Problems: problems}
	if err != nil {
		return result, err
	}
	for _, row := range rows {
		if err := who.MayOn(access.GradeCommitments, stateAsked(row.Addressee)); err != nil {
			return result, err
		}
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if err := result.commitments(ctx, tx, rows); err != nil {
			return err
		}
		made, err := d.freshEntries(ctx, tx, rows)
		if err == nil {
			err = result.add(ctx, tx, commitment.Register, made)
		}
		return err
	})
	return result, err
}

// commitments adds the lines whose evidence is not here, and refuses where any line has a problem.
func (s *Stated) commitments(ctx context.Context, tx *store.Tx, rows []commitment.Row) error {
	var gradings []commitment.Grading
	for _, row := range rows {
		if row.Grading != nil {
			gradings = append(gradings, *row.Grading)
		}
	}
	missing, err := missingIncidents(ctx, tx, gradings...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Grading == nil {
			continue
		}
		if which := missingOf(missing, *row.Grading); which != "" {
			s.Problems = append(s.Problems, lines.Problem{Line: row.Line, Text: which + " is no incident here"})
		}
	}
	return s.check()
}

// freshEntries are the entries of the rows that are not on record yet.
func (d *Desk) freshEntries(ctx context.Context, tx *store.Tx, rows []commitment.Row) (made []entry.New, err error) {
	all, _, err := d.commitmentsOn(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	now := map[string]commitment.Commitment{}
	for _, c := range all {
		now[c.Subject()] = c
	}
	for _, row := range rows {
		subject := commitment.Subject(row.Demand, row.Addressee)
		row = now[subject].Fresh(row)
		if row.Opening != nil {
			made = append(made, entry.New{Kind: commitment.Opened, Subject: subject, Body: *row.Opening})
		}
		if row.Grading != nil {
			made = append(made, entry.New{Kind: commitment.Graded, Subject: subject, Body: *row.Grading})
		}
	}
	return made, nil
}

// CommitmentFile says in what form commitments leave, to whom and what for.
type CommitmentFile struct {
	Format  string // csv or json
	To, Why string // stand in the ledger
}

// ExportCommitments writes commitments as a file that leaves: its line stands in the ledger first. Who answers for a commitment and who
// graded it are not in it.
func (d *Desk) ExportCommitments(ctx context.Context, who access.Actor, w io.Writer, q CommitmentQuery, file CommitmentFile) error {
	if err := who.May(access.ReadRegisters); err != nil {
		return err
	}
	write, known := map[string]func(io.Writer, []commitment.Commitment) error{"csv": commitment.WriteCSV, "json": commitment.WriteJSON}[file.Format]
	if !known {
		return fault.New(fault.NotFound, "there is no format %.20q for commitments", file.Format).Do("use csv or json")
	}
	list, err := d.commitments(ctx, q)
	if err != nil {
		return err
	}
	what := []string{"commitments", q.Text, q.Addressee, q.Status}
	if q.Overdue {
		what = append(what, "overdue")
	}
	if q.On != 0 && q.On != d.Today() {
		what = append(what, "as of", q.On.String())
	}
	said := strings.Join(strings.Fields(strings.Join(append(what, file.Format), " ")), " ")
	line := store.Disclosure{To: file.To, Why: file.Why, What: said, Records: int64(len(list))}
	if err := d.disclose(ctx, who, access.AuditFile, line); err != nil {
		return err
	}
	return write(w, list)
}
