package paper

import (
	"encoding/json"
	"io"
	"strings"

	"ward/desk"
	"ward/document"
	"ward/locale"
	"ward/when"
)

// PeriodReport is a period's report in words: what a page shows and a document prints.
type PeriodReport struct {
	Title    string
	Days     string
	Lead     string
	AsOf     string
	Sections []PeriodSection
}

// PeriodSection is one of new, changed, open, overdue and asked of the board.
type PeriodSection struct {
	Name   string
	Title  string
	Empty  string // said where there are no groups
	Groups []PeriodLines
}

// PeriodLines are the lines of one kind. Count is "" where they are figures of registers, which have no sum.
type PeriodLines struct {
	Title string
	Count string
	Lines []PeriodItem
	More  string // how many more there are; "" = none
}

// PeriodItem is one line: what it is, what is said of it, and the parts of its page's address.
type PeriodItem struct {
	What, Said string
	Path       []string
}

// ReportPeriod puts a period's report into words.
func ReportPeriod(p desk.Period, lang locale.Lang) PeriodReport {
	s := newSpeaker(lang)
	days := s.days(p.From, p.To)
	r := PeriodReport{Title: s.T("period.title"), Days: days, AsOf: s.T("period.asof", s.Day(p.AsOf))}
	counts := map[string]int{}
	for _, part := range p.Parts {
		section := PeriodSection{Name: part.Name, Title: s.T("period.part." + part.Name), Empty: s.T("period.none." + part.Name)}
		for _, g := range part.Groups {
			counts[part.Name] += g.Count
			section.Groups = append(section.Groups, s.group(part.Name, g))
		}
		r.Sections = append(r.Sections, section)
	}
	r.Lead = s.lead("asked", counts) + " " + s.lead("overdue", counts)
	if counts["new"]+counts["changed"] == 0 {
		r.Lead = s.T("period.lead.nothing") + " " + r.Lead
	}
	return r
}

// lead counts the lines of a part, or says that there are none.
func (s *speaker) lead(part string, counts map[string]int) string {
	if counts[part] == 0 {
		return s.T("period.none." + part)
	}
	return s.N("period.lead."+part, counts[part])
}

func (s *speaker) days(from, to when.Day) string {
	text := from.String()
	if from != to {
		text += "/" + to.String()
	}
	return s.day(text)
}

// unsummed are the groups whose lines are figures of their own.
var unsummed = map[string]bool{"arrived": true, "dated": true, "codings": true, "steps": true, "cells": true, "unbegun": true, "facilities": true}

func (s *speaker) group(part string, g desk.PeriodGroup) PeriodLines {
	out := PeriodLines{Title: s.T("period.group." + part + "." + g.Name)}
	if !unsummed[g.Name] {
		out.Count = s.Num(int64(g.Count))
	}
	for _, l := range g.Lines {
		out.Lines = append(out.Lines, PeriodItem{What: s.what(g.Name, l), Said: s.said(part, g.Name, l), Path: l.Path})
	}
	if more := g.Count - len(g.Lines); more > 0 {
		out.More = s.N("period.more", more)
	}
	return out
}

// what names the thing that a line speaks of.
func (s *speaker) what(group string, l desk.PeriodLine) string {
	switch group {
	case "commitments", "graded", "ungraded":
		return join(s.Isolate(l.Clause), s.addressee(l.Name))
	case "duties", "ownerless":
		return s.T("duty.point." + l.Clause)
	case "facilities":
		return s.T("period." + l.Code)
	case "unbegun":
		return s.T("period.unbegun")
	}
	parts := []string{}
	if l.Name != "" {
		parts = append(parts, s.Isolate(l.Name))
	}
	if l.State != "" {
		parts = append(parts, s.country(l.State))
	}
	if l.Clause != "" {
		parts = append(parts, s.Isolate(l.Clause))
	}
	if l.Year != 0 {
		parts = append(parts, s.Year(l.Year))
	}
	return strings.Join(parts, " · ")
}

