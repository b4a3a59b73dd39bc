package intake

import (
	"strconv"

	"ward/tlog"
)

// Fields are what a report's digest commits to, each by itself: any can be shown and the rest left out. "is.<field>" is an
// asserted value as Ward read it; "row" holds the cells as they came.
func (r Report) Fields() []tlog.Field {
	fields := []tlog.Field{{Name: "id", Value: r.ID}, {Name: "incident", Value: r.IncidentID}, {Name: "series", Value: r.Series},
		{Name: "external_id", Value: r.ExternalID}, {Name: "occurrence", Value: strconv.Itoa(r.Occurrence)}, {Name: "run", Value: r.RunID},
		{Name: "row_number", Value: strconv.Itoa(r.Row)}, {Name: "supersedes", Value: r.Supersedes}, {Name: "row", Value: marshal(r.Raw)},
		{Name: "flags", Value: marshal(r.Flags)}}
	times := map[string]int{}
	for _, v := range r.Assertions {
		name := "is." + v.Field
		if times[name]++; times[name] > 1 {
			name += "#" + strconv.Itoa(times[name])
		}
		fields = append(fields, tlog.Field{Name: name, Value: v.Value})
	}
	return fields
}

// Commitment is the digest of the report's fields under its secret.
func (r Report) Commitment() tlog.Hash { return r.Secret.Digest(r.Fields()) }

// Fields are what a run's digest commits to: which file was read, and how.
func (r Run) Fields() []tlog.Field {
	return []tlog.Field{{Name: "id", Value: r.ID}, {Name: "series", Value: r.Series}, {Name: "profile", Value: r.Profile}, {Name: "layout", Value: r.Layout},
		{Name: "mapping", Value: r.Mapping}, {Name: "file", Value: r.File}, {Name: "original.sha256", Value: r.SHA256}, {Name: "headers", Value: marshal(r.Headers)}}
}

// Result is what the digest of a finished run commits to beside its incidents.
func (r Run) Result() []tlog.Field {
	return []tlog.Field{{Name: "run", Value: r.ID}, {Name: "progress", Value: marshal(r.Progress)}}
}
