package exchange

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"ward/tally"
	"ward/vocab"
)

// geoForm writes a map layer (RFC 7946), one incident a line. A coordinate is written with all its digits as its source gave it, or not at
// all: it is never moved, because a moved point misleads (standards 8.5).
type geoForm struct {
	w io.Writer
	n int
}

// geoFields are the properties of a feature beside its counts, all of fields that say what happened and none of words.
var geoFields = []string{"date", "country", "adm1", "precision", "certainty", "codes", "actor.kind", "actor.state", "context", "scope", "resources", "location", "facility.type"}

// geoVague are the precisions of places that no point stands for: a province, a country, a place at sea or in the air that was estimated.
var geoVague = keysOf("4 6 7")

type geoFeature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   *geoPoint      `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

type geoPoint struct {
	Type        string         `json:"type"`
	Coordinates [2]json.Number `json:"coordinates"` // longitude first
}

func newGeoForm(w io.Writer) (form, error) {
	_, err := io.WriteString(w, `{"type":"FeatureCollection","features":[`)
	return &geoForm{w: w}, err
}

func (f *geoForm) put(r *Record, loss *losses) (bool, error) {
	b, err := json.Marshal(geoFeature{"Feature", r.ID, geometryOf(r, loss.add), propertiesOf(r, loss)})
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

func (f *geoForm) end() error {
	_, err := io.WriteString(f.w, "\n]}\n")
	return err
}

// geometryOf is the place as a point where one is cleared and stands for it; nil otherwise, with the precision among the properties.
func geometryOf(r *Record, lose lossy) *geoPoint {
	v, _ := r.get("point")
	y, x, ok := strings.Cut(v.Value, ",")
	switch precision, _ := r.get("precision"); {
	case v.Value == "":
		lose("%d records have no point: none is known, or none is cleared", "")
		return nil
	case v.Value == vocabWithheld || precision.Value == vocabWithheld:
		lose("%d points are withheld by their source", "")
		return nil
	case geoVague[precision.Value]:
		lose("%d points were not drawn: the place is known as a province, a country or an estimate only", "")
		return nil
	}
	lat, okLat := degrees(y, 90)
	lon, okLon := degrees(x, 180)
	if !ok || !okLat || !okLon {
		lose("%d points cannot be read", "")
		return nil
	}
	return &geoPoint{"Point", [2]json.Number{jsonNumber(lon), jsonNumber(lat)}}
}

// jsonNumber keeps the digits, but for spellings that JSON does not have, such as 05.2 and .5.
func jsonNumber(s string) json.Number {
	if json.Valid([]byte(s)) {
		return json.Number(s)
	}
	f, _ := strconv.ParseFloat(s, 64) // degrees has read it
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
}

// propertiesOf are what a layer can show and filter by. Of a range low and high stand beside best.
func propertiesOf(r *Record, loss *losses) map[string]any {
	out := map[string]any{"source": r.Source, "licence": r.Licence}
	carried := map[string]bool{"point": true}
	var withheld []string
	for _, v := range r.Values {
		def, _ := vocab.FieldOf(v.Field)
		n, err := tally.Parse(v.Value)
		switch {
		case def.Kind != "count" && !slices.Contains(geoFields, v.Field):
			continue
		case v.Value == vocabWithheld:
			withheld = append(withheld, v.Field)
		case def.Kind == "count" && err != nil:
			continue
		case def.Kind == "count":
			out[v.Field] = n.Best
			if n.Low != n.High {
				out[v.Field+".low"], out[v.Field+".high"] = n.Low, n.High
			}
		default:
			out[v.Field] = v.Value
		}
		carried[v.Field] = true
	}
	if len(withheld) > 0 {
		out["withheld"] = set(withheld)
	}
	lostFields(r, carried, loss)
	return out
}
