package evaluation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// content is what a signature stands under, in a form that does not depend on how it is shown: JSON with the keys of maps sorted. A field may be
// added where it is omitted when empty; none is ever renamed, or what was signed would read as changed.
type content struct {
	ID       string        `json:"id"`
	Request  Request       `json:"request"`
	Consent  Consent       `json:"consent"`
	Parts    []Part        `json:"parts"` // in the order of the report
	Findings []Finding     `json:"findings"`
	Photos   []photoSigned `json:"photos"`
	Box      string        `json:"interpreter,omitempty"`
}

type photoSigned struct {
	Number  int     `json:"number"`
	SHA256  string  `json:"sha256"`
	Caption Caption `json:"caption"`
}

// Digest is the SHA-256 of the content, in hex: what is read, signed and later held against.
func (e Evaluation) Digest() string {
	c := content{ID: e.ID, Request: e.signedReq, Consent: e.signedAs, Box: e.Box}
	for _, s := range sections {
		if p, ok := e.Parts[s.Key]; ok {
			c.Parts = append(c.Parts, p)
		}
	}
	c.Findings = slices.Clone(e.Findings)
	for _, p := range e.Photos {
		c.Photos = append(c.Photos, photoSigned{p.Number, p.File.SHA256, p.Caption})
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "" // no string of ours fails to marshal; what is empty matches no signature
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Intact reports that what is on record is what was signed. What is not signed yet is not intact.
func (e Evaluation) Intact() bool { return e.Signature != nil && e.Signature.Body.Digest == e.Digest() }
