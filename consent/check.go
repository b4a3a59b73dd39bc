package consent

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ward/fault"
	"ward/vocab"
	"ward/when"
)

// How much one word may hold.
const (
	maxLine  = 200  // characters of a name, a basis, a witness
	maxText  = 4000 // characters of a note or a reason
	maxNamed = 40   // purposes, recipients, classes
	maxYears = 10   // for how long a consent may be given
)

// Check is nil where an answer can be put on record on a day.
func (a Answer) Check(today when.Day) error {
	if err := a.checkWho(); err != nil {
		return err
	}
	if err := checkNamed(a.Purposes, a.Recipients, a.Classes); err != nil {
		return err
	}
	given, ok := dayOf(a.Given)
	if !ok || given > today {
		return invalid("the day on which they were asked is missing, none, or still to come").Do("write it as %s", today)
	}
	if a.Answer == Given {
		return a.checkGiven(given)
	}
	if a.Expires != "" {
		return invalid("only a yes has a last day")
	}
	return nil
}

// checkGiven holds a yes to what makes it one (Istanbul Protocol 2022: informed, free, by somebody who could give it).
func (a Answer) checkGiven(given when.Day) error {
	switch {
	case len(a.Purposes) == 0 || len(a.Recipients) == 0 || len(a.Classes) == 0:
		return invalid("a yes names for what, to whom and which data: what it does not name, it does not allow").Do("tick at least one of each")
	case !a.Free:
		return invalid("without the word that it was free, a yes is none").Do("ask them whether anybody pressed them; if somebody did, or they cannot say, record that they could not be asked")
	case a.Giver == Self && a.Capacity != "yes":
		return invalid("who cannot decide now, or may not be able to, gives no yes").Do("record that they could not be asked, or the word of somebody who may speak for them")
	case a.Expires == "":
		return nil
	}
	last, ok := dayOf(a.Expires)
	if !ok || last < given || last > given+maxYears*Life {
		return invalid("the last day is none, before the day on which they were asked, or more than %d years after it", maxYears)
	}
	return nil
}

func (a Answer) checkWho() error {
	lists := []struct{ list, code string }{{"consent_answer", a.Answer}, {"consent_giver", a.Giver}, {"consent_capacity", a.Capacity}, {"consent_method", a.Method}}
	for _, l := range lists {
		if !vocab.Has(l.list, l.code) {
			return invalid("%.40q is not in the list %s", l.code, l.list).Do("choose one that is")
		}
	}
	switch {
	case a.Giver == Proxy && blank(a.Basis):
		return invalid("who speaks for somebody says on which basis").Do("write it: parent of a minor, spouse, lawyer with a mandate")
	case blank(a.Lang) || utf8.RuneCountInString(a.Lang) > 20:
		return invalid("the language in which they were asked is missing or none")
	case long(maxLine, a.Basis, a.Witness) || long(maxText, a.Note):
		return invalid("the basis or the witness has more than %d characters, or the note more than %d", maxLine, maxText)
	}
	return nil
}

func checkNamed(purposes, recipients, classes []string) error {
	if max(len(purposes), len(recipients), len(classes)) > maxNamed {
		return invalid("more than %d purposes, recipients or kinds of data are named", maxNamed)
	}
	if err := checkPurposes(purposes); err != nil {
		return err
	}
	for _, c := range classes {
		if !vocab.Has("data_class", c) {
			return invalid("%.40q is no kind of data", c)
		}
	}
	if slices.ContainsFunc(recipients, blank) || long(maxLine, recipients...) {
		return invalid("a recipient has no name, or one of more than %d characters", maxLine)
	}
	return nil
}

func checkPurposes(purposes []string) error {
	for _, p := range purposes {
		if !vocab.Has("consent", p) {
			return invalid("%.40q is no purpose", p).Do("choose one of the list")
		}
	}
	return nil
}

// Check is nil where a withdrawal can be put on record on a day.
func (e End) Check(today when.Day) error {
	day, ok := dayOf(e.Day)
	switch {
	case blank(e.Of) || utf8.RuneCountInString(e.Of) > maxLine:
		return invalid("what was taken back is not said")
	case !vocab.Has("consent_giver", e.By):
		return invalid("who took it back is not said").Do("say whether it was the person or somebody for them")
	case !ok || day > today:
		return invalid("the day on which it was taken back is missing, none, or still to come").Do("write it as %s", today)
	case long(maxText, e.Why) || len(e.Purposes) > maxNamed:
		return invalid("the reason has more than %d characters", maxText)
	}
	return checkPurposes(e.Purposes)
}

// Check is nil where a review can be put on record on a day. A yes is dated, and renewed within ReviewLife (design 10.5).
func (r Review) Check(today when.Day) error {
	if err := checkPurposes([]string{r.Purpose}); err != nil {
		return err
	}
	until, ok := dayOf(r.Until)
	switch {
	case blank(r.Why):
		return invalid("a review says why").Do("write what could happen to them, and why it may or may not leave in spite of that")
	case long(maxText, r.Why):
		return invalid("the reason has more than %d characters", maxText)
	case r.Until != "" && (!ok || until < today):
		return invalid("the last day is none, or over").Do("write it as %s", today+ReviewLife)
	case r.May && until > today+ReviewLife:
		return invalid("a risk changes: nobody lets something leave for more than %d days", ReviewLife).Do("take %s or an earlier day, and review it again", today+ReviewLife)
	}
	return nil
}

// Take says whether an answer can be put on record after all that was said before: one that stands in the place of another must find it open, or
// be narrower than it.
func (e Entries) Take(a Answer, today when.Day) error {
	if err := a.Check(today); err != nil || a.Narrows == "" {
		return err
	}
	before, ok := e.answer(a.Narrows)
	switch {
	case !ok:
		return invalid("the answer in whose place this would stand is not there any more").Do("open the page anew")
	case e.State(before, today) == Asked && a.Answer != Asked:
		return nil
	case e.State(before, today) != Given || a.Answer != Given:
		return fault.New(fault.Refused, "what is %s cannot become %s", strings.ReplaceAll(e.State(before, today), "_", " "), strings.ReplaceAll(a.Answer, "_", " ")).Keeping("nothing was written").
			Do("record a new answer by itself")
	case !a.within(before.Body):
		return fault.New(fault.Refused, "this allows more than the consent that it would narrow").Keeping("nothing was written").Do("record it as a consent of its own")
	}
	return nil
}

// within reports that a consent allows nothing that another does not.
func (a Answer) within(wide Answer) bool {
	in := func(list []string) func(string) bool { return func(s string) bool { return !slices.Contains(list, s) } }
	return !slices.ContainsFunc(a.Purposes, in(wide.Purposes)) && !slices.ContainsFunc(a.Classes, in(wide.Classes)) &&
		!slices.ContainsFunc(a.Recipients, func(s string) bool { return !names(wide.Recipients, s) }) && a.last() <= wide.last()
}

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).Keeping("nothing was written")
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func long(most int, texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return utf8.RuneCountInString(s) > most || !utf8.ValidString(s) })
}
