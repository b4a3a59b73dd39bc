package desk

import (
	"context"
	"io"
	"reflect"
	"slices"

	"ward/access"
	"ward/entry"
	"ward/facility"
	"ward/fault"
	"ward/id"
	"ward/incident"
	"ward/lines"
	"ward/store"
	"ward/when"
)

// FacilityQuery chooses facilities; what is left empty chooses all.
type FacilityQuery struct {
	State         string // ISO3
	Type          string // code of the list "facility"
	Functionality string // as last stated: full, partial, none; "unstated" where nobody said
	Incident      string // WRD-...: those with an entry that names it
	On            when.Day
}

// Unstated chooses facilities of which nobody said how they work.
const Unstated = "unstated"

// Wants reports that a facility is chosen, whatever the day.
func (q FacilityQuery) Wants(s facility.Standing) bool {
	works := s.Functionality.Code == q.Functionality || q.Functionality == Unstated && s.Functionality.Code == ""
	return (q.State == "" || q.State == s.State) && (q.Type == "" || q.Type == s.Type) && (q.Functionality == "" || works) &&
		(q.Incident == "" || slices.ContainsFunc(s.Entries, func(e facility.Entry) bool { return e.Body.Incident == q.Incident && e.Corrected == "" }))
}

// Facilities lists the register as it stood on a day, 0 being today, in the order of States, then of names.
func (d *Desk) Facilities(ctx context.Context, who access.Actor, q FacilityQuery) (out []facility.Standing, err error) {
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "facilities"); err != nil {
		return nil, err
	}
	all, err := d.facilities(ctx)
	if q.On == 0 {
		q.On = d.Today()
	}
	for _, r := range all {
		if s := r.On(q.On); q.Wants(s) {
			out = append(out, s)
		}
	}
	return out, err
}

func (d *Desk) facilities(ctx context.Context) (out []facility.Record, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = facilitiesIn(ctx, tx)
		return err
	})
	return out, err
}

func facilitiesIn(ctx context.Context, tx *store.Tx) ([]facility.Record, error) {
	puts, err := entry.All[facility.Facility](ctx, tx, facility.Put)
	if err != nil {
		return nil, err
	}
	damages, err := entry.All[facility.Damage](ctx, tx, facility.Damaged)
	return facility.Records(puts, damages), err
}

// facilityIn finds one facility; NotFound where there is none.
func facilityIn(ctx context.Context, tx *store.Tx, id string) (facility.Record, error) {
	puts, err := entry.Of[facility.Facility](ctx, tx, facility.Put, id)
	if err != nil {
		return facility.Record{}, err
	}
	damages, err := entry.Of[facility.Damage](ctx, tx, facility.Damaged, id)
	if err != nil {
		return facility.Record{}, err
	}
	list := facility.Records(puts, damages)
	if len(list) == 0 {
		return facility.Record{}, fault.New(fault.NotFound, "there is no facility %.40q", id).Do("look for it in the list of facilities")
	}
	return list[0], nil
}

// Facility tells of one facility as it stood on a day, 0 being today, with its whole history. It shows T3 (whether its place was notified).
func (d *Desk) Facility(ctx context.Context, who access.Actor, id string, on when.Day) (facility.Standing, error) {
	var found facility.Record
	err := who.May(access.ReadRegisters)
	if err != nil {
		return facility.Standing{}, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = facilityIn(ctx, tx, id)
		return err
	})
	if err != nil {
		return facility.Standing{}, err
	}
	if on == 0 {
		on = d.Today()
	}
	return found.On(on), d.read(ctx, who, access.ReadRegisters, access.Page, id)
}

// FacilityReport sums up the facilities of a State, given by ISO3 or any name that Ward knows, on a day, 0 being today. It is what the page
// shows and what a printed report is made of: every figure, list and word of it stands in facility.Report, whose Standing holds each facility
// with its components. It is for people who work here; for others use its ForOthers.
func (d *Desk) FacilityReport(ctx context.Context, who access.Actor, state string, on when.Day) (facility.Report, error) {
	code, err := StateCode(state)
	if err != nil {
		return facility.Report{}, err
	}
	if err := d.read(ctx, who, access.ReadRegisters, access.Page, "facilities"); err != nil {
		return facility.Report{}, err
	}
	return d.facilityReport(ctx, code, on)
}

func (d *Desk) facilityReport(ctx context.Context, code string, on when.Day) (facility.Report, error) {
	if on == 0 {
		on = d.Today()
	}
	all, err := d.facilities(ctx)
	return facility.ReportOn(all, code, on, facility.Window), err
}

