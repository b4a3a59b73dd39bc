package consent

import (
	"cmp"
	"slices"

	"ward/entry"
	"ward/text"
	"ward/when"
)

// Need is what a disclosure asks for.
type Need struct {
	Purpose   string   // code of consent
	Recipient string   // mechanism or name
	Classes   []string // of data_class
}

// Circumstances are those of the person on the day of the disclosure.
type Circumstances struct {
	Held, Hiding, Dead bool
	Died               when.Day // 0 where the day is not known
	Staff              int      // people here who could review; one is enough where there is but one, and it is marked
}

// Verdict is whether a disclosure may rest on the consent there is.
type Verdict struct {
	May   bool
	Alone bool     // one person's review stood for two
	Rests []string // ids of the entries on which it rests
	Until when.Day // last day on which all of them stand
	After string   // of somebody who died: proxy, or earlier (they said it in their life)
	Lacks string   // what is missing, one of Lacking
}

// What can be missing. Lacking lists them in the order in which a disclosure meets them.
const (
	LacksConsent   = "consent"   // nobody was asked, or nobody could answer
	LacksPurpose   = "purpose"   // there is consent, not for this purpose
	LacksRecipient = "recipient" // not to this recipient
	LacksClass     = "class"     // not to this kind of data
	LacksFree      = "free"      // nobody said that it was free
	LacksCapacity  = "capacity"  // who gave it could not, or may not be able to
	LacksBasis     = "basis"     // a proxy without a basis
	LacksLife      = "life"      // given in their own name after they died
	LacksDay       = "day"       // it begins later, or its days cannot be read
	LacksExpired   = "expired"
	LacksRefused   = "refused" // a later no stands against it
	LacksWithdrawn = "withdrawn"
	LacksReview    = "review"    // in danger, and nobody reviewed the risk
	LacksSecond    = "second"    // in danger, and one of two did
	LacksObjection = "objection" // in danger, and somebody's word stands against it
)

// Lacking are all words that a Verdict can lack.
func Lacking() []string {
	return []string{LacksConsent, LacksPurpose, LacksRecipient, LacksClass, LacksFree, LacksCapacity, LacksBasis, LacksLife, LacksDay, LacksExpired, LacksRefused, LacksWithdrawn,
		LacksReview, LacksSecond, LacksObjection}
}

// Judge asks whether the entries allow what is needed on a day. What is missing is told of the consent that comes nearest to the need.
func (e Entries) Judge(n Need, c Circumstances, on when.Day) Verdict {
	classes := n.Classes
	if len(classes) == 0 {
		classes = []string{""} // nothing of a class: purpose and recipient are asked all the same
	}
	v := Verdict{May: true, Until: farthest}
	for _, class := range classes {
		if !e.rest(&v, Need{n.Purpose, n.Recipient, []string{class}}, c, on) {
			return v
		}
	}
	if c.Held || c.Hiding {
		e.reviewed(&v, n.Purpose, c.Staff, on)
	}
	return v
}

// farthest is later than every day that can be written.
const farthest = when.Day(1 << 30)

// rest finds the consent on which one class can rest, and notes it; where there is none, what the nearest lacks.
func (e Entries) rest(v *Verdict, n Need, c Circumstances, on when.Day) bool {
	near := 0
	for _, a := range slices.Backward(e.Answers) {
		lacks := e.lacks(a, n, c, on)
		if lacks == "" {
			v.rests(a.ID, a.Body.last())
			v.After = cmp.Or(v.After, a.Body.after(c))
			return true
		}
		near = max(near, slices.Index(Lacking(), lacks))
	}
	*v = Verdict{Lacks: Lacking()[near]}
	return false
}

func (v *Verdict) rests(id string, until when.Day) {
	if !slices.Contains(v.Rests, id) {
		v.Rests = append(v.Rests, id)
	}
	v.Until = min(v.Until, until)
}

