package simulate

import (
	_ "embed"
	"encoding/json"
	"sync"
)

// Letter is an invented report as it reaches a desk: a call, a letter, a mail. Its codes are those of the questions that a desk asks.
type Letter struct {
	Lang        string         `json:"lang"`
	Channel     string         `json:"channel"`
	Mode        string         `json:"mode"`
	Relation    string         `json:"relation"`
	Known       string         `json:"known"`
	Origin      string         `json:"origin,omitempty"`
	Ago         int            `json:"ago"`              // days before today on which it came
	Before      *int           `json:"before,omitempty"` // days before it came on which it happened; nil = not said
	Ongoing     bool           `json:"ongoing,omitempty"`
	Danger      string         `json:"danger"`
	Narrative   string         `json:"narrative"`
	What        []string       `json:"what,omitempty"`
	Country     string         `json:"country,omitempty"`
	Place       string         `json:"place,omitempty"`
	Harmed      []LetterHarmed `json:"harmed,omitempty"`
	Actor       string         `json:"actor,omitempty"`
	ActorState  string         `json:"actor_state,omitempty"`
	ActorWords  string         `json:"actor_words,omitempty"`
	Needs       []string       `json:"needs,omitempty"`
	Consent     []string       `json:"consent,omitempty"`
	Distressing bool           `json:"distressing,omitempty"`
	Elsewhere   string         `json:"elsewhere,omitempty"`
	Note        string         `json:"note,omitempty"`
}

// LetterHarmed is what was done to people of one kind.
type LetterHarmed struct {
	Who   string `json:"who"`
	Kind  string `json:"kind"`
	Count string `json:"count,omitempty"`
}

//go:embed data/inbox.json
var inboxFile []byte

// Inbox is what an invented desk finds in the morning: people in danger, copies of one story, what is none of its business, and what is
// hard to read, in seven languages. All of it is written for this purpose.
var Inbox = sync.OnceValue(func() (out []Letter) {
	if err := json.Unmarshal(inboxFile, &out); err != nil {
		panic(err) // embedded
	}
	return out
})
