package document

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

var errFont = errors.New("the font's tables cannot be read")

// subset cuts a TrueType font down to the glyphs that are used and what they are composed of, and says under which number each is found.
// Glyphs of the font keep their numbers, the unused ones become empty; made ones follow behind them.
func (t typeface) subset(list []cut) (program []byte, gids []uint16, err error) {
	tables := map[string][]byte{}
	for tag, raw := range t.tables {
		tables[tag] = slices.Clone(raw)
	}
	if len(tables["head"]) < 54 || len(tables["maxp"]) < 32 || len(tables["hhea"]) < 36 {
		return nil, nil, errFont
	}
	g := glyphs{long: tables["head"][51] == 1, loca: tables["loca"], glyf: tables["glyf"]}
	count := int(binary.BigEndian.Uint16(tables["maxp"][4:]))
	metrics := fullMetrics(tables["hmtx"], int(binary.BigEndian.Uint16(tables["hhea"][34:])), count)
	keep := map[uint16]bool{}
	g.close(0, keep)
	for _, c := range list {
		if !c.unwanted {
			g.close(c.gid, keep)
		}
	}
	outlines := make([][]byte, count)
	for id := range count {
		if keep[uint16(id)] {
			outlines[id] = g.outline(uint16(id))
		} else {
			clear(metrics[4*id : 4*id+4]) // so that they compress to nothing
		}
	}
	for _, c := range list {
		if !c.made || len(outlines) > math.MaxUint16 {
			gids = append(gids, c.gid)
			continue
		}
		gids = append(gids, uint16(len(outlines)))
		outline, side := g.moved(c)
		outlines = append(outlines, outline)
		metrics = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(metrics, uint16(max(c.adv, 0))), uint16(side))
	}
	tables["hmtx"] = metrics
	tables["glyf"], tables["loca"] = joinOutlines(outlines)
	tables["head"][51] = 1
	binary.BigEndian.PutUint16(tables["hhea"][34:], uint16(len(outlines)))
	adjustMaxima(tables["maxp"], len(outlines))
	return assemble(tables), gids, nil
}

// fullMetrics spells out the metrics of the glyphs that share the last advance.
func fullMetrics(hmtx []byte, full, count int) []byte {
	out := make([]byte, 0, 4*count)
	for id := range count {
		var entry [4]byte
		switch {
		case id < full && 4*id+4 <= len(hmtx):
			copy(entry[:], hmtx[4*id:])
		case full > 0 && 4*full+2*(id-full)+2 <= len(hmtx):
			copy(entry[:2], hmtx[4*full-4:])
			copy(entry[2:], hmtx[4*full+2*(id-full):])
		}
		out = append(out, entry[:]...)
	}
	return out
}

// adjustMaxima raises what table maxp promises: a made glyph is one composition deeper than the deepest.
func adjustMaxima(maxp []byte, count int) {
	at := func(i int) uint16 { return binary.BigEndian.Uint16(maxp[i:]) }
	put := func(i int, v uint16) { binary.BigEndian.PutUint16(maxp[i:], v) }
	put(4, uint16(count))
	put(10, max(at(10), at(6))) // points of a composite
	put(12, max(at(12), at(8))) // its contours
	put(28, max(at(28), 1))     // its components
	put(30, at(30)+1)           // its depth
}

// glyphs reads outlines out of the tables loca and glyf.
type glyphs struct {
	long       bool // of the entries of loca
	loca, glyf []byte
}

// outline is the glyph's description; empty when it has none.
func (g glyphs) outline(id uint16) []byte {
	entry := func(i int) int {
		if g.long && len(g.loca) >= 4*i+4 {
			return int(binary.BigEndian.Uint32(g.loca[4*i:]))
		}
		if !g.long && len(g.loca) >= 2*i+2 {
			return 2 * int(binary.BigEndian.Uint16(g.loca[2*i:]))
		}
		return 0
	}
	a, b := entry(int(id)), entry(int(id)+1)
	if a >= b || b > len(g.glyf) {
		return nil
	}
	return g.glyf[a:b]
}

// Flags of a component of a composite glyph (OpenType, table glyf).
const (
	wordArguments = 0x0001
	oneScale      = 0x0008
	moreFollow    = 0x0020
	twoScales     = 0x0040
	twoByTwo      = 0x0080
)

// close marks a glyph and everything it is composed of.
func (g glyphs) close(id uint16, keep map[uint16]bool) {
	if keep[id] {
		return
	}
	keep[id] = true
	o := g.outline(id)
	if len(o) < 10 || int16(binary.BigEndian.Uint16(o)) >= 0 {
		return
	}
	for o = o[10:]; len(o) >= 4; {
		flags := binary.BigEndian.Uint16(o)
		g.close(binary.BigEndian.Uint16(o[2:]), keep)
		size := 6
		if flags&wordArguments != 0 {
			size += 2
		}
		switch {
		case flags&oneScale != 0:
			size += 2
		case flags&twoScales != 0:
			size += 4
		case flags&twoByTwo != 0:
			size += 8
		}
		if flags&moreFollow == 0 || size > len(o) {
			return
		}
		o = o[size:]
	}
}

// moved is the composite glyph that draws another one at a distance, and its left side bearing.
func (g glyphs) moved(c cut) (outline []byte, side int16) {
	o := g.outline(c.gid)
	if c.unwanted || len(o) < 10 {
		return nil, 0
	}
	out := binary.BigEndian.AppendUint16(nil, 0xffff) // composite
	for i, d := range [4]int16{c.dx, c.dy, c.dx, c.dy} {
		out = binary.BigEndian.AppendUint16(out, binary.BigEndian.Uint16(o[2+2*i:])+uint16(d))
	}
	const offsets = 0x0002 // arguments are distances
	for _, v := range [4]uint16{wordArguments | offsets, c.gid, uint16(c.dx), uint16(c.dy)} {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	return out, int16(binary.BigEndian.Uint16(out[2:]))
}

// joinOutlines writes tables glyf and loca (long entries).
func joinOutlines(outlines [][]byte) (glyf, loca []byte) {
	for _, o := range outlines {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, o...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// assemble writes a TrueType file: directory in the order of tags, tables behind it, checksums.
func assemble(tables map[string][]byte) []byte {
	var tags []string
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	clear(tables["head"][8:12]) // checkSumAdjustment, which counts as zero below
	n := uint16(len(tags))
	power := uint16(1)
	selector := uint16(0)
	for power*2 <= n {
		power, selector = power*2, selector+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []uint16{n, power * 16, selector, (n - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	var body []byte
	at, adjust := 12+16*len(tags), 0
	for _, tag := range tags {
		data := tables[tag]
		if tag == "head" {
			adjust = at + len(body) + 8
		}
		out = append(out, tag...)
		for _, v := range []uint32{checksum(data), uint32(at + len(body)), uint32(len(data))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		body = append(body, data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[adjust:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for i := 0; i < len(data); i += 4 {
		var word [4]byte
		copy(word[:], data[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
