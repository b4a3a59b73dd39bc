package notify_test

import (
	"context"
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ward/fault"
	"ward/locale"
	"ward/notify"
	"ward/notify/notifytest"
)

var monday = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func relay(r *notifytest.Relay) notify.Relay {
	out := notify.Relay{Address: r.Address, From: "Ward <ward@association.example>", Security: notify.Open, Roots: r.Roots}
	if r.Roots != nil {
		out.Security = ""
	}
	return out
}

func TestEveryMailOfAPersonHasOneSize(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		box := notifytest.New(t, sealed)
		for day := range 12 { // other months, days of one digit
			failed, err := relay(box).Send(context.Background(), monday.AddDate(0, 0, day*29), notify.To{Address: "coder@association.example", Lang: locale.Persian})
			if err != nil || failed != nil {
				t.Fatal(failed, err)
			}
		}
		mails := box.Mails()
		if len(mails) != 12 || mails[0].Sealed != sealed {
			t.Fatalf("%d mails, sealed %v", len(mails), mails[0].Sealed)
		}
		for _, m := range mails {
			if len(m.Text) != len(mails[0].Text) || m.Said != "association.example" {
				t.Errorf("%d bytes, then %d; greeted as %s", len(mails[0].Text), len(m.Text), m.Said)
			}
		}
	}
}

func TestAMailHasOneSizeInEveryLanguageAndSaysOneThing(t *testing.T) {
	box := notifytest.New(t, false)
	for _, lang := range locale.Langs() {
		if failed, err := relay(box).Send(context.Background(), monday, notify.To{Address: "a@b.example", Lang: lang}); err != nil || failed != nil {
			t.Fatal(failed, err)
		}
		if body := notify.Body(lang); len(body) != 512 || !utf8.ValidString(body) || !strings.HasPrefix(body, locale.For(lang).T("notices.mail")+"\r\n") {
			t.Errorf("%s: %d bytes: %q", lang, len(body), body)
		}
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range box.Mails() {
		head, body, _ := strings.Cut(m.Text, "\r\n\r\n")
		plain, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
		if err != nil || len(plain) != 512 || len(m.Text) != len(box.Mails()[0].Text) {
			t.Errorf("%d bytes, body of %d: %v", len(m.Text), len(plain), err)
		}
		if !strings.Contains(head, "Subject: Ward\r\n") || strings.Contains(head, "@"+host) || strings.Contains(head, "go-mail") {
			t.Errorf("it tells of this machine:\n%s", head)
		}
	}
}

func TestARelayThatIsNotSoundIsNeverDialled(t *testing.T) {
	box := notifytest.New(t, false)
	good := relay(box)
	for name, change := range map[string]func(*notify.Relay){
		"no relay":              func(r *notify.Relay) { r.Address = "" },
		"no port":               func(r *notify.Relay) { r.Address = "mail.example" },
		"no sender":             func(r *notify.Relay) { r.From = "" },
		"a header in it":        func(r *notify.Relay) { r.From = "a@b.example\r\nBcc: c@d.example" },
		"clear to elsewhere":    func(r *notify.Relay) { r.Address = "192.0.2.1:25" },
		"another kind":          func(r *notify.Relay) { r.Security = "ssl3" },
		"TLS where none is had": func(r *notify.Relay) { r.Security = "" },
	} {
		r := good
		change(&r)
		failed, err := r.Send(context.Background(), monday, notify.To{Address: "a@b.example"})
		if err == nil || len(failed) != 1 || fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v, %v", name, failed, err)
		}
	}
	if n := len(box.Mails()); n != 0 {
		t.Errorf("%d mails went", n)
	}
}

func TestARefusedAddressKeepsNoOtherBack(t *testing.T) {
	box := notifytest.New(t, false)
	box.Refuse("gone@")
	failed, err := relay(box).Send(context.Background(), monday, notify.To{Address: "gone@b.example"}, notify.To{Address: "bad\r\nRCPT TO:<x@y.example>"}, notify.To{Address: "here@b.example"})
	if err == nil || strings.Contains(err.Error(), "gone") || strings.Contains(err.Error(), "y.example") || len(failed) != 2 || len(box.Mails()) != 1 || box.Mails()[0].To != "here@b.example" {
		t.Errorf("%v, %v, %v", failed, err, box.Mails())
	}
}

func TestACalendarTellsTimesAndNothingElse(t *testing.T) {
	due := time.Date(2026, 6, 2, 13, 47, 12, 345, time.UTC)
	got := string(notify.Calendar(locale.English, monday, []notify.Clock{{Name: "b0", Due: due.Add(time.Hour)}, {Name: "a1", Due: due}}))
	want := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ward//Clocks//EN", "METHOD:PUBLISH", "X-WR-CALNAME:Ward: clocks",
		"BEGIN:VEVENT", "UID:day-ethics@ward", "DTSTAMP:20260918T000000Z", "DTSTART;VALUE=DATE:20260918", "DTEND;VALUE=DATE:20260919", "RRULE:FREQ=YEARLY",
		"SUMMARY:Medical Ethics Day", "CLASS:PUBLIC", "TRANSP:TRANSPARENT", "END:VEVENT"}
	for _, c := range [][2]string{{"a1", "13"}, {"b0", "14"}} {
		want = append(want, "BEGIN:VEVENT", "UID:"+c[0]+"@ward", "DTSTAMP:20260601T060000Z", "DTSTART:20260602T"+c[1]+"0000Z", "DTEND:20260602T"+c[1]+"1500Z",
			"SUMMARY:Ward: a clock runs out", "CLASS:PRIVATE", "TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT0S", "DESCRIPTION:Ward: a clock runs out", "END:VALARM", "END:VEVENT")
	}
	if lines := strings.Join(append(want, "END:VCALENDAR", ""), "\r\n"); got != lines {
		t.Errorf("got\n%s\nwant\n%s", got, lines)
	}
}

// M15: the profession's own day is in everybody's calendar, named in their language, in every year, without an alarm.
func TestEveryCalendarKeepsMedicalEthicsDay(t *testing.T) {
	for lang, name := range map[locale.Lang]string{locale.English: "SUMMARY:Medical Ethics Day\r\n", locale.Persian: "SUMMARY:روز اخلاق پزشکی\r\n"} {
		got := string(notify.Calendar(lang, monday, nil))
		if !strings.Contains(got, name) || !strings.Contains(got, "RRULE:FREQ=YEARLY\r\n") || strings.Contains(got, "VALARM") {
			t.Errorf("%s:\n%s", lang, got)
		}
	}
	if o := notify.Observances()[0]; o.In(2030).Format(time.DateOnly) != "2030-09-18" {
		t.Errorf("%v", o)
	}
}

func TestACalendarIsSoundInEveryLanguage(t *testing.T) {
	for _, lang := range locale.Langs() {
		b := notify.Calendar(lang, monday, []notify.Clock{{Name: strings.Repeat("f", 32), Due: monday}})
		for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%s: %q", lang, line)
			}
		}
	}
}
