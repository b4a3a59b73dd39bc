package text

import (
	"slices"
	"testing"
)

func TestFoldUnitesSpellings(t *testing.T) {
	pairs := [][2]string{
		{"مُسْتَشْفَى", "مستشفی"}, {"أحمد", "احمد"}, {"إدلب", "ادلب"}, {"كرمانشاه", "کرمانشاه"}, {"علي", "علی"},
		{"می‌رود", "میرود"}, {"مـــدرسة", "مدرسه"}, {"Diyarbakır", "diyarbakir"}, {"İstanbul", "istanbul"},
		{"۱۴۰۲", "1402"}, {"٢٠٢٣", "2023"}, {"Артём", "артем"}, {"Київ", "киів"}, {"N’Djamena", "n'djamena"},
		{"Côte", "cote"}, {"Şırnak", "sirnak"}, {"Łódź", "lodz"}, {"ｆｕｌｌ", "full"}, {"مسؤول", "مسوول"},
	}
	for _, p := range pairs {
		if Fold(p[0]) != Fold(p[1]) {
			t.Errorf("%s folds to %q, %s to %q", p[0], Fold(p[0]), p[1], Fold(p[1]))
		}
	}
	if Fold("Mali") == Fold("Malawi") || Fold("سوریه") == Fold("سودان") {
		t.Error("different words must stay different")
	}
}

func TestTokensAndKey(t *testing.T) {
	if got := Tokens("Ba'ath, Al-Shifa (2nd) بیمارستان ۱۲"); !slices.Equal(got, []string{"baath", "al", "shifa", "2nd", "بیمارستان", "12"}) {
		t.Errorf("%q", got)
	}
	if Key(" Health Transportation  Stolen/Hijacked ") != "healthtransportationstolenhijacked" {
		t.Error(Key(" Health Transportation  Stolen/Hijacked "))
	}
}

func TestFixMojibake(t *testing.T) {
	for in, want := range map[string]string{"CÃ´te d'Ivoire": "Côte d'Ivoire", "Tigray Peopleâ€™s Liberation Front": "Tigray People’s Liberation Front"} {
		if got, changed := FixMojibake(in); got != want || !changed {
			t.Errorf("%q gives %q", in, got)
		}
	}
	for _, s := range []string{"Côte d'Ivoire", "plain", "Ãlava", "سلام Ã"} {
		if got, changed := FixMojibake(s); changed {
			t.Errorf("%q was right, became %q", s, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("أَحْمَد ۱۲ İı")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if Fold(once) != once {
			t.Errorf("not idempotent: %q %q %q", s, once, Fold(once))
		}
		FixMojibake(s)
	})
}

func TestLinesAreTrimmedAndNeverBlank(t *testing.T) {
	if got := Lines(" a \r\n\n\t\nb c\n"); !slices.Equal(got, []string{"a", "b c"}) || Lines("\n ") != nil {
		t.Errorf("%q", got)
	}
}
