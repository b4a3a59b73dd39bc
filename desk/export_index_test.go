package desk

import (
	"ward/incident"
	"ward/policy"
	"ward/search"
)

// IndexAlone enters incidents into an index of the desk's kind, and nothing else.
func IndexAlone(list []incident.Incident) error {
	x, err := search.New(indexed())
	if err != nil {
		return err
	}
	for len(list) > 0 {
		n := min(1000, len(list))
		docs := make([]search.Doc, n)
		for i, inc := range list[:n] {
			docs[i] = document(inc, policy.Load())
		}
		if err := x.Put(docs...); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}
