package notify

import (
	"bytes"
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"

	"ward/locale"
)

// Clock is when something runs out. Name tells it from others and means nothing to whoever reads it: a keyed hash, never an id.
type Clock struct {
	Name string
	Due  time.Time
}

// Calendar writes clocks as an iCalendar file (RFC 5545), the first to run out first: each an event of a quarter of an hour with an
// alarm as it begins. What an event is called is the same for all. The time is cut to the hour before, because the exact one would
// tell when a report came in.
func Calendar(lang locale.Lang, now time.Time, clocks []Clock) []byte {
	c := locale.For(lang)
	said := c.T("notices.calendar.event")
	cal := ics.NewCalendar()
	cal.SetProductId("-//Ward//Clocks//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(c.T("notices.calendar.name"))
	clocks = slices.Clone(clocks)
	slices.SortStableFunc(clocks, func(a, b Clock) int { return a.Due.Compare(b.Due) })
	for _, clock := range clocks {
		due := clock.Due.UTC().Truncate(time.Hour)
		event := cal.AddEvent(clock.Name + "@ward")
		event.SetDtStampTime(now.UTC().Truncate(time.Hour))
		event.SetStartAt(due)
		event.SetEndAt(due.Add(15 * time.Minute))
		event.SetSummary(said)
		event.SetClass(ics.ClassificationPrivate)
		event.SetTimeTransparency(ics.TransparencyTransparent)
		alarm := event.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("PT0S")
		alarm.SetProperty(ics.ComponentPropertyDescription, said) // an alarm that is shown must have one
	}
	var b bytes.Buffer
	cal.SerializeTo(&b, ics.WithNewLine("\r\n")) // into memory: it cannot fail
	return b.Bytes()
}
