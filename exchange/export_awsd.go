package exchange

import (
	"slices"
	"strings"
)

// awsdNamespace is the namespace of the incident ids of the Aid Worker Security Database.
const awsdNamespace = "AWSD"

// awsdActors are the actor types that the layout names.
var awsdActors = map[string]string{
	"state.military": "State: unknown", "state.police": "Police or paramilitary", "state.intelligence": "State: unknown", "state.prison": "State: unknown",
	"state.judiciary": "State: unknown", "state.health_admin": "State: unknown", "state.other": "State: unknown",
	"foreign.military": "Foreign or coalition forces", "occupying": "Foreign or coalition forces", "nsag": "Non-state armed group: Unknown",
	"defacto_authority": "Non-state armed group: Unknown", "pro_state_militia": "Police or paramilitary", "criminal": "Criminal", "cyber_group": "Criminal",
	"civilian_mob": "Unaffiliated", "patient_family": "Aid recipient", "employee": "Staff member", "health_professional": "Staff member", "unknown": "Unknown",
}

// awsdWiderActors are those whose type is read back as another actor.
var awsdWiderActors = keysOf("state.military state.intelligence state.prison state.judiciary state.health_admin occupying defacto_authority pro_state_militia cyber_group health_professional")

// awsdHostState is the type for organs of the country itself.
const awsdHostState = "Host state"

// awsdLocations are the places that the layout names.
var awsdLocations = map[string]string{"road": "Road", "home": "Home", "compound_office": "Office/compound", "administration": "Office/compound", "project_site": "Project site",
	"public_location": "Public location", "open_space": "Public location", "public_building": "Public location", "custody": "Custody", "unknown": "Unknown"}

var awsdWiderLocations = keysOf("administration open_space public_building")

// awsdCertainty: the layout knows verified, pending and archived.
var awsdCertainty = map[string]string{possible: "Pending", "probable": "Verified", "confirmed": "Verified"}

// toAWSD carries a record into the Aid Worker Security Database's columns. A record that counts no aid worker is left out: whether an aid
// body employed the health workers of another register is not known, and the layout counts nobody else.
func toAWSD(r Record, lose lossy) (Record, bool) {
	if !slices.ContainsFunc(r.Values, func(v Value) bool { return strings.HasPrefix(v.Field, "aid.") }) {
		lose("%d records were left out: no aid worker is counted in them", "")
		return r, false
	}
	own := r.Namespace == awsdNamespace
	if !own {
		r.ExternalID = ""
	}
	r = verifiedInAWSD(r, lose)
	if own {
		return r, true
	}
	r = actorInAWSD(r, lose)
	return r.inWords("location", awsdLocations, awsdWiderLocations, lose), true
}

// verifiedInAWSD keeps the source's own word; a blank is read as possible.
func verifiedInAWSD(r Record, lose lossy) Record {
	v, ok := r.get("certainty")
	if !ok || v.Raw != "" || v.Value == possible {
		return r
	}
	return r.inWords("certainty", awsdCertainty, keysOf("confirmed"), lose)
}

// actorInAWSD writes the type; organs of the country itself are the host State, those of several kinds or of none that is named are lost.
func actorInAWSD(r Record, lose lossy) Record {
	kind, _ := r.get("actor.kind")
	state, _ := r.get("actor.state")
	country, _ := r.get("country")
	if strings.HasPrefix(kind.Value, "state.") && !strings.Contains(kind.Value, " ") && kind.Value != "state.police" && state.Value == country.Value && state.Value != "" {
		if kind.Value != "state.other" {
			lose("%d values of %s were written as a wider one", "actor.kind")
		}
		return r.with(Value{"actor.kind", kind.Value, awsdHostState})
	}
	return r.inWords("actor.kind", awsdActors, awsdWiderActors, lose)
}
