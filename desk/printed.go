package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ward/access"
	"ward/commitment"
	"ward/duty"
	"ward/store"
)

// TakeDuties gives the duties of a year for a file that is printed, after its line stands in the ledger. For others it holds no owners,
// days by which, notes and names.
func (d *Desk) TakeDuties(ctx context.Context, who access.Actor, opt DutiesFile, format string) (Duties, error) {
	duties, err := d.Duties(ctx, who, opt.Year, 0)
	if err != nil {
		return duties, err
	}
	exit := access.AuditFile
	if opt.Others {
		exit, duties.Overdue, duties.Lines = access.ExportFile, 0, forOthers(duties.Lines)
	}
	line := store.Disclosure{Records: int64(len(duties.Lines)), To: opt.Recipient, Why: opt.Why, What: "duties " + strconv.Itoa(duties.Year) + " " + format}
	return duties, d.disclose(ctx, who, exit, line)
}

// forOthers keeps of each line what everybody may see.
func forOthers(lines []duty.Line) []duty.Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Before, out[i].History, out[i].Overdue = nil, nil, false
		if out[i].Now == nil {
			continue
		}
		now := *out[i].Now
		now.By, now.Body.Owner, now.Body.Due, now.Body.Note = "", "", "", ""
		out[i].Now = &now
	}
	return out
}

// TakeCommitments gives commitments for a file that is printed, after its line stands in the ledger. Who answers for them and who graded
// them is left out.
func (d *Desk) TakeCommitments(ctx context.Context, who access.Actor, q CommitmentQuery, file CommitmentFile) ([]commitment.Commitment, error) {
	if err := who.May(access.ReadRegisters); err != nil {
		return nil, err
	}
	list, err := d.commitments(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Answers = ""
		list[i].History = slices.Clone(list[i].History)
		for j := range list[i].History {
			list[i].History[j].By = ""
		}
	}
	what := strings.Join(strings.Fields("commitments "+q.Text+" "+q.Addressee+" "+file.Format), " ")
	return list, d.disclose(ctx, who, access.AuditFile, store.Disclosure{To: file.To, Why: file.Why, What: what, Records: int64(len(list))})
}
