package policy

import (
	"strings"

	"ward/text"
)

// reader walks the blocks of one text. A frame is an opened list ("The WMA urges
// National Medical Associations to:") whose points take its verb and addressees.
type reader struct {
	out     Text
	plain   bool // the text has neither headings nor numbers: its prose may carry duties
	inPre   bool // under PREAMBLE, WHEREAS ...
	inRec   bool // under RECOMMENDATIONS, THEREFORE ...
	clause  int  // index of the open numbered point, 0 = none
	parts   []string
	bullet  int
	stalled bool // prose stood since the last point of level 1
	frames  []frame
	seen    map[[2]int]map[string]bool
}

type frame struct {
	level int
	ask
}

func readText(s section) Text {
	r := reader{seen: map[[2]int]map[string]bool{}}
	r.out.Unread = s.unread
	life, unread := readLife(s.life)
	r.out.Life = life
	r.out.Unread = append(r.out.Unread, unread...)
	blocks := blocksOf(s.body)
	r.plain = true
	for _, b := range blocks {
		r.plain = r.plain && b.kind != heading && b.kind != numbered
	}
	for _, b := range blocks {
		r.take(b)
	}
	r.closeClause()
	r.out.Life = orEmpty(r.out.Life)
	r.out.Clauses = orEmpty(r.out.Clauses)
	r.out.Recommendations = orEmpty(r.out.Recommendations)
	r.out.Unread = orEmpty(r.out.Unread)
	return r.out
}

// orEmpty keeps lists from becoming null in JSON.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (r *reader) take(b block) {
	if b.kind == heading {
		r.closeClause()
		r.frames = nil
		r.enter(b.text)
		return
	}
	if b.kind == numbered {
		r.closeClause()
		if b.level == 1 && b.label == "1" && r.stalled {
			r.frames = nil // a list that starts again after prose
		}
		r.clause = len(r.out.Clauses) + 1
		r.out.Clauses = append(r.out.Clauses, Point{Index: r.clause, Number: b.label})
	}
	asks := asksOf(b.text, r.mayCarryDuties(b))
	if b.kind == prose && opensList(b, asks) {
		r.closeClause()
	}
	r.parts = append(r.parts, b.text)
	r.stalled = b.kind == prose && !strings.HasSuffix(b.text, ":")
	if b.kind == bulleted {
		r.bullet++
	}
	if b.kind != prose {
		r.dropFrames(b.level)
	}
	r.recommend(b, asks)
}

// opensList tells a lead-in such as "The WMA urges National Medical Associations to:".
func opensList(b block, asks []ask) bool {
	return strings.HasSuffix(b.text, ":") && len(asks) > 0 && asks[len(asks)-1].opens
}

// enter notes the part of the text that a heading opens.
func (r *reader) enter(title string) {
	key := text.Key(title)
	begins := func(words ...string) bool {
		for _, w := range words {
			if strings.HasPrefix(key, w) {
				return true
			}
		}
		return false
	}
	if begins("preamble", "introduction", "background", "whereas") {
		r.inPre, r.inRec = true, false
		return
	}
	r.inPre = false
	r.inRec = r.inRec || begins("recommendation", "therefore", "resol")
}

func (r *reader) closeClause() {
	if r.clause > 0 {
		r.out.Clauses[r.clause-1].SHA256 = hashOf(strings.Join(r.parts, " "))
	}
	r.clause, r.bullet, r.parts = 0, 0, nil
}

// dropFrames ends every list opened at this level or deeper.
func (r *reader) dropFrames(level int) {
	for len(r.frames) > 0 && r.frames[len(r.frames)-1].level >= level {
		r.frames = r.frames[:len(r.frames)-1]
	}
}

func (r *reader) frame() (ask, bool) {
	if len(r.frames) == 0 {
		return ask{}, false
	}
	return r.frames[len(r.frames)-1].ask, true
}

// recommend notes what a block asks, on its own or as a point of an open list.
func (r *reader) recommend(b block, asks []ask) {
	list, inList := r.frame()
	inList = inList && list.verb != ""
	opens := strings.HasSuffix(b.text, ":")
	switch {
	case b.kind != prose && inList && len(list.addressees) > 0 && !(len(asks) > 0 && asks[0].leads):
		asks = []ask{{verb: list.verb, addressees: list.addressees, opens: opens}}
	case len(asks) == 0 && inList && (b.kind != prose || opens):
		asks = []ask{itemOf(list.verb, b.text, opens)}
	}
	if opens {
		r.openFrame(b, asks)
	}
	for _, a := range asks {
		if !a.opens {
			r.add(b, a)
		}
	}
}

// itemOf reads a point of a list whose opening named nobody ("The WMA urges:"):
// "governments to ..." or, with nobody named, the bare verb.
func itemOf(verb, s string, opens bool) ask {
	head, _, found := strings.Cut(s, " to ")
	if !found {
		head, _, _ = strings.Cut(strings.TrimSuffix(s, ":"), " to")
	}
	if who, whole := groupsIn(head); whole {
		return ask{verb: verb, addressees: who, opens: opens}
	}
	return ask{verb: verb, opens: opens}
}

// openFrame starts the list that a block opens. A line of prose inside a point
// that asks nothing is only a lead-in and changes nothing.
func (r *reader) openFrame(b block, asks []ask) {
	f := frame{level: b.level}
	if opensList(b, asks) {
		f.ask = asks[len(asks)-1]
	} else if len(asks) > 0 {
		f.verb = asks[len(asks)-1].verb // "recommends that ... be set up, in particular:"
	} else if b.kind == prose && r.clause > 0 {
		return
	}
	if b.kind == prose {
		r.frames = nil
	}
	r.bullet = 0
	r.frames = append(r.frames, f)
}

// mayCarryDuties tells whether "must" and "should" of a block count: in points
// and in recommendations, never in a preamble; in prose only where a text has no
// parts at all.
func (r *reader) mayCarryDuties(b block) bool {
	return !r.inPre && (b.kind != prose || r.inRec || r.plain || r.clause > 0)
}

// add notes a recommendation, once per addressee and point.
func (r *reader) add(b block, a ask) {
	who := a.addressees
	if len(who) == 0 {
		who = []string{""}
	}
	key := [2]int{r.clause, r.bullet}
	if b.kind == prose && r.clause == 0 {
		key = [2]int{-1, len(r.out.Recommendations)}
	}
	if r.seen[key] == nil {
		r.seen[key] = map[string]bool{}
	}
	number := b.label
	if b.kind == prose && r.clause > 0 {
		number = r.out.Clauses[r.clause-1].Number
	}
	for _, w := range who {
		if r.seen[key][w] {
			continue
		}
		r.seen[key][w] = true
		r.out.Recommendations = append(r.out.Recommendations, Recommendation{
			Index: len(r.out.Recommendations) + 1, Number: number, Addressee: w, Verb: a.verb,
			Clause: r.clause, Bullet: r.bullet, SHA256: hashOf(b.text)})
	}
}
