package referral

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ward/text"
)

// titles are words, folded, by which people of health professions are addressed. One before a name stands for who bears it.
var titles = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("dr doctor doc physician surgeon psychiatrist nurse midwife paramedic docteur médecin chirurgien psychiatre infirmier infirmière " +
		"doctora médico médica cirujano psiquiatra enfermero enfermera doutor enfermeiro врач доктор хирург психиатр медсестра фельдшер " +
		"دکتر پزشک جراح روانپزشک پرستار ماما طبیب الدكتور دكتور دكتورة الطبيب طبيب ممرض ممرضة قابلة") {
		out[text.Fold(w)] = true
	}
	return out
}()

// signs are titles of writing that sets no blanks.
var signs = []string{"医生", "醫生", "医师", "醫師", "护士", "護士"}

// titled reports that a text says who by the title of a health profession.
func titled(s string) bool {
	s = text.Seen(s)
	return slices.ContainsFunc(text.Tokens(s), func(t string) bool { return titles[t] }) ||
		slices.ContainsFunc(signs, func(t string) bool { return strings.Contains(s, t) })
}

// Mentions reports that a text names somebody of these names: by the whole name, by two parts of it close together in whatever order, or by one
// part beside a title. A name of one part is enough by itself. It errs towards finding: who writes can write it otherwise.
func Mentions(s string, names []string) bool {
	if len(names) == 0 || s == "" {
		return false
	}
	s = latin(s)
	words, key := text.Tokens(s), text.Key(s)
	return slices.ContainsFunc(names, func(name string) bool { return mentions(words, key, latin(name)) })
}

// alike are letters of other scripts that nobody tells from Latin ones.
var alike = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ј", "j", "ѕ", "s", "к", "k", "м", "m", "т", "t", "н", "h", "в", "b",
	"α", "a", "ε", "e", "ο", "o", "ρ", "p", "χ", "x", "υ", "y", "ι", "i", "κ", "k", "ν", "v", "τ", "t", "μ", "m", "η", "n", "β", "b")

// latin writes a text by which names are compared: folded, without signs that nobody sees, and with one letter for all that look like it.
func latin(s string) string { return alike.Replace(text.Fold(text.Seen(s))) }

// near is how many words apart two parts of one name stand at most.
const near = 3

func mentions(words []string, key, name string) bool {
	parts := parts(name)
	if len(parts) == 0 {
		return false
	}
	if whole := text.Key(name); utf8.RuneCountInString(whole) >= 6 || unspaced(whole) {
		if strings.Contains(key, whole) {
			return true
		}
	}
	last, lastAt := "", -near-1
	for i, w := range words {
		if !slices.Contains(parts, w) {
			continue
		}
		beside := i > 0 && titles[words[i-1]] || i+1 < len(words) && titles[words[i+1]]
		if len(parts) == 1 || beside || w != last && i-lastAt <= near {
			return true
		}
		last, lastAt = w, i
	}
	return false
}

// parts are the words of a name, without titles and initials.
func parts(name string) (out []string) {
	for _, t := range text.Tokens(name) {
		if utf8.RuneCountInString(t) > 1 && !titles[t] || unspaced(t) {
			out = append(out, t)
		}
	}
	return out
}

// unspaced reports writing that sets no blanks between words, in two signs or more.
func unspaced(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			return false
		}
		n++
	}
	return n > 1
}