// PutFacility puts on record what a facility is, and returns its id; with "" for an id it is a new one. What is described just so already
// is not written again.
func (d *Desk) PutFacility(ctx context.Context, who access.Actor, facilityID string, f facility.Facility) (string, error) {
	if err := who.May(access.KeepFacilities); err != nil {
		return "", err
	}
	if why := f.Problem(); why != "" {
		return "", fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
	}
	if err := who.MayOn(access.KeepFacilities, f.State, facilityID); err != nil {
		return "", err
	}
	if err := d.onlyInvented(f.State); err != nil {
		return "", err
	}
	fresh := facilityID == ""
	if fresh {
		facilityID = id.New(d.db.Now())
	} else if known, err := d.Facility(ctx, who, facilityID, 0); err != nil || known.Same(f) {
		return facilityID, err
	}
	return facilityID, d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		if !fresh {
			record, err := facilityIn(ctx, tx, facilityID)
			if err == nil {
				err = who.MayOn(access.KeepFacilities, record.State)
			}
			if err != nil {
				return err
			}
		}
		_, err := entry.Add(ctx, tx, facility.Register, entry.New{Kind: facility.Put, Subject: facilityID, Body: f})
		return err
	})
}

// StateDamage puts a damage entry of a facility on record, and returns its id. An incident that it names must be here. What was stated just so
// before is not written again: a form that was sent twice states once.
func (d *Desk) StateDamage(ctx context.Context, who access.Actor, facilityID string, made facility.Damage) (string, error) {
	if err := who.May(access.KeepFacilities); err != nil {
		return "", err
	}
	if why := made.Problem(d.Today()); why != "" {
		return "", fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
	}
	var ids []string
	err := d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		record, err := facilityIn(ctx, tx, facilityID)
		if err == nil {
			err = who.MayOn(access.KeepFacilities, record.State, facilityID)
		}
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(record.Entries, func(e facility.Entry) bool { return reflect.DeepEqual(e.Body, made) }); i >= 0 {
			ids = []string{record.Entries[i].ID}
			return nil
		}
		why := record.Corrects(made)
		if why == "" {
			why, err = unknownIncident(ctx, tx, made)
		}
		if err == nil && why != "" {
			err = fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
		}
		if err != nil {
			return err
		}
		ids, err = entry.Add(ctx, tx, facility.Register, entry.New{Kind: facility.Damaged, Subject: facilityID, Body: made})
		return err
	})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// unknownIncident says that an entry names an incident that this workspace does not have.
func unknownIncident(ctx context.Context, tx *store.Tx, d facility.Damage) (string, error) {
	if d.Incident == "" {
		return "", nil
	}
	_, err := incident.Get(ctx, tx, d.Incident)
	if fault.Is(err, fault.NotFound) {
		return d.Incident + " is no incident here", nil
	}
	return "", err
}

// ImportFacilities reads facilities and damage (docs/facilities-csv.md), all or nothing: with one bad line nothing is written and every problem
// is listed.
func (d *Desk) ImportFacilities(ctx context.Context, who access.Actor, r io.Reader) (result Stated, err error) {
	if err := who.May(access.KeepFacilities); err != nil {
		return result, err
	}
	rows, problems, err := facility.Parse(r, d.Today())
	result = Stated{Rows: len(rows), Problems: problems}
	if err != nil {
		return result, err
	}
	for _, row := range rows {
		if row.Facility == nil {
			continue
		}
		if err := who.MayOn(access.KeepFacilities, row.Facility.State, row.Ref); err != nil {
			return result, err
		}
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		made, err := result.facilities(ctx, tx, rows)
		if err == nil {
			err = result.add(ctx, tx, facility.Register, made)
		}
		return err
	})
	return result, err
}

// facilities adds the lines that cannot stand beside what is here, and refuses where any line has a problem; else it gives what is new.
func (s *Stated) facilities(ctx context.Context, tx *store.Tx, rows []facility.Row) ([]entry.New, error) {
	records, err := facilitiesIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Damage == nil {
			continue
		}
		why, err := unknownIncident(ctx, tx, *row.Damage)
		if err != nil {
			return nil, err
		}
		if why != "" {
			s.Problems = append(s.Problems, lines.Problem{Line: row.Line, Text: why})
		}
	}
	made, problems := facility.Fresh(records, rows, func() string { return id.New(tx.Now()) })
	s.Problems = append(s.Problems, problems...)
	return made, s.check()
}
