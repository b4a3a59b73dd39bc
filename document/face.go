package document

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// The fonts as their makers publish them, in WOFF; see fonts/OFL.txt.
//
//go:embed fonts/*.woff
var fontFiles embed.FS

// Places of the typefaces in their list; bold stands one behind its regular cut.
const (
	latinFace  = 0
	arabicFace = 2
	faceCount  = 4
)

var faceNames = [faceCount]string{"IBMPlexSans-Regular", "IBMPlexSans-SemiBold", "IBMPlexSansArabic-Regular", "IBMPlexSansArabic-SemiBold"}

// typeface is one font file: parsed for shaping, and its tables for cutting a part out of it.
type typeface struct {
	name   string
	font   *font.Font
	tables map[string][]byte
}

// embedded are the tables of a font that a PDF needs.
var embedded = []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep"}

// typefaces reads the fonts once for the whole program; what it returns is only read.
var typefaces = sync.OnceValues(func() (all [faceCount]typeface, err error) {
	for i, name := range faceNames {
		if all[i], err = readTypeface(name); err != nil {
			return all, fmt.Errorf("font %s: %w", name, err)
		}
	}
	return all, nil
})

func readTypeface(name string) (typeface, error) {
	raw, err := fontFiles.ReadFile("fonts/" + name + ".woff")
	if err != nil {
		return typeface{}, err
	}
	face, err := font.ParseTTF(bytes.NewReader(raw))
	if err != nil {
		return typeface{}, err
	}
	loader, err := opentype.NewLoader(bytes.NewReader(raw))
	if err != nil {
		return typeface{}, err
	}
	tables := map[string][]byte{}
	for _, tag := range embedded {
		if tables[tag], err = loader.RawTable(opentype.MustNewTag(tag)); err != nil {
			return typeface{}, err
		}
	}
	return typeface{name: name, font: face.Font, tables: tables}, nil
}
