package main

import (
	"net/url"
	"strings"

	"ward/desk"
	"ward/locale"
	"ward/paper"
	"ward/when"
)

type quoteCommand struct {
	workspace
	State     []string `help:"Where: three-letter ISO code or name; every State when left out." placeholder:"STATE"`
	By        []string `help:"Whose forces or officials: three-letter ISO code or name." placeholder:"STATE"`
	Year      []string `help:"Calendar year." placeholder:"YEAR"`
	From      string   `help:"First day, month or year." placeholder:"DAY"`
	To        string   `help:"Last day, month or year." placeholder:"DAY"`
	Family    []string `help:"Kind of incident, such as PER."`
	Code      []string `help:"Incident code, such as PER.KIL."`
	Certainty []string `help:"possible, probable or confirmed."`
	Measure   string   `help:"incidents, worker.killed, worker.injured, worker.abducted or worker.arrested." default:"incidents"`
	Lang      string   `help:"Language of the sentence: en, fa, fr, es, ar, uk or tr." default:"en"`
	Site      string   `help:"Address of the pages, for the link." default:"http://127.0.0.1:7766"`
	JSON      bool     `help:"Print as JSON." name:"json"`
}

func (c *quoteCommand) Run(con *console) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	lang, err := language(c.Lang)
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	found, err := d.Quote(con.ctx, con.who(), q, c.Measure)
	if err != nil {
		return err
	}
	sentence := paper.Quotable(found, lang, c.link(q, lang))
	if c.JSON {
		return con.json(map[string]any{"text": sentence.Text, "caveats": sentence.Caveats, "link": sentence.Link, "cleared": sentence.Cleared, "bars": found.Withheld,
			"measure": found.Measure, "count": found.Count, "registers": found.Registers, "incidents": found.Incidents})
	}
	con.printf("%s\n", sentence)
	return nil
}

// query reads the flags; States may be given by name.
func (c *quoteCommand) query() (q desk.IncidentQuery, err error) {
	q.Filters = map[string][]string{"year": c.Year, "family": c.Family, "code": c.Code, "certainty": c.Certainty}
	for column, names := range map[string][]string{"country": c.State, "actor_state": c.By} {
		for _, name := range names {
			code, err := desk.StateCode(name)
			if err != nil {
				return q, err
			}
			q.Filters[column] = append(q.Filters[column], code)
		}
	}
	if c.From != "" {
		q.From, err = when.Parse(c.From)
	}
	if c.To != "" && err == nil {
		q.To, err = when.Parse(c.To)
	}
	return q, err
}

// link is the address of the list behind the number.
func (c *quoteCommand) link(q desk.IncidentQuery, lang locale.Lang) string {
	values := url.Values{}
	for column, list := range q.Filters {
		if len(list) > 0 {
			values[column] = list
		}
	}
	for name, text := range map[string]string{"from": c.From, "to": c.To} {
		if text != "" {
			values.Set(name, text)
		}
	}
	return strings.TrimSuffix(c.Site, "/") + "/" + string(lang) + "/incidents?" + values.Encode()
}
