package simulate

import (
	"testing"

	"ward/vocab"
)

func TestTheInboxIsInventedAndOfEveryKind(t *testing.T) {
	langs, kinds := map[string]int{}, map[string]int{}
	for i, l := range Inbox() {
		langs[l.Lang]++
		for _, state := range []string{l.Country, l.ActorState} {
			if state != "" && !vocab.Invented(state) {
				t.Errorf("report %d speaks of %s", i, state)
			}
		}
		for list, codes := range map[string][]string{"deed": l.What, "need": l.Needs, "consent": l.Consent, "report_channel": {l.Channel}, "report_mode": {l.Mode},
			"relation": {l.Relation}, "knowledge": {l.Known}, "yesno": {l.Danger}, "actor": {l.Actor}} {
			for _, code := range codes {
				if !vocab.Has(list, code) {
					t.Errorf("report %d: %q is not in %s", i, code, list)
				}
			}
		}
		for _, h := range l.Harmed {
			if !vocab.Has("harmed", h.Who) || !vocab.Has("harm", h.Kind) {
				t.Errorf("report %d: %+v", i, h)
			}
		}
		kinds["danger "+l.Danger]++
		if l.Distressing {
			kinds["distressing"]++
		}
		if l.Origin != "" {
			kinds["copied"]++
		}
	}
	if len(Inbox()) < 40 || len(langs) != 7 || kinds["danger yes"] < 5 || kinds["distressing"] < 5 || kinds["copied"] < 2 {
		t.Errorf("%d reports, %v, %v", len(Inbox()), langs, kinds)
	}
}
