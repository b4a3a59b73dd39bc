package desk_test

import (
	"strings"
	"testing"

	"ward/desk"
	"ward/fault"
	"ward/store"
)

// An officer leaves: what they could open is sealed to two who stay, nobody else reads it on the way, and then they are no officer.
func TestAnOfficersContactsAreSealedAnewBeforeTheyLeave(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		ana, anas := officer(t, d, "Ana")
		bo, bos := officer(t, d, "Bo")
		ids := map[string]string{}
		for _, name := range []string{"Qanaryone", "Qanarytwo"} {
			id, err := d.PutContact(ctx, who, "sind", desk.SourceContact{Name: name}, []store.Officer{ana, bo})
			if err != nil {
				t.Fatal(err)
			}
			ids[name] = id
		}
		_, err := d.ResealContacts(ctx, who, anas, "Bo", "")
		wantFault(t, err, fault.Refused, "nobody but this officer would be left")
		wantFault(t, d.RemoveOfficer(ctx, who, "Bo"), fault.Refused, "2 contacts are sealed to Bo")
		cy, cys := officer(t, d, "Cy")
		dee, dees := officer(t, d, "Dee")
		other, err := d.PutContact(ctx, who, "sind", desk.SourceContact{Name: "Qanarythree"}, []store.Officer{bo, dee})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.ResealContacts(ctx, who, anas, "Bo", "")
		wantFault(t, err, fault.Undecided, "--officer")
		for _, with := range []string{"Bo", "Ana", "Eve"} {
			_, err = d.ResealContacts(ctx, who, anas, "Bo", with)
			wantFault(t, err, fault.Invalid)
		}
		_, err = d.ResealContacts(ctx, who, bos, "Bo", "Cy")
		wantFault(t, err, fault.Refused, "officer who leaves")
		if acts(t, target, "contact.reseal")+acts(t, target, "disclose.officerbox") != 0 {
			t.Error("something was opened before all was clear")
		}
		done, err := d.ResealContacts(ctx, who, anas, "Bo", "Cy")
		if err != nil || done.Done != 2 || done.Left != 1 || strings.Join(done.Keys, "") != "Dee" {
			t.Fatalf("%+v %v", done, err)
		}
		if n := acts(t, target, "disclose.officerbox"); n != 2 {
			t.Errorf("%d lines tell of 2 openings", n)
		}
		for name, id := range ids {
			for who2, key := range map[string]string{"Ana": anas, "Cy": cys} {
				if text, err := d.OpenContact(ctx, who, id, key); err != nil || !strings.Contains(text, name) {
					t.Errorf("%s opens %q, %v", who2, text, err)
				}
			}
			for _, key := range []string{bos, dees} {
				if text, err := d.OpenContact(ctx, who, id, key); err == nil {
					t.Errorf("somebody else opens %q", text)
				}
			}
		}
		if done, err = d.ResealContacts(ctx, who, dees, "Bo", "Ana"); err != nil || done.Done != 1 || done.Left != 0 {
			t.Fatalf("%+v %v", done, err)
		}
		if text, err := d.OpenContact(ctx, who, other, anas); err != nil || !strings.Contains(text, "Qanarythree") {
			t.Errorf("%q %v", text, err)
		}
		if err := d.RemoveOfficer(ctx, who, "Bo"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, d.RemoveOfficer(ctx, who, "Bo"), fault.NotFound)
		if _, err := d.OpenContact(ctx, who, other, bos); !fault.Is(err, fault.Refused) {
			t.Errorf("a former officer is known: %v", err)
		}
		if c := lit(t, doctor(t, at(t, target), desk.DoctorOptions{}), "ledger"); c.Light == desk.Red {
			t.Errorf("the doctor says %s", c.Says)
		}
		if c := lit(t, doctor(t, at(t, target), desk.DoctorOptions{}), "records"); c.Light == desk.Red {
			t.Errorf("the doctor says %s", c.Says)
		}
		if added, err := d.NameOfficer(ctx, who, bo); err != nil || !added {
			t.Errorf("who was an officer cannot be one again: %t %v", added, err)
		}
		if c := lit(t, doctor(t, at(t, target), desk.DoctorOptions{}), "ledger"); c.Light == desk.Red {
			t.Errorf("the doctor says %s", c.Says)
		}
		_, _ = cy, ids
	})
}

func TestTheLastOfficerStays(t *testing.T) {
	d := open(t, t.TempDir())
	officer(t, d, "Ana")
	wantFault(t, d.RemoveOfficer(ctx, who, "Ana"), fault.Refused, "only officer", "ward init --make-officer")
}