// addressee names whom a commitment is asked of.
func (s *speaker) addressee(code string) string {
	group, one, single := strings.Cut(code, ":")
	switch {
	case single && group == "State":
		return s.country(one)
	case single:
		return s.T("commitment.association_of", s.country(one))
	case s.Has("commitment.to." + code):
		return s.T("commitment.to." + code)
	}
	return s.label("addressee", code)
}

// said is what a line says of its thing: what became of it, by when, how much.
func (s *speaker) said(part, group string, l desk.PeriodLine) string {
	var out []string
	if code := s.code(group, l); code != "" {
		out = append(out, code)
	}
	if group == "duties" && part == "changed" {
		out = append(out, s.Year(l.Year))
	}
	for i, f := range l.Figures {
		if f.N == 0 && i > 0 {
			continue // the first figure stands even where it is nought
		}
		out = append(out, s.figure(group, f))
	}
	switch {
	case l.Day == "":
	case part == "new" || part == "changed" || group == "panel" || group == "events":
		out = append(out, s.day(l.Day))
	default:
		out = append(out, s.T("period.due", s.day(l.Day)))
	}
	return strings.Join(out, " · ")
}

// codes are the words for the codes of each group.
var codes = map[string]string{"duties": "duty.status.", "ownerless": "duty.status.", "statements": "statement.state.", "approvals": "statement.state.", "events": "suitability.decision.",
	"corrections": "corrections.kind.", "appeals": "appeal."}

func (s *speaker) code(group string, l desk.PeriodLine) string {
	prefix, known := codes[group]
	switch {
	case l.Code == "" || group == "facilities":
		return ""
	case known:
		return s.T(prefix + l.Code)
	case group == "replies":
		return s.T("reply." + l.Code)
	case l.Code == "open":
		return s.T("commitment.open.note")
	}
	return l.Code + " " + s.label("grade", l.Code)
}

func (s *speaker) figure(group string, f desk.PeriodCount) string {
	key := "period.figure." + f.Key
	if group == "steps" {
		key = "move." + f.Key
	}
	return s.T(key) + s.T("period.colon") + s.Num(f.N)
}

// Period is a period's report as a document of headings and lists alone, so that it can be printed in every format.
func Period(p desk.Period, lang locale.Lang) document.Document {
	r := ReportPeriod(p, lang)
	s := newSpeaker(lang)
	s.strips(false)
	s.say(document.Note, r.Days)
	s.heading(1, r.Title)
	s.say(document.Lead, r.Lead)
	s.say(document.Note, r.AsOf+" "+s.T("period.note"))
	for _, section := range r.Sections {
		s.heading(2, section.Title)
		if len(section.Groups) == 0 {
			s.say(document.Plain, section.Empty)
		}
		for _, g := range section.Groups {
			s.lines(g)
		}
	}
	return s.document(r.Title+" "+r.Days, join(r.Title, r.Days))
}

func (s *speaker) lines(g PeriodLines) {
	title := g.Title
	if g.Count != "" {
		title += s.T("period.colon") + g.Count
	}
	s.heading(3, title)
	var list document.List
	for _, l := range g.Lines {
		item := document.T(l.What)
		if l.Said != "" {
			item = append(item, document.Span{Text: " — " + l.Said, Soft: true})
		}
		list.Items = append(list.Items, item)
	}
	s.add(list)
	if g.More != "" {
		s.say(document.Note, g.More)
	}
}

// PeriodFormats are the files as which a period's report can be written.
func PeriodFormats() []string { return []string{"pdf", "odt", "html", "txt", "json"} }

// WritePeriod writes a period's report in one of the PeriodFormats; json is in codes, whatever the language.
func WritePeriod(w io.Writer, p desk.Period, lang locale.Lang, format string) error {
	if format != "json" {
		return Print(w, Period(p, lang), format)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		From string `json:"from"`
		To   string `json:"to"`
		AsOf string `json:"as_of"`
		desk.Period
	}{p.From.String(), p.To.String(), p.AsOf.String(), p})
}
