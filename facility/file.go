package facility

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"ward/exchange"
	"ward/when"
)

// secret is the column that leaves by no file.
const secret = "deconflicted"

// Words are the columns that stay within the association whatever is public about the facility: what people wrote, and where it comes from.
var Words = []string{"external", "services", "need", "evidence", "source", "note"}

// written are the columns of a file of the register: those of an import without the one that leaves by no file, then those for the reader.
// A file for others lacks Words too.
func written(others bool) []string {
	return slices.DeleteFunc(slices.Concat(Columns, Told), func(c string) bool { return c == secret || others && slices.Contains(Words, c) })
}

// WriteCSV writes facilities with every damage entry; an import reads the file again. A file for others holds facilities that are public alone,
// and no entry that was corrected.
func WriteCSV(w io.Writer, list []Record, others bool) error {
	columns := written(others)
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, r := range list {
		if others && !r.Public() {
			continue
		}
		rows := []map[string]string{r.cells()}
		for _, e := range r.Entries {
			if !others || e.Corrected == "" && !e.Body.Withdrawn() {
				rows = append(rows, e.cells(r.ID))
			}
		}
		for _, row := range rows {
			if err := out.Write(pick(row, columns)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func pick(row map[string]string, columns []string) (out []string) {
	for _, c := range columns {
		out = append(out, exchange.SafeCell(row[c]))
	}
	return out
}

func (r Record) cells() map[string]string {
	return map[string]string{"kind": FacilityLine, "facility": r.ID, "type": r.Type, "name": r.Name, "state": r.State, "adm1": r.Adm1, "place": r.Place,
		"operator": r.Operator, "emblem": r.Emblem, "pcode": r.PCode, "published": r.Published, "external": strings.Join(r.External, "\n"),
		"stated_on": when.DayOf(r.Puts[len(r.Puts)-1].At).String()}
}

func (e Entry) cells(id string) map[string]string {
	b := e.Body
	row := map[string]string{"kind": DamageLine, "facility": id, "date": b.Date, "component": b.Component, "damage": b.Damage, "functionality": b.Functionality,
		"access": b.Access, "services": strings.Join(b.Services, "\n"), "cause": b.Cause, "incident": b.Incident, "need": b.Need, "compensation": b.Compensation,
		"evidence": strings.Join(b.Evidence, "\n"), "source": b.Source, "note": b.Note, "corrects": b.Corrects,
		"entry": e.ID, "stated_on": when.DayOf(e.At).String(), "corrected_by": e.Corrected}
	if c := b.Cost; c != nil {
		row["cost_low"], row["cost_high"], row["currency"], row["prices"] = number(c.Low), number(c.High), c.Currency, c.Priced
		if c.Best != nil {
			row["cost_best"] = number(*c.Best)
		}
	}
	if m := b.Compensated; m != nil {
		row["amount"], row["amount_currency"] = number(m.Amount), m.Currency
	}
	return row
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// WriteJSON writes a report as data.
func (r Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// unstated is what a file says of what nobody stated.
const unstated = "unstated"

// ReportColumns are those of a report as a table: one figure on each line. What a figure does not have is empty.
var ReportColumns = []string{"state", "as_of", "table", "item", "value", "facility", "name", "currency", "prices", "facilities", "old", "components", "low", "best", "best_of", "high", "words", "date"}

// WriteCSV writes a report as one table.
func (r Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(ReportColumns); err != nil {
		return err
	}
	for _, row := range r.rows() {
		row["state"], row["as_of"] = r.State, r.Day
		if err := out.Write(pick(row, ReportColumns)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r Report) rows() (out []map[string]string) {
	count := func(table, item, value string, n, old int) {
		row := map[string]string{"table": table, "item": item, "value": value, "facilities": strconv.Itoa(n)}
		if value != "" && value != unstated {
			row["old"] = strconv.Itoa(old)
		}
		out = append(out, row)
	}
	count("facilities", "", "", r.Facilities, 0)
	for _, a := range append(slices.Clone(r.Axes), r.Compensate) {
		for _, s := range a.Shares {
			count("axis", a.Name, s.Code, s.Facilities, s.Old)
		}
		count("axis", a.Name, unstated, a.Unstated, 0)
	}
	return append(append(out, r.moneyRows()...), r.placeRows()...)
}

func (r Report) moneyRows() (out []map[string]string) {
	for _, c := range r.Costs {
		row := map[string]string{"table": "cost", "currency": c.Currency, "prices": c.Priced, "facilities": strconv.Itoa(c.Facilities),
			"components": strconv.Itoa(c.Components), "low": number(c.Low), "high": number(c.High), "best_of": strconv.Itoa(c.BestOf)}
		if c.BestOf > 0 {
			row["best"] = number(c.Best)
		}
		out = append(out, row)
	}
	out = append(out, map[string]string{"table": "cost", "value": unstated, "components": strconv.Itoa(r.Uncosted)})
	for _, p := range r.Paid {
		out = append(out, map[string]string{"table": "compensation", "value": p.Status, "currency": p.Currency,
			"facilities": strconv.Itoa(p.Facilities), "best": number(p.Amount)})
	}
	return out
}

func (r Report) placeRows() (out []map[string]string) {
	for _, d := range r.Down {
		now := "ended"
		if d.Now {
			now = "now"
		}
		out = append(out, map[string]string{"table": "days_without_function", "value": now, "facility": d.ID, "name": d.Name, "low": number(d.Low), "high": number(d.High), "date": d.Since})
	}
	for _, n := range r.Needs {
		out = append(out, map[string]string{"table": "need", "item": n.Component, "facility": n.ID, "name": n.Name, "words": n.Words, "date": n.Date})
	}
	for _, s := range r.Silent {
		out = append(out, map[string]string{"table": "not_known", "facility": s.ID, "name": s.Name, "date": s.Since})
	}
	return out
}
