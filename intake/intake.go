// Package intake keeps reports and sources: what somebody published or sent, as it came.
//
// A source is a publisher's series with its licence and grade. A run is one import of one file. A report is one row of
// it: the verbatim cells and the list of what they assert. A report is never edited; a newer edition's row is a new report
// that supersedes the old one, and a report that an edition no longer has is marked gone.
package intake

import (
	"time"

	"ward/assertion"
	"ward/tlog"
)

// Source is a publisher's series.
type Source struct {
	Series       string // e.g. "sind"
	Namespace    string // of its event ids; series that share one speak of the same incidents
	Title        string
	Publisher    string
	Licence      string
	Redistribute string // yes, noncommercial, no, unknown: every export obeys it
	Scope        string
	Reliability  string // A-F
	Caveats      string
}

// Run is one import of one file.
type Run struct {
	ID       string
	Series   string
	Profile  string
	Layout   string
	Mapping  string // the answer to --map, "" when none was needed
	File     string // base name only
	SHA256   string
	Headers  []string
	Started  time.Time
	Finished time.Time // zero while it is open: the same command goes on
	Progress Progress
	Original Original

	Secret       tlog.Secret // of the record that commits to the file as it came
	ResultSecret tlog.Secret // of the record that commits to what was found in it
	Erased       bool        // nothing of the file can be read any more
}

// Original is the publisher's file as it came, kept as an age file that any tool of that format opens.
type Original struct {
	Blob     string `json:"blob,omitempty"` // SHA-256 of the sealed bytes; "" where the file was not kept
	Bytes    int64  `json:"bytes,omitempty"`
	Identity string `json:"identity,omitempty"` // the age identity that opens it
}

// Progress is how far a run is and what it found; it is stored with each batch, so that a run can go on.
type Progress struct {
	Rows       int `json:"rows"`       // data rows that are not blank
	New        int `json:"new"`        // first seen
	Changed    int `json:"changed"`    // an asserted value differs
	Unchanged  int `json:"unchanged"`  // nothing asserted differs
	Gone       int `json:"gone"`       // in the workspace, within the file's scope, not in the file
	Rejected   int `json:"rejected"`   // kept verbatim, not imported
	Flagged    int `json:"flagged"`    // imported, with at least one flag
	Duplicates int `json:"duplicates"` // equal rows under one id, kept once

	Batches   int      `json:"batches,omitempty"`
	Countries []string `json:"countries,omitempty"` // the file's own scope, for what is gone
	FirstDay  int64    `json:"first_day,omitempty"`
	LastDay   int64    `json:"last_day,omitempty"`
}

// Report is one row as it came.
type Report struct {
	ID         string
	Series     string
	ExternalID string // the publisher's id; "~" and a key where it gave none
	Occurrence int    // 1; n for the n-th different row under one id
	IncidentID string
	RunID      string
	Row        int
	Supersedes string // id of the edition before
	Retired    bool   // a later edition supersedes it
	Gone       bool
	Country    string
	DayFrom    int64
	DayTo      int64
	Digest     string
	Assertions assertion.List
	Raw        []string // cells in the order of the run's headers
	Flags      []string // "code field detail"
	TextKey    string   // equal for equal descriptions; "" for none or a short one
	Journal    int64
	SeenRun    string // the last run whose file had it
	Secret     tlog.Secret
	Leaf       int  // place of its digest in the batch that the journal row commits to
	Erased     bool // nothing of it can be read any more

	externalKey string
}

// Rejected is a row that was not imported, with the reason.
type Rejected struct {
	Row    int
	Reason string
	Raw    []string
}
