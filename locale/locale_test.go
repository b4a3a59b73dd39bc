package locale

import (
	"math"
	"strings"
	"testing"
	"time"

	"ward/tally"
	"ward/when"
)

func TestNegotiate(t *testing.T) {
	for _, c := range []struct {
		accept, param string
		want          Lang
	}{
		{"", "", English}, {"fa", "", Persian}, {"fa-IR,en;q=0.5", "", Persian}, {"en;q=0.2, fa;q=0.9", "", Persian},
		{"de-CH, de;q=0.9, fa;q=0.8", "", Persian}, {"de, *;q=0.5", "", English}, {"fa", "en", English}, {"en", "FA", Persian},
		{"fa;q=0", "", English}, {"en", "xx", English}, {"\x00;;q=", "", English}, {"fa," + strings.Repeat("de,", 5000), "", Persian},
		{strings.Repeat("a", 5000), "", English}, {strings.Repeat("a-", 5000), "fa_IR", Persian},
	} {
		if got := Negotiate(c.accept, c.param); got != c.want {
			t.Errorf("Negotiate(%.40q, %q) = %s, want %s", c.accept, c.param, got, c.want)
		}
	}
	if English.Dir() != "ltr" || Persian.Dir() != "rtl" {
		t.Error("direction or fallback is wrong")
	}
}

