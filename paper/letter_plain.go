package paper

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"ward/desk"
	"ward/document"
	"ward/policy"
)

// Formats are the files as which a letter can be written.
func Formats() []string { return []string{"pdf", "odt", "html", "txt"} }

// WriteLetter writes a statement in one of the Formats.
func WriteLetter(w io.Writer, f desk.StatementFile, corpus *policy.Corpus, format string) error {
	return Print(w, Letter(f, corpus), format)
}

// WriteText writes a document as plain text in UTF-8, for mail.
func WriteText(w io.Writer, d document.Document) error {
	var b strings.Builder
	for i, block := range d.Blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(asText(block))
	}
	if d.Foot != "" {
		b.WriteString("\n" + d.Foot + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func asText(block document.Block) string {
	switch x := block.(type) {
	case document.Heading:
		return said(x.Text) + "\n"
	case document.Paragraph:
		if x.Look == document.Strip {
			return "*** " + said(x.Text) + " ***\n"
		}
		return said(x.Text) + "\n"
	case document.List:
		var b strings.Builder
		for i, item := range x.Items {
			mark := "-"
			if x.Ordered {
				mark = fmt.Sprintf("%d.", i+1)
			}
			b.WriteString(mark + " " + said(item) + "\n")
		}
		return b.String()
	case document.Rule:
		return strings.Repeat("-", 40) + "\n"
	}
	return ""
}

// said are the words of a text.
func said(t document.Text) string {
	var b strings.Builder
	for _, span := range t {
		b.WriteString(span.Text)
	}
	return b.String()
}

// page is a letter as one HTML file that needs nothing else.
var page = template.Must(template.New("letter").Funcs(template.FuncMap{"kind": kindOf}).Parse(`<!doctype html>
<html lang="{{.Lang}}" dir="{{if .RTL}}rtl{{else}}ltr{{end}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title>
<style>body{font:17px/1.6 "IBM Plex Sans","IBM Plex Sans Arabic","Noto Naskh Arabic",sans-serif;color:#1c1b18;max-inline-size:42rem;margin:2rem auto;padding:0 1.2rem}h1{font-size:1.6rem;line-height:1.25}h3{font-size:1rem}p{white-space:pre-line}.note,.soft,footer{color:#5f5b52;font-size:.9rem}.strip{background:#f3e3c3;padding:.4rem .8rem}hr{border:0;border-block-start:1px solid #d8d3c7}@page{size:A4;margin:20mm}</style></head>
<body><main>
{{range .Blocks}}{{$b := .}}{{with kind .}}{{if eq . "h1"}}<h1>{{template "spans" $b.Text}}</h1>{{else if eq . "h3"}}<h3>{{template "spans" $b.Text}}</h3>{{else if eq . "p"}}<p{{with $b.Look}} class="{{.}}"{{end}}>{{template "spans" $b.Text}}</p>{{else if eq . "list"}}<ul>{{range $b.Items}}<li>{{template "spans" .}}</li>{{end}}</ul>{{else if eq . "hr"}}<hr>{{end}}{{end}}
{{end}}</main>{{with .Foot}}<footer>{{.}}</footer>{{end}}</body></html>
{{define "spans"}}{{range .}}{{if .Bold}}<b>{{.Text}}</b>{{else if .Soft}}<span class="soft">{{.Text}}</span>{{else}}{{.Text}}{{end}}{{end}}{{end}}`))

func kindOf(block document.Block) string {
	switch x := block.(type) {
	case document.Heading:
		if x.Level == 1 {
			return "h1"
		}
		return "h3"
	case document.Paragraph:
		return "p"
	case document.List:
		return "list"
	case document.Rule:
		return "hr"
	}
	return ""
}

// WriteHTML writes a letter as one HTML file that needs nothing else.
func WriteHTML(w io.Writer, d document.Document) error { return page.Execute(w, d) }
