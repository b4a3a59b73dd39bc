// Package evaluation documents torture and ill-treatment as the Istanbul Protocol (2022) asks, in its order (annex IV).
//
// Terms. An evaluation is one clinician's documentation of one person's account and of what was found. A finding is one lesion or symptom: where
// on the body, what it looks like, what is alleged to have caused it, and how consistent the two are (not consistent, consistent, highly
// consistent, typical, diagnostic); the absence of findings disproves nothing. Only what the clinician verified in person is stated as
// found. A peer check is a colleague's reading before it is signed; after signing there are addenda and no edits.
//
// Everything is a fold over entries of the register "evaluation" whose subject is the evaluation's id: pure, without clock.
package evaluation

// Register is where all of it stands.
const Register = "evaluation"
