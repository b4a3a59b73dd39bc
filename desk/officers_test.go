package desk_test

import (
	"bytes"
	"strings"
	"testing"

	"ward/desk"
	"ward/fault"
	"ward/seal"
	"ward/store"
)

// officer names somebody whose identity the test knows.
func officer(t testing.TB, d *desk.Desk, name string) (store.Officer, string) {
	t.Helper()
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	o := store.Officer{Name: name, Recipient: recipient}
	if added, err := d.NameOfficer(ctx, who, o); err != nil || !added {
		t.Fatalf("%t, %v", added, err)
	}
	return o, identity
}

func twoOfficers(t testing.TB, d *desk.Desk) []store.Officer {
	t.Helper()
	a, _ := officer(t, d, "Ana")
	b, _ := officer(t, d, "Bo")
	return []store.Officer{a, b}
}

func TestOfficersAreNamedOnceEach(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		ana, _ := officer(t, d, "Ana")
		if added, err := d.NameOfficer(ctx, who, ana); err != nil || added {
			t.Errorf("the same officer again: %t, %v", added, err)
		}
		_, other, err := seal.NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		for _, taken := range []store.Officer{{Name: "Ana", Recipient: other}, {Name: "Bo", Recipient: ana.Recipient}} {
			_, err := d.NameOfficer(ctx, who, taken)
			wantFault(t, err, fault.Conflict)
		}
		for _, name := range []string{"", " Ana", "a=b", "a,b", "a\nb", strings.Repeat("x", 65)} {
			_, err := d.NameOfficer(ctx, who, store.Officer{Name: name, Recipient: other})
			wantFault(t, err, fault.Invalid)
		}
		_, err = d.NameOfficer(ctx, who, store.Officer{Name: "Bo", Recipient: "age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw"})
		wantFault(t, err, fault.Refused, "classic")
		have, err := d.Officers(ctx, who)
		if err != nil || len(have) != 1 || have[0] != ana || acts(t, target, "officer.name") != 1 {
			t.Errorf("%v, %v", have, err)
		}
	})
}

func TestOfficersKeysAreMadeSealed(t *testing.T) {
	made, err := desk.MakeOfficer("Ana", []byte(newWords))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(made.File, []byte("AGE-SECRET-KEY")) {
		t.Error("the key lies in the file as it is")
	}
	identity, err := seal.OpenIdentity(made.File, func() ([]byte, error) { return []byte(newWords), nil })
	if err != nil {
		t.Fatal(err)
	}
	if recipient, err := seal.Recipient(identity); err != nil || recipient != made.Recipient {
		t.Errorf("the file holds another key: %v", err)
	}
	_, err = seal.OpenIdentity(made.File, func() ([]byte, error) { return []byte("a wrong passphrase"), nil })
	wantFault(t, err, fault.Refused)
	_, err = desk.MakeOfficer("Ana", []byte("short"))
	wantFault(t, err, fault.Invalid)
}
