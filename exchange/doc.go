// Package exchange reads publishers' registers of incidents and writes them.
//
// A profile describes a publisher's register: its terms, its caveats and the
// layouts in which it was published. Profiles are data (profiles/*.json); one
// description serves reading and writing. A layout is one edition's shape, a
// column says under which labels and HXL tags it is known, which field it
// fills, and with which codec its cells are read. A rule (rules/*.json) adds
// an incident code, a resource or a context where counts are above zero.
//
// Open finds the layout by header names, tags, values and order together.
// Where the labels and the tags of two columns claim each other's meaning it
// returns a Conflict and reads nothing until a person has answered. A Reader
// streams rows, of a workbook those of all sheets with the same header. Each
// Row carries what it asserts (Values, with the source's own words where they
// differ), its cells as they stand (Raw), what a person should look at (Flags),
// and, when it cannot be used, why (Reject).
//
// A file that no profile describes gets a Proposal (Propose): what each column
// may be, how sure that is and why. A person completes it, and Open reads by it
// (Options.Mapping) as by a profile, under a series of its own.
//
// Three things are kept apart: a blank cell states nothing and gives no value,
// 0 is the value "0", and what the publisher withholds is the value "withheld".
// A cell that is wrong is set aside with a flag and its row stays.
//
// A Sheet writes a layout in reverse, with the same description that reads it;
// NewWriter's export in the publisher's layout is a Sheet whose losses are
// counted. A CellWriter puts the cells into CSV or a workbook.
//
// The input is hostile: limits.go holds every bound with its reason, and
// whatever is beyond one is refused with a fault, never cut or guessed.
package exchange
