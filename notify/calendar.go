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

// Observance is a day of every year that the profession keeps: public, the same for all. Its name is the message notices.day.<Key>.
type Observance struct {
	Key   string
	Month time.Month
	Day   int
}

// Observances are the days kept each year. Medical Ethics Day is that of the World Medical Association's founding, 18 September 1947.
func Observances() []Observance {
	return []Observance{{"ethics", time.September, 18}}
}

// In is the day in a year, UTC.
func (o Observance) In(year int) time.Time {
	return time.Date(year, o.Month, o.Day, 0, 0, 0, 0, time.UTC)
}

// Calendar writes clocks as an iCalendar file (RFC 5545), the first to run out first: each an event of a quarter of an hour with an
// alarm as it begins. What an event is called is the same for all. The time is cut to the hour before, because the exact one would
// tell when a report came in. The observances stand before them, by their names and for all years: they are no secret.
func Calendar(lang locale.Lang, now time.Time, clocks []Clock) []byte {
	c := locale.For(lang)
	said := c.T("notices.calendar.event")
	cal := ics.NewCalendar()
	cal.SetProductId("-//Ward//Clocks//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(c.T("notices.calendar.name"))
	for _, o := range Observances() {
		addObservance(cal, c, o)
	}
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

// firstObserved is the year in which an observance stands first: a calendar shows no other past than that year.
const firstObserved = 2026

func addObservance(cal *ics.Calendar, c *locale.Catalogue, o Observance) {
	day := o.In(firstObserved)
	event := cal.AddEvent("day-" + o.Key + "@ward")
	event.SetDtStampTime(day)
	event.SetAllDayStartAt(day)
	event.SetAllDayEndAt(day.AddDate(0, 0, 1))
	event.AddRrule("FREQ=YEARLY")
	event.SetSummary(c.T("notices.day." + o.Key))
	event.SetClass(ics.ClassificationPublic)
	event.SetTimeTransparency(ics.TransparencyTransparent)
}
