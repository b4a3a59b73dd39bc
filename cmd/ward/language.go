package main

import (
	"strings"

	"ward/fault"
	"ward/locale"
)

// language reads a language that Ward speaks.
func language(name string) (locale.Lang, error) {
	if lang, ok := locale.Parse(name); ok {
		return lang, nil
	}
	var spoken []string
	for _, l := range locale.Langs() {
		spoken = append(spoken, string(l))
	}
	return "", fault.New(fault.Invalid, "Ward does not speak %.20q", name).Do("take one of %s", strings.Join(spoken, ", "))
}
