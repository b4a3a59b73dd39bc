package document

import (
	"fmt"
	"io"
	"strings"
)

// WritePDF writes the document as a tagged PDF 1.7 on A4. Equal documents give equal bytes. Its errors are those of the writer.
func (d Document) WritePDF(w io.Writer) error {
	p, err := newPress(d)
	if err != nil {
		return err
	}
	p.run()
	p.runningLines()
	return p.write(newFile(w))
}

// runningLines draws head, foot and number on every page, once it is known how many there are.
func (p *press) runningLines() {
	st := p.style(8)
	st.ink = soft
	for i, s := range p.sheets {
		p.now = s
		if p.doc.Head != "" {
			p.running(p.doc.Head, st, 0, bodyWidth, marginTop-30, false)
			s.fill(marginSide, marginTop-14, bodyWidth, 0.5, hair)
		}
		s.fill(marginSide, bodyBottom+16, bodyWidth, 0.5, hair)
		const aside = bodyWidth / 4
		p.running(p.doc.number(i+1, len(p.sheets)), st, bodyWidth-aside, aside, bodyBottom+20, true)
		if p.doc.Foot != "" {
			p.running(p.doc.Foot, st, 0, bodyWidth-aside, bodyBottom+20, false)
		}
		s.unmark()
	}
}

// running sets a text on one line, cut where it would be longer.
func (p *press) running(s string, st style, start, width, top float64, end bool) {
	t := p.shaper.shape(T(s), false)
	p.line(nil, t, t.lines(measure(width, st.size))[0], st, start, width, top, end)
}

func (d Document) number(page, of int) string {
	if d.Number != nil {
		return d.Number(page, of)
	}
	return fmt.Sprintf("%d / %d", page, of)
}

// write writes everything that was laid out.
func (p *press) write(f *file) error {
	pages := f.reserve()
	for _, s := range p.sheets {
		s.id = f.reserve()
		for _, l := range s.links {
			l.id = f.reserve()
		}
	}
	fonts, err := p.fonts(f)
	if err != nil {
		return err
	}
	resources := f.add(fmt.Sprintf("<</Font<<%s>>/Pattern<</Hatch %d 0 R>>%s>>", fonts, hatching(f), p.xobjects(f)))
	var kids strings.Builder
	annotated := len(p.sheets)
	for i, s := range p.sheets {
		fmt.Fprintf(&kids, "%d 0 R ", s.id)
		annotated = s.write(f, i, pages, resources, annotated)
	}
	f.put(pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]/MediaBox[0 0 %s %s]>>", len(p.sheets), kids.String(), number2(pageWidth), number2(pageHeight)))
	tree := writeTree(f, p.root, p.sheets)
	direction := "/L2R"
	if p.doc.RTL {
		direction = "/R2L"
	}
	outline := p.outline(f)
	root := f.add(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang%s/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/ViewerPreferences<</DisplayDocTitle true/Direction%s>>%s>>",
		pages, plainString(p.doc.Lang), tree, direction, outline))
	info := f.add(fmt.Sprintf("<</Title%s/Producer(Ward)>>", textString(string(clean(p.doc.Title)))))
	return f.finish(root, info)
}

// fonts embeds what was used and returns the names.
func (p *press) fonts(f *file) (string, error) {
	var names strings.Builder
	for i := range p.used {
		if len(p.used[i].list) == 0 {
			continue
		}
		id := f.reserve()
		if err := p.shaper.embed(f, id, uint8(i), &p.used[i]); err != nil {
			return "", err
		}
		fmt.Fprintf(&names, "/F%d %d 0 R", i, id)
	}
	return names.String(), nil
}

// xobjects writes the pictures and returns the resources' entry for them.
func (p *press) xobjects(f *file) string {
	if len(p.images) == 0 {
		return ""
	}
	var names strings.Builder
	for i, r := range p.images {
		fmt.Fprintf(&names, "/Im%d %d 0 R", i, f.writeImage(r))
	}
	return "/XObject<<" + names.String() + ">>"
}

// hatching is the pattern for what we do not know.
func hatching(f *file) int {
	id := f.reserve()
	r, g, b := unknown.rgb()
	draw := fmt.Sprintf("%s %s %s RG 0.9 w -1 -1 m 6 6 l -1 4 m 1 6 l 4 -1 m 6 1 l S", number2(r), number2(g), number2(b))
	f.stream(id, "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 5 5]/XStep 5/YStep 5/Resources<<>>", []byte(draw))
	return id
}

// write writes one page; annotated counts the nodes of links over all pages.
func (s *sheet) write(f *file, i, pages, resources, annotated int) int {
	var annots strings.Builder
	for _, l := range s.links {
		l.parent = annotated
		annotated++
		fmt.Fprintf(&annots, "%d 0 R ", l.id)
		f.put(l.id, fmt.Sprintf("<</Type/Annot/Subtype/Link/Rect[%s %s %s %s]/Border[0 0 0]/F 4/StructParent %d/A<</S/URI/URI%s>>>>",
			number2(l.left), number2(l.low), number2(l.right), number2(l.up), l.parent, plainString(l.address)))
	}
	content := f.reserve()
	f.stream(content, "", s.content.Bytes())
	f.put(s.id, fmt.Sprintf("<</Type/Page/Parent %d 0 R/Contents %d 0 R/Resources %d 0 R/StructParents %d/Tabs/S/Annots[%s]>>",
		pages, content, resources, i, annots.String()))
	return annotated
}

// outline writes the headings below the title as bookmarks, and returns the catalogue's entry for them.
func (p *press) outline(f *file) string {
	var list []bookmark
	for _, h := range p.heads {
		if h.level > 1 && h.title != "" {
			list = append(list, h)
		}
	}
	if len(list) == 0 {
		return ""
	}
	root := f.reserve()
	first := len(f.places) + 1
	for range list {
		f.reserve()
	}
	for i, h := range list {
		links := ""
		if i > 0 {
			links += fmt.Sprintf("/Prev %d 0 R", first+i-1)
		}
		if i < len(list)-1 {
			links += fmt.Sprintf("/Next %d 0 R", first+i+1)
		}
		f.put(first+i, fmt.Sprintf("<</Title%s/Parent %d 0 R%s/Dest[%d 0 R/XYZ 0 %s 0]>>", textString(h.title), root, links, h.on.id, number2(pageHeight-h.top)))
	}
	f.put(root, fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", first, first+len(list)-1, len(list)))
	return fmt.Sprintf("/Outlines %d 0 R", root)
}
