package access

import (
	"slices"
	"strings"
)

// Tier says how far a value may go (standards 10.1): T0 public, T1 members, T2 case team, T3 named persons on the case, T4
// sealed to the officers and outside every exit.
type Tier int

// The tiers, from what everybody may see to what nobody at the desk can open.
const (
	T0 Tier = iota
	T1
	T2
	T3
	T4
)

// String writes a tier as code lists do.
func (t Tier) String() string { return "T" + string(rune('0'+t)) }

// ParseTier reads "T0" to "T4"; anything else is T4, the most careful.
func ParseTier(s string) Tier {
	if i := slices.Index([]string{"T0", "T1", "T2", "T3"}, s); i >= 0 {
		return Tier(i)
	}
	return T4
}

// Exit is a way by which something leaves the workspace.
type Exit string

// The exits. Each output is one of them.
const (
	Page       Exit = "page"       // shown to a person who works here
	RejectFile Exit = "rejects"    // rows that were not imported, for the person who imports them
	ChangeFile Exit = "changes"    // fields that an import changed, for the same person
	AuditFile  Exit = "audit"      // a State's audit, as a page or a file
	ExportFile Exit = "export"     // incidents for anybody outside
	BundleFile Exit = "bundle"     // one record with its proof; what is shown beyond T0 is named field by field
	ErrorText  Exit = "error"      // what went wrong
	LogFile    Exit = "log"        // tiles and checkpoints
	OfficerBox Exit = "officerbox" // ciphertext that only an officer's own key opens

	OriginalFile Exit = "original" // a publisher's file as it came, sealed, or the key that opens it
	OwnFile      Exit = "own"      // what is held on somebody, for that person
	PackageFile  Exit = "package"  // a referral, sealed to its recipient: the ticked fields and nothing else
)

// ceilings is the table: how far up the tiers each exit reaches.
var ceilings = map[Exit]Tier{Page: T3, RejectFile: T3, ChangeFile: T3, AuditFile: T1, ExportFile: T0, BundleFile: T0, ErrorText: T0, LogFile: T0, OfficerBox: T4, OriginalFile: T3, OwnFile: T3, PackageFile: T3}

// Ceiling is the highest tier that leaves by an exit; an unknown exit lets out what is public.
func (e Exit) Ceiling() Tier { return ceilings[e] }

// Lets reports whether a value of a tier may leave by this exit. Published says that its source has made it public and lets it be
// passed on: then it is public here as well, whatever the tier of its field.
func (e Exit) Lets(t Tier, published bool) bool { return t <= e.Ceiling() || published && t < T4 }

// pointing are the codes that with a date and a place point at a person (design.md 10.7): whole families, and single codes.
var pointing = []string{"TOR", "CUS", "ETH", "PER.SEX"}

// CodeTier is the tier of an incident code: T3 where it points at a person, T0 otherwise.
func CodeTier(code string) Tier {
	family, _, _ := strings.Cut(code, ".")
	if slices.Contains(pointing, family) || slices.Contains(pointing, code) {
		return T3
	}
	return T0
}
