// Package referral takes a case to an authority with the least disclosure that serves its purpose.
//
// Terms. A mechanism is where cases are taken to (standards 5): its own fields, checks, word limits, languages and clock stand in data. A
// referral goes its way from proposal to answer (standards 10.4). Its package is a new object made from the fields that somebody ticked and
// from nothing else; the manifest names each of them and why it is needed. A disclosure is what left: which fields, to whom, for what, on
// which consent, until when; it can be revoked, and what cannot be called back is said.
//
// Everything is a fold over entries of the register "referral" whose subject is the referral's id: pure, without clock.
package referral

// Register is where all of it stands.
const Register = "referral"
