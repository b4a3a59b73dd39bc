package access

import (
	"testing"

	"ward/fault"
)

func TestTheLocalOperatorMayAndNobodyElseMay(t *testing.T) {
	acts := []Act{ReadIncidents, ImportReports, ExportIncidents, ReadAudit, ImportCodings, ImportNorms, ReadLog, FlushLog, ManageLog, ManageKeys,
		KeepContacts, OpenContacts, EraseRecords, BackUp}
	for _, act := range acts {
		if err := Local().May(act); err != nil {
			t.Errorf("%s: %v", act, err)
		}
		for _, stranger := range []Actor{{}, {Name: "x", Roles: []Role{"guest"}}} {
			if err := stranger.May(act); !fault.Is(err, fault.Refused) {
				t.Errorf("a stranger may %s", act)
			}
		}
	}
	if Local().May("something.else") == nil {
		t.Error("an act that is not in the table is allowed")
	}
}
