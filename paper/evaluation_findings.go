package paper

import (
	"cmp"
	"slices"
	"strings"

	"ward/document"
	"ward/evaluation"
)

// findings are the drawings with their marks and the table of what was found, what is alleged to have caused it, and how consistent the two are.
func (s *evaluationSpeaker) findings(kind string) {
	var list []evaluation.Finding
	for _, f := range s.p.Findings {
		if f.Kind == kind {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		s.say(document.Plain, s.T("evaluation.paper.none"))
		return
	}
	if kind == evaluation.Physical {
		s.drawings(list)
	}
	t := document.Table{Caption: document.T(s.T("evaluation.paper.table.plain")), Widths: []float64{0.5, 4, 2.2, 2}}
	heads := []string{"evaluation.paper.no", "evaluation.paper.found", "evaluation.paper.alleged", "evaluation.paper.degree"}
	if kind == evaluation.Physical {
		t.Caption, t.Widths = document.T(s.T("evaluation.paper.table")), []float64{0.5, 1.4, 2.6, 2.2, 1.9}
		heads = slices.Insert(heads, 1, "evaluation.paper.where")
	}
	for _, f := range list {
		row := s.finding(f)
		if kind == evaluation.Physical {
			row = slices.Insert(row, 1, cell(s.where(f)))
		}
		t.Rows = append(t.Rows, row)
	}
	s.table(t, "", heads...)
	s.say(document.Note, s.T("evaluation.paper.absence"))
}

// finding is one row.
func (s *evaluationSpeaker) finding(f evaluation.Finding) []document.Cell {
	list := "lesion"
	if f.Kind == evaluation.Psychological {
		list = "mental_finding"
	}
	degree := s.T("evaluation.paper.degree.none")
	if f.Consistency != "" {
		degree = s.label("consistency", f.Consistency)
	}
	alleged := f.Alleged
	for _, m := range f.Methods {
		alleged = strings.TrimPrefix(alleged+"; "+s.label("ill_treatment", m), "; ")
	}
	strong := func(first, rest string) document.Cell {
		return document.Cell{Text: document.Text{{Text: first, Bold: true}, {Text: " " + rest}}}
	}
	return []document.Cell{cell(s.numbers[f.Finding]), strong(s.label(list, f.Type), s.seen(f)),
		{Text: document.Text{{Text: s.Isolate(cmp.Or(alleged, "–")), Soft: true}}}, strong(degree, s.reasons(f))}
}

// where names the place of a finding: part and side of the body, and on which drawing its mark stands.
func (s *evaluationSpeaker) where(f evaluation.Finding) string {
	var out []string
	if f.Part != "" {
		out = append(out, s.label("body_part", f.Part))
	}
	if f.Side != "" {
		out = append(out, s.T("evaluation.paper.side."+f.Side))
	}
	if f.View != "" {
		out = append(out, s.label("body_view", f.View))
	}
	return cmp.Or(strings.Join(out, apart), "–")
}

// seen is what the clinician says of a finding.
func (s *evaluationSpeaker) seen(f evaluation.Finding) string {
	var out []string
	for _, part := range []string{f.Description, s.size(f), f.Colour, f.Shape, f.Age} {
		if part != "" {
			out = append(out, s.Isolate(part))
		}
	}
	return strings.Join(out, apart)
}

// apart stands between facts that are no sentence.
const apart = " · "

func (s *evaluationSpeaker) size(f evaluation.Finding) string {
	switch {
	case f.Length > 0 && f.Width > 0:
		return s.T("evaluation.paper.size", f.Length, f.Width)
	case f.Length+f.Width > 0:
		return s.T("evaluation.paper.length", max(f.Length, f.Width))
	}
	return ""
}

func (s *evaluationSpeaker) reasons(f evaluation.Finding) string {
	var out []string
	if f.Why != "" {
		out = append(out, s.Isolate(f.Why))
	}
	if f.Differential != "" {
		out = append(out, s.T("evaluation.paper.differential", f.Differential))
	}
	if f.Unusual() {
		out = append(out, s.T("evaluation.paper.unusual"))
	}
	return strings.Join(out, " ")
}

// drawings are those on which something is marked.
func (s *evaluationSpeaker) drawings(list []evaluation.Finding) {
	var out document.Figures
	for _, d := range evaluation.Diagrams() {
		figure := document.Figure{Width: d.Width, Height: d.Height, Paths: paths(d)}
		var marked []string
		for _, f := range list {
			if f.View != d.View {
				continue
			}
			at := d.At(f.X, f.Y)
			figure.Marks = append(figure.Marks, document.Mark{X: at.X, Y: at.Y, Label: s.numbers[f.Finding]})
			marked = append(marked, s.numbers[f.Finding]+" "+s.label("lesion", f.Type))
		}
		if len(marked) == 0 {
			continue
		}
		name := s.label("body_view", d.View)
		figure.Caption, figure.Alt = document.T(name), s.T("evaluation.paper.drawing", name, s.List(marked))
		out = append(out, figure)
	}
	if len(out) == 0 {
		return
	}
	s.add(out)
	s.say(document.Note, s.T("evaluation.paper.own_side"))
}

// paths are the lines of a drawing for print.
func paths(d evaluation.Diagram) []document.Path {
	out := make([]document.Path, len(d.Paths))
	for i, p := range d.Paths {
		out[i].Soft = p.Faint
		for _, c := range p.Commands {
			step := document.Step{Op: c.Op}
			for j, at := range c.Points[:min(len(c.Points), len(step.At)/2)] {
				step.At[2*j], step.At[2*j+1] = at.X, at.Y
			}
			out[i].Steps = append(out[i].Steps, step)
		}
	}
	return out
}
