package reconcile

import (
	"encoding/json"
	"io"
)

// jsonReport is the published shape; docs/reconcile.md describes it and nothing in it is renamed.
type jsonReport struct {
	Shared      int                    `json:"shared"`
	OnlyA       int                    `json:"only_a"`
	OnlyB       int                    `json:"only_b"`
	Measures    map[string]jsonMeasure `json:"measures"`
	Differences []jsonDifference       `json:"differences"`
}

type jsonMeasure struct {
	Agree   int `json:"agree"`
	Differ  int `json:"differ"`
	UnsaidA int `json:"unstated_a"`
	UnsaidB int `json:"unstated_b"`
	Neither int `json:"unstated_both"`
}

type jsonDifference struct {
	Key     string   `json:"key"`
	Measure string   `json:"measure"`
	A       int64    `json:"a"`
	B       int64    `json:"b"`
	Rows    []string `json:"rows"`
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	out := jsonReport{Shared: r.Shared, OnlyA: len(r.OnlyA), OnlyB: len(r.OnlyB), Measures: map[string]jsonMeasure{}, Differences: []jsonDifference{}}
	for _, m := range r.Measures {
		out.Measures[m.Name] = jsonMeasure{m.Agree, m.Differ, m.UnsaidA, m.UnsaidB, m.UnsaidAB}
	}
	for _, d := range r.Differences {
		out.Differences = append(out.Differences, jsonDifference{d.Key.String(), d.Measure, d.A, d.B, append([]string{}, d.Rows...)})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}
