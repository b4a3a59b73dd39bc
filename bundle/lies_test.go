package bundle

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"ward/tlog"
)

// Positions of the records of newWorld(...).withErased().
const (
	theIncident = iota
	theRun
	report1
	report2
	report3
	theErased
)

// lie is a change of the records by somebody who holds the log's key: everything around it fits.
type lie struct {
	name string
	code int
	tell func(list []record) []record
}

// hide puts a field behind its own hash.
func hide(f tlog.Shown) tlog.Shown {
	head := fmt.Appendf(nil, "ward/field/v1\x00%s\x00\x00\x00%c%s%s", must(tlog.ParseHash(f.Salt)), len(f.Name), f.Name, f.Value)
	return tlog.Shown{Hash: tlog.Hex(sha256.Sum256(head))}
}

func lies() []lie {
	at := func(i int, change func(r *record)) func([]record) []record {
		return func(list []record) []record { change(&list[i]); return list }
	}
	return []lie{
		{"a value changed", NotIncluded, at(report1, func(r *record) { r.Shown[3].Value = "Nobody was held." })},
		{"a value emptied", NotIncluded, at(theIncident, func(r *record) { r.Shown[0].Value = "" })},
		{"a hidden field shown with an invented value", NotIncluded, at(theIncident, func(r *record) {
			r.Shown[1] = tlog.Shown{Name: "date", Value: "2026-05-05", Salt: strings.Repeat("0", 64)}
		})},
		{"a field hidden behind another hash", NotIncluded, at(theIncident, func(r *record) { r.Shown[0] = tlog.Shown{Hash: strings.Repeat("0", 64)} })},
		{"a field left out", NotIncluded, at(theIncident, func(r *record) { r.Shown = r.Shown[1:] })},
		{"fields in another order", NotIncluded, at(theIncident, func(r *record) { r.Shown[0], r.Shown[2] = r.Shown[2], r.Shown[0] })},
		{"a field twice", NotIncluded, at(theIncident, func(r *record) { r.Shown = slices.Insert(r.Shown, 1, r.Shown[0]) })},
		{"another id", NotIncluded, at(report1, func(r *record) { r.ID = "01K0REPORT9" })},
		{"another id where the field is hidden", NotIncluded, at(theRun, func(r *record) { r.ID = "01K0OTHER" })},
		{"the id of a batch's record hidden", NotIncluded, at(report1, func(r *record) { r.Shown[1] = hide(r.Shown[1]) })},
		{"two records exchange their fields", NotIncluded, func(l []record) []record {
			l[report1].Shown, l[report2].Shown = l[report2].Shown, l[report1].Shown
			return l
		}},
		{"two records exchange their paths", NotIncluded, func(l []record) []record {
			l[report1].Batch, l[report2].Batch = l[report2].Batch, l[report1].Batch
			return l
		}},
		{"two records exchange their proofs", NotIncluded, func(l []record) []record {
			l[theIncident].Proof, l[theRun].Proof = l[theRun].Proof, l[theIncident].Proof
			return l
		}},
		{"two records exchange their openings", NotIncluded, func(l []record) []record {
			l[theIncident].Opening, l[theRun].Opening = l[theRun].Opening, l[theIncident].Opening
			return l
		}},
		{"another number in the batch", NotIncluded, at(report3, func(r *record) { r.Batch.Index = 1 })},
		{"no batch", NotIncluded, at(report1, func(r *record) { r.Batch = nil })},
		{"a batch of one around a record of its own", NotIncluded, at(theIncident, func(r *record) { r.Batch = &batch{0, 1, []string{}} })},
		{"another act", NotIncluded, at(theIncident, func(r *record) { r.Opening.Act = "incident.refute" })},
		{"another time", NotIncluded, at(theIncident, func(r *record) { r.Opening.Shown[0].Value = "2020-01-01T00:00:00Z" })},
		{"a digest of one's own", NotIncluded, at(theIncident, func(r *record) {
			r.Shown[0].Value = "XAB"
			r.Opening.Shown[1].Value = tlog.Hex(must(tlog.ShownDigest(r.Shown)))
		})},
		{"an opening without its digest", NotIncluded, at(theIncident, func(r *record) { r.Opening.Shown = r.Opening.Shown[:1] })},
		{"a record of another workspace", NotIncluded, at(report1, func(r *record) { r.Opening.Tenant = "xab" })},
		{"a record twice", NotIncluded, func(l []record) []record { return append(l, l[0]) }},
		{"the incident called a report", NotIncluded, at(theIncident, func(r *record) { r.Kind = "report" })},
		{"the tombstone of another", NotIncluded, at(theErased, func(r *record) { r.ID = "01K0OTHER" })},
		{"a tombstone with another key", NotIncluded, at(theErased, func(r *record) { r.Erased.Key = strings.Repeat("0", 64) })},
		{"a live record called erased", NotIncluded, func(l []record) []record {
			l[report1] = record{Kind: "report", ID: l[report1].ID, Proof: l[report1].Proof, Erased: l[theErased].Erased}
			return l
		}},
		{"a batch's record passed off as its run", NotIncluded, func(list []record) []record {
			list[report1].Shown[1] = hide(list[report1].Shown[1])
			list[report1].ID = runID
			return list
		}},
		{"an erased record that shows a field", Differs, at(theErased, func(r *record) { r.Shown = []tlog.Shown{{Hash: strings.Repeat("0", 64)}} })},
		{"a live record without an opening", Differs, at(report1, func(r *record) { r.Opening = nil })},
		{"a hash in capitals", Differs, at(theIncident, func(r *record) { r.Shown[1].Hash = strings.ToUpper(r.Shown[1].Hash) })},
		{"a field both shown and hidden", Differs, at(theIncident, func(r *record) { r.Shown[0].Hash = r.Shown[1].Hash })},
		{"a number outside the batch", Differs, at(report3, func(r *record) { r.Batch.Index = 3 })},
		{"a proof outside its folder", Differs, at(report3, func(r *record) { r.Proof = recordsName })},
		{"a proof without a number", Differs, at(report3, func(r *record) { r.Proof = proofName(0) })},
		{"a proof of too large a number", Differs, at(report3, func(r *record) { r.Proof = proofName(100_000) })},
		{"a file outside its folder", Differs, at(theRun, func(r *record) { r.File = "sheet-2026.csv" })},
		{"an act that deceives", Differs, at(theIncident, func(r *record) { r.Opening.Act = "incident.create\r" })},
		{"a time that deceives", Differs, at(theIncident, func(r *record) { r.Opening.Shown[0].Value = "2026\x1b[2J" })},
		{"a time that is empty", Differs, at(theIncident, func(r *record) { r.Opening.Shown[0].Value = "" })},
		{"a record too large", Differs, at(theIncident, func(r *record) { r.Shown[0].Value = strings.Repeat("x", maxRecord) })},
		{"too many records", Differs, func(l []record) []record { return slices.Repeat(l, MaxRecords/len(l)+1) }},
		{"no file for the original", Missing, at(theRun, func(r *record) { r.File = "" })},
		{"a file that is not there", Missing, at(theRun, func(r *record) { r.File = "files/other.csv" })},
		{"a file bound to a record that does not show it", Missing, at(report1, func(r *record) { r.File = "files/sheet-2026.csv" })},
		{"a proof that is not there", Missing, at(report1, func(r *record) { r.Proof = "proofs/99.tlog-proof" })},
		{"a tombstone that is not there", Missing, at(theErased, func(r *record) { r.Erased.Tombstone = "tombstones/99.json" })},
		{"the erased record passed over", Missing, func(l []record) []record { return l[:theErased] }},
		{"nothing at all", Missing, func(l []record) []record { return []record{} }},
	}
}
