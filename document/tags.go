package document

import (
	"fmt"
	"strings"
)

// elem is a node of the structure tree, by which a screen reader follows the text (ISO 32000-1, 14.7 and 14.8).
type elem struct {
	kind   string // "P", "TD"; as standard structure types are called
	attr   string // further entries of its dictionary
	parent *elem
	kids   []kid
	span   int32 // of a link: which span of its paragraph it is
	id     int
}

// kid is what stands under a node: another node, a stretch of marked content, or a link's annotation.
type kid struct {
	elem *elem
	on   *sheet
	mark int // number of the marked content on its sheet
	link *link
}

// under makes a new node below.
func (e *elem) under(kind string) *elem {
	if e == nil {
		return nil
	}
	k := &elem{kind: kind, parent: e}
	e.kids = append(e.kids, kid{elem: k})
	return k
}

// link is the node for a span that leads somewhere: the one in use while the span goes on, else a new one.
func (e *elem) link(span int32) *elem {
	if n := len(e.kids); n > 0 {
		if last := e.kids[n-1].elem; last != nil && last.kind == "Link" && last.span == span {
			return last
		}
	}
	k := e.under("Link")
	k.span = span
	return k
}

// writeTree writes the structure tree and the map from marked content back to it; it returns the number of its root.
func writeTree(f *file, root *elem, sheets []*sheet) int {
	rootID := f.reserve()
	numberNodes(f, root)
	write(f, root, rootID)
	var nums strings.Builder
	next := len(sheets)
	for i, s := range sheets {
		var refs strings.Builder
		for _, e := range s.marks {
			fmt.Fprintf(&refs, "%d 0 R ", e.id)
		}
		fmt.Fprintf(&nums, "%d %d 0 R ", i, f.add("["+refs.String()+"]"))
	}
	for _, s := range sheets {
		for _, l := range s.links {
			fmt.Fprintf(&nums, "%d %d 0 R ", l.parent, l.elem.id)
			next++
		}
	}
	tree := f.add("<</Nums[" + nums.String() + "]>>")
	f.put(rootID, fmt.Sprintf("<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", root.id, tree, next))
	return rootID
}

// numberNodes gives every node its object number.
func numberNodes(f *file, e *elem) {
	e.id = f.reserve()
	for _, k := range e.kids {
		if k.elem != nil {
			numberNodes(f, k.elem)
		}
	}
}

// write writes a node and everything below it.
func write(f *file, e *elem, parent int) {
	var kids strings.Builder
	for _, k := range e.kids {
		switch {
		case k.elem != nil:
			fmt.Fprintf(&kids, "%d 0 R ", k.elem.id)
		case k.link != nil:
			fmt.Fprintf(&kids, "<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>", k.link.id, k.on.id)
		default:
			fmt.Fprintf(&kids, "<</Type/MCR/Pg %d 0 R/MCID %d>>", k.on.id, k.mark)
		}
	}
	f.put(e.id, fmt.Sprintf("<</S/%s/P %d 0 R%s/K[%s]>>", e.kind, parent, e.attr, kids.String()))
	for _, k := range e.kids {
		if k.elem != nil {
			write(f, k.elem, e.id)
		}
	}
}
