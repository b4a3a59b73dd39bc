package desk

import (
	"context"
	"slices"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/incident"
	"ward/search"
	"ward/store"
)

// concerned is the index column of the States that an incident is about: where it happened and whose actor it names.
const concerned = "concerned"

// scopeOf is what of the incidents somebody may see. It is applied before matching, counting and completing.
func scopeOf(who access.Actor) search.Scope {
	switch {
	case who.Only == nil:
		return search.Everything()
	case len(who.Only) == 0:
		return search.Only()
	}
	return search.Only(search.Filter{Column: concerned, AnyOf: who.Only})
}

// statesOf are the States that an incident is about, each once. Of an erased one, whose fields are gone, its id still says one.
func statesOf(inc incident.Incident) []string {
	states := append(slices.Clone(inc.ActorState), inc.Country)
	if inc.Erased {
		states = append(states, stateOfID(inc.PublicID))
	}
	slices.Sort(states)
	return slices.DeleteFunc(slices.Compact(states), func(s string) bool { return s == "" })
}

// stateOfID reads the State from a public id: WRD-XAA-2021-...; "" where there is none.
func stateOfID(publicID string) string {
	parts := strings.SplitN(publicID, "-", 3)
	if len(parts) < 3 || parts[0] != "WRD" {
		return ""
	}
	return parts[1]
}

// seen opens an incident for somebody. One outside their scope is answered as one that is not there.
func seen(ctx context.Context, tx *store.Tx, who access.Actor, id string) (incident.Incident, error) {
	inc, err := incident.Get(ctx, tx, id)
	if err == nil && !who.Sees(statesOf(inc)...) {
		return incident.Incident{}, fault.New(fault.NotFound, "there is no incident %q here", id)
	}
	return inc, err
}
