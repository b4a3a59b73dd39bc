package chart

import (
	"bytes"
	"math"
	"testing"
)

// A place that the picture shows is found again under its own pixel.
func TestAPickLeadsBackToThePlace(t *testing.T) {
	p := Pick{Code: "XAA", Atlas: Invented(), Width: 340}
	w, c := p.window(), centre(p.own())
	for _, at := range []Point{c, {c.Lon + 0.7, c.Lat - 0.4}, {c.Lon - 0.3, c.Lat + 0.6}} {
		q, _ := w.at(at)
		if back, ok := p.At(q.x, q.y); !ok || math.Abs(back.Lat-at.Lat) > 1e-6 || math.Abs(back.Lon-at.Lon) > 1e-6 {
			t.Errorf("%v came back as %v %v", at, back, ok)
		}
	}
	if _, ok := p.At(-1, 5); ok {
		t.Error("a point beside the picture is a place")
	}
	if _, ok := (Pick{Code: "XJZ", Atlas: Invented(), Width: 340}).At(5, 5); ok {
		t.Error("a State without an outline has places")
	}
	if !bytes.Contains(p.SVG(), []byte("<path")) || bytes.Contains(p.SVG(), []byte("class=")) {
		t.Error("the picture cannot stand alone")
	}
}
