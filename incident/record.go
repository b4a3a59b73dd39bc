package incident

import (
	"maps"
	"slices"

	"ward/tlog"
)

// Fields are what an incident's digest commits to, each by itself: any can be shown and the rest left out. Lists are joined by
// blanks; "count.<field>" is low-best-high in tally's text form, and "counted" names all that were stated. "month" is the date where it
// may be known to the month only: an audit that keeps the day back shows it.
func (inc Incident) Fields() []tlog.Field {
	fields := []tlog.Field{{Name: "id", Value: inc.PublicID}, {Name: "ward_id", Value: inc.ID}, {Name: "namespace", Value: inc.Namespace},
		{Name: "external_id", Value: inc.ExternalID}, {Name: "series", Value: join(inc.Series)}, {Name: "date", Value: inc.Date.String()}, {Name: "month", Value: inc.Date.Month().String()},
		{Name: "country", Value: inc.Country}, {Name: "adm1", Value: inc.Adm1}, {Name: "place", Value: inc.Place}, {Name: "point", Value: inc.Point},
		{Name: "precision", Value: inc.Precision}, {Name: "certainty", Value: inc.Certainty}, {Name: "scope", Value: inc.Scope},
		{Name: "context", Value: inc.Context}, {Name: "actor.kind", Value: inc.ActorKind}, {Name: "actor.name", Value: inc.ActorName},
		{Name: "actor.state", Value: join(inc.ActorState)}, {Name: "actor.note", Value: inc.ActorNote}, {Name: "codes", Value: join(inc.Codes)},
		{Name: "description", Value: inc.Summary}, {Name: "contested", Value: join(inc.Contested)}, {Name: "flags", Value: join(inc.Flags)}}
	if inc.Gone {
		fields = append(fields, tlog.Field{Name: "gone", Value: "yes"})
	}
	counted := slices.Sorted(maps.Keys(inc.Counts))
	fields = append(fields, tlog.Field{Name: "counted", Value: join(counted)})
	for _, f := range counted {
		fields = append(fields, tlog.Field{Name: "count." + f, Value: inc.Counts[f].Text()})
	}
	return fields
}

// Commitment is the digest of the incident's fields under its secret.
func (inc Incident) Commitment() tlog.Hash { return inc.Secret.Digest(inc.Fields()) }