// lacks is what one answer lacks for a need of one class; "" where it carries it.
func (e Entries) lacks(a entry.Entry[Answer], n Need, c Circumstances, on when.Day) string {
	b := a.Body
	switch {
	case b.Answer == Refused && b.against(n):
		return LacksRefused
	case b.Answer != Given:
		return LacksConsent
	case !slices.Contains(b.Purposes, n.Purpose):
		return LacksPurpose
	case !names(b.Recipients, n.Recipient):
		return LacksRecipient
	case n.Classes[0] != "" && !slices.Contains(b.Classes, n.Classes[0]):
		return LacksClass
	case !b.Free:
		return LacksFree
	case b.Giver == Proxy && text.Key(b.Basis) == "":
		return LacksBasis
	case b.Giver != Proxy && (b.Giver != Self || b.Capacity != "yes"):
		return LacksCapacity
	case b.posthumous(c):
		return LacksLife
	case !b.begun(on):
		return LacksDay
	case b.last() < on:
		return LacksExpired
	case e.refused(a, n):
		return LacksRefused
	case e.replaced(a) || e.ended(a, n.Purpose):
		return LacksWithdrawn
	}
	return ""
}

// after says, of somebody who died, on whose word it rests: their privacy does not end with them (WMA-ICOME-2022:22).
func (a Answer) after(c Circumstances) string {
	switch {
	case !c.Dead:
		return ""
	case a.Giver == Proxy:
		return Proxy
	}
	return "earlier"
}

// posthumous reports a word in the person's own name that is dated after their death.
func (a Answer) posthumous(c Circumstances) bool {
	given, ok := dayOf(a.Given)
	return c.Dead && a.Giver == Self && c.Died != 0 && ok && given > c.Died
}

func (a Answer) begun(on when.Day) bool {
	given, ok := dayOf(a.Given)
	_, read := dayOf(a.Expires)
	return ok && given <= on && (read || a.Expires == "")
}

// last is the last day on which a consent stands.
func (a Answer) last() when.Day {
	if a.Expires == "" {
		given, _ := dayOf(a.Given)
		return given + Life
	}
	last, _ := dayOf(a.Expires)
	return last
}

// against reports that a refusal speaks of what is needed: what it does not name, it refuses as a whole.
func (a Answer) against(n Need) bool {
	covers := func(named []string, one string) bool { return len(named) == 0 || slices.Contains(named, one) }
	return covers(a.Purposes, n.Purpose) && (len(a.Recipients) == 0 || names(a.Recipients, n.Recipient)) && (n.Classes[0] == "" || covers(a.Classes, n.Classes[0]))
}

// refused reports that a no stands against a yes: one that came later, or the person's own against a proxy's yes, whenever it was.
func (e Entries) refused(a entry.Entry[Answer], n Need) bool {
	later := false
	for _, o := range e.Answers {
		own := a.Body.Giver == Proxy && o.Body.Giver == Self
		if o.Body.Answer == Refused && (later || own) && o.Body.against(n) {
			return true
		}
		later = later || o.ID == a.ID
	}
	return false
}

// replaced reports that a narrower consent stands in the place of this one.
func (e Entries) replaced(a entry.Entry[Answer]) bool {
	return slices.ContainsFunc(e.Answers, func(o entry.Entry[Answer]) bool { return o.Body.Narrows == a.ID && o.ID != a.ID })
}

// ended reports that a consent was taken back for a purpose. A word put on record in the same instant counts against it, and a proxy's yes
// does not undo what the person took back themselves.
func (e Entries) ended(a entry.Entry[Answer], purpose string) bool {
	return slices.ContainsFunc(e.Ends, func(o entry.Entry[End]) bool {
		own := a.Body.Giver == Proxy && o.Body.By == Self
		all := o.Body.Of == All && (own || !o.At.Before(a.At) || slices.Contains(o.Body.Had, a.ID))
		return (o.Body.Of == a.ID || all) && o.Body.forPurpose(purpose)
	})
}

func (e End) forPurpose(purpose string) bool {
	return len(e.Purposes) == 0 || slices.Contains(e.Purposes, purpose)
}

// names reports that a name is among names, however it is spelt. No name is named by nothing.
func names(list []string, name string) bool {
	key := nameKey(name)
	return key != "" && slices.ContainsFunc(list, func(s string) bool { return nameKey(s) == key })
}

// SameName reports that two spellings are one person's name.
func SameName(a, b string) bool { return nameKey(a) == nameKey(b) }

// nameKey is by what two spellings of a name are one: its letters and digits, or all of it where it has none.
func nameKey(name string) string { return cmp.Or(text.Key(name), text.Fold(name)) }

func dayOf(s string) (when.Day, bool) {
	d, err := when.Parse(s)
	return d.From(), err == nil && d.Exact()
}
