// Package audit says, for one State, what is documented against each clause of the norm corpus in each year, and how
// much of it is not known. It follows the Tokyo profile: no score, no rank, a cell per clause and year.
//
// Terms. A cell is State x clause x year. An incident counts in a cell when the State's own acts (its actor, never the
// place) are cited against the clause, or when a person cited the State's failure to protect or to investigate.
// A register is a set of sources that share ids: counts of two registers stand side by side and are never added, so a
// floor is at least the largest single register and at most all of them together. A level is N0 (not enough
// information), N1 (looked, nothing substantiated), F1 (indications), F2 (substantiated), F3 (pattern) or F4 (policy).
// What the incidents alone would carry is the proposed level; the outcome stays N0 until two named people accept one.
//
// Build is a pure function of its input: the same incidents, rows and corpus give the same report, byte for byte. The
// report carries an extract of everything it was built from, so that Check can build it again elsewhere and compare.
package audit
