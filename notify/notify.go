// Package notify tells people outside the desk that something waits there, and nothing more.
//
// Two ways lead out. A mail is the same for everybody and on every day: one subject, one sentence, one size, so that neither whoever
// carries it nor whoever reads over a shoulder learns whether anything came (security.md 3.12). A calendar holds clocks without
// content: when one runs out, and an opaque name by which a calendar program tells two of them apart. Neither takes a field of a
// record, so none can leave by them.
package notify
