package desk

import (
	"context"
	"io"
	"strings"

	"ward/access"
	"ward/facility"
	"ward/fault"
	"ward/store"
)

// FacilityFile says in what form facilities leave, to whom and what for.
type FacilityFile struct {
	Format  string // csv or json
	Others  bool   // for others: nothing of a facility whose name is not public but the sums it is in, and no words
	To, Why string // stand in the ledger
}

func (f FacilityFile) exit() access.Exit {
	if f.Others {
		return access.ExportFile
	}
	return access.AuditFile
}

// leaves writes the ledger line of a file that is about to leave.
func (d *Desk) leaves(ctx context.Context, who access.Actor, file FacilityFile, records int, what ...string) error {
	line := store.Disclosure{To: file.To, Why: file.Why, What: strings.Join(strings.Fields(strings.Join(what, " ")), " "), Records: int64(records)}
	return d.disclose(ctx, who, file.exit(), line)
}

// ExportFacilities writes facilities with their damage entries as CSV that an import reads again: its line stands in the ledger first. Whether
// a facility's place was notified to the parties leaves by no file.
func (d *Desk) ExportFacilities(ctx context.Context, who access.Actor, w io.Writer, q FacilityQuery, file FacilityFile) error {
	list, err := d.Facilities(ctx, who, q)
	if err != nil {
		return err
	}
	var records []facility.Record
	for _, s := range list {
		if !file.Others || s.Public() {
			records = append(records, s.Record)
		}
	}
	if err := d.leaves(ctx, who, file, len(records), "facilities", q.State, "csv"); err != nil {
		return err
	}
	return facility.WriteCSV(w, records, file.Others)
}

// ExportFacilityReport writes a State's report as a file that leaves: its line stands in the ledger first.
func (d *Desk) ExportFacilityReport(ctx context.Context, who access.Actor, w io.Writer, q FacilityQuery, file FacilityFile) error {
	if err := who.May(access.ReadRegisters); err != nil {
		return err
	}
	write, known := map[string]func(facility.Report, io.Writer) error{"csv": facility.Report.WriteCSV, "json": facility.Report.WriteJSON}[file.Format]
	if !known {
		return fault.New(fault.NotFound, "there is no format %.20q for a report on facilities", file.Format).Do("use csv or json")
	}
	code, err := StateCode(q.State)
	if err != nil {
		return err
	}
	report, err := d.facilityReport(ctx, code, q.On)
	if err != nil {
		return err
	}
	if file.Others {
		report = report.ForOthers()
	}
	if err := d.leaves(ctx, who, file, report.Facilities, "facilities", "report", code, file.Format); err != nil {
		return err
	}
	return write(report, w)
}
