package exchange

import (
	"encoding/json"
	"io"
)

// jsonForm writes every value with the source's own words, one record a line
// inside one list.
type jsonForm struct {
	w io.Writer
	n int
}

// jsonRecord is a record as it stands in the file.
type jsonRecord struct {
	ID           string            `json:"id"`
	Series       string            `json:"series,omitempty"`
	Namespace    string            `json:"namespace,omitempty"`
	ExternalID   string            `json:"external_id,omitempty"`
	Source       string            `json:"source,omitempty"`
	Licence      string            `json:"licence,omitempty"`
	Redistribute Redistribute      `json:"redistribute,omitempty"`
	Values       map[string]string `json:"values"`
	Words        map[string]string `json:"words,omitempty"` // the source's own, where they differ
}

func newJSONForm(w io.Writer) (form, error) {
	_, err := io.WriteString(w, `{"format":"ward-json","version":1,"incidents":[`)
	return &jsonForm{w: w}, err
}

func (f *jsonForm) put(r *Record, _ *losses) (bool, error) {
	out := jsonRecord{ID: r.ID, Series: r.Series, Namespace: r.Namespace, ExternalID: r.ExternalID, Source: r.Source,
		Licence: r.Licence, Redistribute: r.Redistribute, Values: map[string]string{}, Words: map[string]string{}}
	for _, v := range r.Values {
		out.Values[v.Field] = v.Value
		if v.Raw != "" {
			out.Words[v.Field] = v.Raw
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return false, err
	}
	if f.n > 0 {
		b = append([]byte(","), b...)
	}
	f.n++
	_, err = f.w.Write(append([]byte("\n"), b...))
	return err == nil, err
}

func (f *jsonForm) end() error {
	_, err := io.WriteString(f.w, "\n]}\n")
	return err
}
