package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"ward/vocab"
)

// Fingerprint stands for all that the corpus contributes to a cell of an audit: clauses, since when and for whom they hold, and the
// answers of the citation table to every code, actor and context. It is worked out once: a corpus never changes.
func (c *Corpus) Fingerprint() string {
	c.fingerprinting.Do(func() { c.fingerprint = c.fingerprinted() })
	return c.fingerprint
}

func (c *Corpus) fingerprinted() string {
	h := sha256.New()
	for _, cl := range c.Clauses() {
		fmt.Fprintf(h, "%q\n", []string{cl.ID, cl.Norm, cl.Addressee, cl.Force, cl.Binding, strconv.Itoa(cl.Since)})
	}
	for _, code := range vocab.Codes("incident") {
		for _, kind := range vocab.Codes("actor") {
			for _, context := range vocab.Codes("context") {
				for _, cite := range c.Cite(code.Code, kind.Code, context.Code) {
					fmt.Fprintf(h, "%q\n", []string{code.Code, kind.Code, context.Code, cite.Clause, cite.Bearing, cite.Mode})
				}
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
