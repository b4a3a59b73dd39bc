package desk

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"ward/access"
	"ward/duty"
	"ward/entry"
	"ward/exchange"
	"ward/fault"
	"ward/store"
	"ward/when"
)

// Duties are the association's own duties as they stand in a year.
type Duties struct {
	Year    int
	Years   []int // that somebody assessed, and this one; the newest first
	Lines   []duty.Line
	Unknown int // points without information
	Overdue int
	With    int           // the year compared with; 0 = none
	Changes []duty.Change // from that year to this
}

// Duties tells how every duty stands in a year, 0 being the current one, beside another year where one is named.
func (d *Desk) Duties(ctx context.Context, who access.Actor, year, with int) (Duties, error) {
	entries, err := d.assessments(ctx, who)
	if err != nil {
		return Duties{}, err
	}
	today := when.DayOf(d.db.Now())
	if year == 0 {
		year = today.Year()
	}
	out := Duties{Year: year, Years: duty.Years(entries), Lines: duty.Standing(entries, year, today), With: with}
	if !slices.Contains(out.Years, year) {
		out.Years = append(out.Years, year)
		slices.SortFunc(out.Years, func(a, b int) int { return b - a })
	}
	for _, l := range out.Lines {
		if l.Status == duty.NoInfo {
			out.Unknown++
		}
		if l.Overdue {
			out.Overdue++
		}
	}
	if with != 0 {
		out.Changes = duty.Compare(duty.Standing(entries, with, today), out.Lines)
	}
	return out, nil
}

// Duty is one duty through all years.
type Duty struct {
	Line    duty.Line    // in the year asked for
	History []duty.Entry // of every year, the newest word first
	Year    int
}

// Duty tells of one duty, and how it stands in a year, 0 being the current one.
func (d *Desk) Duty(ctx context.Context, who access.Actor, point string, year int) (Duty, error) {
	if _, known := duty.PointOf(point); !known {
		return Duty{}, fault.New(fault.NotFound, "there is no duty %.40q", point).Do("take one that ward duty list shows")
	}
	entries, err := d.assessments(ctx, who)
	if err != nil {
		return Duty{}, err
	}
	today := when.DayOf(d.db.Now())
	if year == 0 {
		year = today.Year()
	}
	out := Duty{Year: year}
	for _, l := range duty.Standing(entries, year, today) {
		if l.ID == point {
			out.Line = l
		}
	}
	for _, e := range slices.Backward(entries) {
		if e.Body.Point == point {
			out.History = append(out.History, e)
		}
	}
	return out, nil
}

func (d *Desk) assessments(ctx context.Context, who access.Actor) (out []duty.Entry, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "duties"); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = entry.All[duty.Assessment](ctx, tx, duty.Kind)
		return err
	})
	return out, err
}

// Assess puts assessments on record, all or none. What the record already states is not stated again; it returns how many are new.
func (d *Desk) Assess(ctx context.Context, who access.Actor, made ...duty.Assessment) (added int, err error) {
	if err := who.May(access.AssessDuties); err != nil {
		return 0, err
	}
	for _, a := range made {
		if err := a.Check(); err != nil {
			return 0, err
		}
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		stated, err := entry.All[duty.Assessment](ctx, tx, duty.Kind)
		if err != nil {
			return err
		}
		var list []entry.New
		for _, a := range duty.Fresh(stated, made) {
			list = append(list, entry.New{Kind: duty.Kind, Subject: a.Subject(), Body: a})
		}
		added = len(list)
		_, err = entry.Add(ctx, tx, duty.Register, list...)
		return err
	})
	return added, err
}

// ImportDuties reads a file of assessments (docs/duties-csv.md), all or nothing: with one bad line nothing is written and every problem is listed.
func (d *Desk) ImportDuties(ctx context.Context, who access.Actor, r io.Reader) (result Stated, err error) {
	if err := who.May(access.AssessDuties); err != nil {
		return result, err
	}
	made, problems, err := duty.Parse(r)
	result = Stated{Rows: len(made), Problems: problems}
	if err == nil {
		err = result.check()
	}
	if err != nil {
		return result, err
	}
	result.Added, err = d.Assess(ctx, who, made...)
	return result, err
}

// DutiesFile says which file of assessments is to be written.
type DutiesFile struct {
	Year      int                    // 0 = the current one
	Others    bool                   // for others: without owners, days by which, notes and names
	Words     func(id string) string // what a point asks, in the reader's language
	Recipient string
	Why       string
}

// WriteDuties writes the duties of a year as CSV. A file for ourselves holds what members may see; one for others, what everybody may.
func (d *Desk) WriteDuties(ctx context.Context, who access.Actor, w io.Writer, opt DutiesFile) error {
	duties, err := d.Duties(ctx, who, opt.Year, 0)
	if err != nil {
		return err
	}
	exit := access.AuditFile
	if opt.Others {
		exit = access.ExportFile
	}
	line := store.Disclosure{Records: int64(len(duties.Lines)), To: opt.Recipient, Why: opt.Why, What: "duties " + strconv.Itoa(duties.Year) + " csv"}
	if err := d.disclose(ctx, who, exit, line); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(columnsFor(exit, duty.Columns)); err != nil {
		return err
	}
	for _, l := range duties.Lines {
		if err := out.Write(columnsFor(exit, l.Row(duties.Year, opt.Words(l.ID)))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// columnsFor keeps of a row what may leave by an exit, safe for spreadsheets.
func columnsFor(exit access.Exit, row []string) (out []string) {
	for i, cell := range row {
		tier := access.T0
		if slices.Contains(duty.Internal, duty.Columns[i]) {
			tier = access.T1
		}
		if exit.Lets(tier, false) {
			out = append(out, exchange.SafeCell(cell))
		}
	}
	return out
}