func TestMessages(t *testing.T) {
	en, fa := For(English), For(Persian)
	for _, c := range []struct{ got, want string }{
		{en.T("list.page", 2, 1204), "Page 2 of 1,204"},
		{fa.T("list.page", 2, 1204), "صفحهٔ ۲ از ۱٬۲۰۴"},
		{en.N("count.incidents", 1), "1 incident"},
		{en.N("count.incidents", int64(1204)), "1,204 incidents"},
		{en.N("count.incidents", uint8(0)), "0 incidents"},
		{fa.N("count.incidents", 1204), "۱٬۲۰۴ رویداد"},
		{en.T("no.such.key"), "no.such.key"},
		{en.T("action.download"), "Download {0}"},
		{en.T("action.download", "{0}{n}"), "Download {0}{n}"},
		{en.T("action.download", "<b>"), "Download <b>"},
		{en.T("action.download", "آرکادیا"), "Download \u2068آرکادیا\u2069"},
		{fa.T("action.download", "CSV"), "بارگیری \u2068CSV\u2069"},
		{en.T("count.at_least", tally.Count{Low: 1, Best: 2, High: 5}), "at least 1–5"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if en.Draft() || !fa.Draft() || fa.Name() != "فارسی" {
		t.Error("the state of review is wrong")
	}
}

func TestNumbers(t *testing.T) {
	en, fa := For(English), For(Persian)
	for _, c := range []struct{ got, want string }{
		{en.Num(0), "0"}, {en.Num(999), "999"}, {en.Num(1204), "1,204"}, {en.Num(1234567), "1,234,567"},
		{en.Num(-1204), "−1,204"}, {en.Num(math.MinInt64), "−9,223,372,036,854,775,808"}, {fa.Num(1204), "۱٬۲۰۴"},
		{en.Range(1, 5), "1–5"}, {en.Range(3, 3), "3"}, {fa.Range(1204, 1391), "۱٬۲۰۴–۱٬۳۹۱"},
		{en.Year(2023), "2023"}, {fa.Year(2023), "۲۰۲۳"}, {fa.Years(2016, 2025), "۲۰۱۶–۲۰۲۵"}, {en.Years(2020, 2020), "2020"},
		{en.Percent(0.25, 0), "25%"}, {fa.Percent(0.953, 1), "۹۵٫۳٪"}, {en.Decimal(1234.56, 1), "1,234.6"}, {en.Decimal(-0.001, 1), "0.0"},
		{en.Decimal(-2.5, 1), "−2.5"}, {en.Decimal(math.NaN(), 1), "–"}, {en.Decimal(math.Inf(-1), 1), "–"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ edtf, en, fa string }{
		{"2023", "2023", "۲۰۲۳"},
		{"2023-05", "May 2023", "مهٔ ۲۰۲۳"},
		{"2023-05-07", "7 May 2023", "۷ مهٔ ۲۰۲۳"},
		{"2023-08-30", "30 August 2023", "۳۰ اوت ۲۰۲۳"},
		{"2023-05-07/2023-05-09", "7–9 May 2023", "۷–۹ مهٔ ۲۰۲۳"},
		{"2023-05-28/2023-06-02", "28 May – 2 June 2023", "۲۸ مه تا ۲ ژوئن ۲۰۲۳"},
		{"2023-05/2023-07", "May–July 2023", "مه–ژوئیهٔ ۲۰۲۳"},
		{"2022-12-30/2023-01-02", "30 December 2022 – 2 January 2023", "۳۰ دسامبر ۲۰۲۲ تا ۲ ژانویهٔ ۲۰۲۳"},
		{"2022/2023", "2022 – 2023", "۲۰۲۲ تا ۲۰۲۳"},
		{"2023-05~", "about May 2023", "حدود مهٔ ۲۰۲۳"},
		{"2023-05-07?", "7 May 2023 (uncertain)", "۷ مهٔ ۲۰۲۳ (نامطمئن)"},
		{"2023%", "about 2023 (uncertain)", "حدود ۲۰۲۳ (نامطمئن)"},
		{"2022/2023-05-07", "2022 – 7 May 2023", "۲۰۲۲ تا ۷ مهٔ ۲۰۲۳"},
	} {
		d, err := when.Parse(c.edtf)
		if err != nil {
			t.Fatal(err)
		}
		if got := For(English).Date(d); got != c.en {
			t.Errorf("%s in English: %q, want %q", c.edtf, got, c.en)
		}
		if got := For(Persian).Date(d); got != c.fa {
			t.Errorf("%s in Persian: %q, want %q", c.edtf, got, c.fa)
		}
	}
	if got := For(English).Date(when.Date{}); got != "" {
		t.Errorf("no date is written %q", got)
	}
	at := time.Date(2023, 5, 7, 23, 5, 0, 0, time.FixedZone("", -2*3600))
	if got := For(English).Instant(at); got != "8 May 2023, 01:05 UTC" {
		t.Errorf("instant %q", got)
	}
	if got := For(Persian).Instant(at); got != "۸ مهٔ ۲۰۲۳، ساعت ۰۱:۰۵ به وقت UTC" {
		t.Errorf("instant %q", got)
	}
	if For(English).month(1, 0) != "" || For(English).month(1, 13) != "" || For(Persian).month(1, 5) != "مه" {
		t.Error("months are wrong")
	}
}

// A language may join the month to the day, or to the year, or to neither.
func TestEachLanguageJoinsTheMonthInItsWay(t *testing.T) {
	ar, uk := load(Arabic), load(Ukrainian)
	for _, c := range []struct{ edtf, ar, uk string }{
		{"2023-05", "أيار/مايو 2023", "травень 2023"},
		{"2023-05-07", "7 أيار/مايو 2023", "7 травня 2023"},
		{"2023-05-28/2023-06-02", "28 أيار/مايو – 2 حزيران/يونيو 2023", "28 травня – 2 червня 2023"},
		{"2023-05/2023-07", "أيار/مايو–تموز/يوليو 2023", "травень–липень 2023"},
	} {
		d, err := when.Parse(c.edtf)
		if err != nil {
			t.Fatal(err)
		}
		if got := ar.Date(d); got != c.ar {
			t.Errorf("%s in Arabic: %q, want %q", c.edtf, got, c.ar)
		}
		if got := uk.Date(d); got != c.uk {
			t.Errorf("%s in Ukrainian: %q, want %q", c.edtf, got, c.uk)
		}
	}
}

func TestPluralsOfManyForms(t *testing.T) {
	ar, uk := load(Arabic), load(Ukrainian)
	for _, c := range []struct {
		n      int
		ar, uk string
	}{
		{0, "لا حوادث", "0 інцидентів"}, {1, "حادث واحد", "1 інцидент"}, {2, "حادثان", "2 інциденти"}, {3, "3 حوادث", "3 інциденти"},
		{11, "11 حادثاً", "11 інцидентів"}, {21, "21 حادثاً", "21 інцидент"}, {100, "100 حادث", "100 інцидентів"},
		{1204, "1,204 حوادث", "1\u00a0204 інциденти"},
	} {
		if got := ar.N("count.incidents", c.n); got != c.ar {
			t.Errorf("%d in Arabic: %q, want %q", c.n, got, c.ar)
		}
		if got := uk.N("count.incidents", c.n); got != c.uk {
			t.Errorf("%d in Ukrainian: %q, want %q", c.n, got, c.uk)
		}
	}
	if Arabic.Dir() != "rtl" || Ukrainian.Dir() != "ltr" {
		t.Error("the direction is wrong")
	}
}

func TestLists(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{For(English).List(nil), ""}, {For(English).List([]string{"a"}), "a"}, {For(English).List([]string{"a", "b"}), "a and b"},
		{For(English).List([]string{"a", "b", "c"}), "a, b and c"}, {For(Persian).List([]string{"الف", "ب", "ج"}), "الف، ب و ج"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
