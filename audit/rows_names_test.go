package audit

import (
	"strings"
	"testing"
)

// Letters that look alike make one person two: "Ann" and "Ann" with a Cyrillic A.
func TestANameIsWrittenInOneAlphabet(t *testing.T) {
	for name, want := range map[string]bool{"Ann": true, "\u0410nn": false, "Ann \u0410\u043d\u043d\u0430": true, "coder 4": true, "\u0441oder 4": false, "\u039fak": false, "\u062f\u06a9\u062a\u0631 B": true} {
		_, problems, err := ParseIndicators(strings.NewReader("kind,state,clause,year,value,coder\noutcome,XAA,CIHL:R28,2022,F2,"+name+"\n"), nil)
		if err != nil || (len(problems) == 0) != want {
			t.Errorf("%q: %v %v", name, problems, err)
		}
	}
}
