package exchange

// sindNamespace is the namespace of the ids that the layout's id column holds.
const sindNamespace = "SiND"

// sindDerived are fields that the layout's other columns make again when the file is read.
var sindDerived = []string{"codes", "resources", "context", "actor.state", "actor.note"}

// toSiND carries a record into Insecurity Insight's columns. The layout has a word for each coded value of its own; codes, resources and the
// actor's State follow from its counts, so that those of other registers are lost.
func toSiND(r Record, lose lossy) (Record, bool) {
	if r.Namespace != sindNamespace {
		r.ExternalID = ""
		lose("%d records did not come from this layout: codes, resources and the actor's State are not carried", "")
	}
	return r, true
}
