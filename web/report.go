package web

import (
	"html/template"
	"io"
	"time"

	"ward/audit"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/vocab"
)

// reportView is the audit as one file that stands alone: style and fonts inside, no script, no link into a site.
type reportView struct {
	auditView
	Sheet template.CSS
	Made  string
	Rules []string
}

// WriteAudit writes a State's audit as one self-contained, printable HTML file in the language given ("en", "fa").
func WriteAudit(w io.Writer, report *audit.Report, corpus *policy.Corpus, language string) error {
	lang, ok := locale.Parse(language)
	if !ok {
		return fault.New(fault.Invalid, "Ward does not speak %q", language)
	}
	p, err := parsed()
	if err != nil {
		return err
	}
	v := reportView{auditView: newAuditView(report, corpus, lang, true), Sheet: template.CSS(standaloneSheet()), Rules: ruleKeys()}
	v.view = view{Lang: lang, Title: v.Name, Invented: vocab.Invented(v.State)}
	if made, err := time.Parse(time.RFC3339, report.MadeAt); err == nil {
		v.Made = locale.For(lang).Instant(made)
	}
	return p.execute(w, lang, "report", "report", v)
}
