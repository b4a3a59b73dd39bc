package document

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// used collects what of one typeface a file needs. A code (CID) stands for a glyph and the text it was set for: where two letters share
// a glyph, each keeps its own code, and the text can be read back from the file.
type used struct {
	codes map[cut]uint16
	list  []cut // of code i+1; code 0 is the box for missing glyphs
}

// cut is a glyph as the file's font has it: one of the typeface, or one made from it, moved or with another advance. Marks are moved in
// the font and not on the page, because readers of PDF take what stands off the line for a line of its own. Measures are in the font's
// units, which are thousandths of the type size in all our typefaces.
type cut struct {
	gid      uint16
	text     string
	adv      int16
	dx, dy   int16
	made     bool
	unwanted bool // made, with no outline
}

func (c cut) advance() float64 { return float64(c.adv) }

// cut finds the form of a shaped glyph in the file.
func (s *shaper) cut(g glyph, text string) cut {
	c := cut{gid: g.gid, text: text, dx: int16(math.Round(float64(g.dx))), dy: int16(math.Round(float64(g.dy)))}
	c.adv = int16(math.Round(s.width(g.face, g.gid)))
	c.made = g.part != whole || c.dx != 0 || c.dy != 0
	c.unwanted = g.part == invisible
	if g.part != whole {
		c.adv = int16(math.Round(float64(g.adv)))
	}
	return c
}

// code is the number under which a glyph is written.
func (u *used) code(key cut) uint16 {
	if c, ok := u.codes[key]; ok {
		return c
	}
	if len(u.list) >= math.MaxUint16/2 {
		return 0
	}
	if u.codes == nil {
		u.codes = map[cut]uint16{}
	}
	u.list = append(u.list, key)
	u.codes[key] = uint16(len(u.list))
	return uint16(len(u.list))
}

// width is the advance of a glyph in thousandths, as the font has it.
func (s *shaper) width(face uint8, gid uint16) float64 {
	f := s.faces[face]
	return float64(f.HorizontalAdvance(fontGID(gid))) * em / float64(f.Upem())
}

// embed writes the typeface, cut to what is used, as a composite font (ISO 32000-1, 9.7) under the given number.
func (s *shaper) embed(f *file, id int, face uint8, u *used) error {
	all, err := typefaces()
	if err != nil {
		return err
	}
	program, gids, err := all[face].subset(u.list)
	if err != nil {
		return err
	}
	toGID := make([]byte, 2)
	widths := []string{number2(s.width(face, 0))}
	for i, g := range u.list {
		toGID = binary.BigEndian.AppendUint16(toGID, gids[i])
		widths = append(widths, number2(g.advance()))
	}
	programID, mapID, unicodeID := f.reserve(), f.reserve(), f.reserve()
	f.stream(programID, fmt.Sprintf("/Length1 %d", len(program)), program)
	f.stream(mapID, "", toGID)
	f.stream(unicodeID, "", u.unicode())
	name := subsetTag(program) + "+" + all[face].name
	descriptor := f.add(s.descriptor(face, name, programID))
	child := f.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/W[0[%s]]>>",
		name, descriptor, mapID, strings.Join(widths, " ")))
	f.put(id, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, child, unicodeID))
	return nil
}

func (s *shaper) descriptor(face uint8, name string, program int) string {
	weight, ascent, descent := 400, ascender, descender
	if face%2 == 1 {
		weight = 600
	}
	return fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-500 -600 2000 1300]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight 698/StemV %d/FontFile2 %d 0 R>>",
		name, ascent, descent, weight/5, program)
}

// subsetTag is the six letters that mark a part of a font.
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	var tag [6]byte
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag[:])
}

// unicode is the map from codes to text (9.10.3). A glyph that stands for nothing maps to U+200B.
func (u *used) unicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def /CMapName/Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000><FFFF> endcodespacerange\n")
	const most = 100 // entries of one section
	for a := 0; a < len(u.list); a += most {
		part := u.list[a:min(a+most, len(u.list))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, g := range part {
			text := g.text
			if text == "" {
				text = "\u200b"
			}
			fmt.Fprintf(&b, "<%04X><%s>\n", a+i+1, hex16(text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return []byte(b.String())
}
