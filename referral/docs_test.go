package referral_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"ward/referral"
)

// The diagram of docs/life-of-a-referral.md has every move of the data, and no other.
func TestTheDiagramHasEveryMove(t *testing.T) {
	page, err := os.ReadFile("../docs/life-of-a-referral.md")
	if err != nil {
		t.Fatal(err)
	}
	_, diagram, _ := strings.Cut(string(page), "stateDiagram-v2\n")
	diagram, _, _ = strings.Cut(diagram, "```")
	drawn := map[string]bool{}
	for row := range strings.SplitSeq(diagram, "\n") {
		move, _, _ := strings.Cut(strings.TrimSpace(row), ":")
		if from, to, ok := strings.Cut(strings.TrimSpace(move), " --> "); ok && from != "[*]" && to != "[*]" {
			drawn[from+" "+to] = true
		}
	}
	for _, m := range referral.Moves() {
		if !drawn[m.From+" "+m.To] {
			t.Errorf("the diagram has no move from %s to %s", m.From, m.To)
		}
		delete(drawn, m.From+" "+m.To)
	}
	for move := range drawn {
		t.Errorf("the diagram has the move %s, which the data have not", move)
	}
}

const mechanismsPage = "../docs/mechanisms.md"

// docs/mechanisms.md is what the data say. WARD_WRITE_DOCS=1 writes it anew.
func TestTheMechanismsPageIsWhatTheDataSay(t *testing.T) {
	want := mechanisms()
	if os.Getenv("WARD_WRITE_DOCS") != "" {
		if err := os.WriteFile(mechanismsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(mechanismsPage)
	if err != nil || string(got) != want {
		t.Errorf("the page is not what the data say (%v): write it anew with WARD_WRITE_DOCS=1", err)
	}
}

func mechanisms() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Mechanisms\n\nWhere a case can be taken to, and what each may get. This page is made from `referral/data`; `go test ./referral` holds it to them, and")
	say("`WARD_WRITE_DOCS=1 go test ./referral -run TestTheMechanismsPage` writes it anew. **To confirm** is what is from memory (standards 5, mark [M]): users")
	say("see it beside the mechanism. How a referral goes its way: [life-of-a-referral.md](life-of-a-referral.md).\n")
	say("| mechanism | consent asked for | who submits | languages | words | days to reply | where silence leads |\n|---|---|---|---|---|---|---|")
	for _, m := range referral.Mechanisms() {
		say("| [%s](#%s) | `%s`, %s | %s | %s | %s | %s | %s |", m.Name, m.ID, m.Purpose, consentWords(m), list(m.Who), list(m.Langs), number(m.Words), number(m.Clock), list(m.Next))
	}
	say("\nNone takes what nobody signs: the association submits, and whoever told it stays sealed.\n\n## What no package takes\n\n| what | why |\n|---|---|")
	for _, n := range referral.Never() {
		say("| `%s` | %s |", n.What, n.Why)
	}
	for _, m := range referral.Mechanisms() {
		say("\n<a id=%q></a>\n## %s\n\n`%s`, version %s. Source: %s.", m.ID, m.Name, m.ID, m.Version, m.Source)
		if m.Doubt != "" {
			say("**To confirm:** %s", m.Doubt)
		}
		if len(m.Marks) > 0 || m.Urgent != "" {
			say("Marks: %s.", list(append(slices.Clone(m.Marks), m.Urgent)))
		}
		say("\n| field | from | class | |\n|---|---|---|---|")
		for _, f := range m.Fields {
			say("| %s | %s | %s | %s |", f.Label, or(f.From, "typed"), or(f.Class, "–"), map[bool]string{true: "required", false: ""}[f.Required])
		}
	}
	say("\n## Fields\n\n| field | key | words | why it is needed |\n|---|---|---|---|")
	for _, f := range referral.Fields() {
		say("| %s | `%s` | %s | %s |", f.Label, f.Key, number(f.Words), f.Why)
	}
	say("\n## Mandates of special procedures\n\n| mandate | answers to |\n|---|---|")
	for _, d := range referral.Mandates() {
		say("| %s | %s |", d.Name, list(d.Codes))
	}
	say("\n%s", referral.Mandates()[0].Doubt)
	return b.String()
}

func consentWords(m referral.Mechanism) string {
	if m.Consent == referral.ConsentRequired {
		return "always"
	}
	return "where it speaks of a person"
}

func list(items []string) string {
	return or(strings.Join(slices.DeleteFunc(slices.Clone(items), func(s string) bool { return s == "" }), ", "), "any")
}

func number(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
