package desk_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/store"
)

// spelled are the bytes in which a word may stand in a file: as it is, in hexadecimal, in base64 at each of its three places, in UTF-16.
func spelled(words ...string) (out [][]byte) {
	for _, word := range words {
		out = append(out, []byte(word), []byte(strings.ToUpper(word)), []byte(hex.EncodeToString([]byte(word))), []byte(strings.ToUpper(hex.EncodeToString([]byte(word)))))
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				text := encoding.EncodeToString([]byte(strings.Repeat("-", shift) + word))
				out = append(out, []byte(text[(shift*8+5)/6:len(text)-1])) // without the digits that neighbours share
			}
		}
		var little, big []byte
		for _, unit := range utf16.Encode([]rune(word)) {
			little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
		}
		out = append(out, little, big)
	}
	return out
}

func TestContactsNeedTwoOfficers(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		_, err := d.ContactOfficers(ctx, who, nil)
		wantFault(t, err, fault.Refused, "ward init --officer")
		officer(t, d, "Ana")
		_, err = d.ContactOfficers(ctx, who, nil)
		wantFault(t, err, fault.Refused, "ward init --make-officer")
		officer(t, d, "Bo")
		if two, err := d.ContactOfficers(ctx, who, nil); err != nil || len(two) != 2 {
			t.Errorf("%v, %v", two, err)
		}
		officer(t, d, "Cy")
		_, err = d.ContactOfficers(ctx, who, nil)
		wantFault(t, err, fault.Undecided, "--officer")
		for _, named := range [][]string{{"Ana"}, {"Ana", "Dee"}, {"Ana", "Ana"}, {"Ana", "Bo", "Cy"}} {
			_, err := d.ContactOfficers(ctx, who, named)
			wantFault(t, err, fault.Invalid)
		}
		two, err := d.ContactOfficers(ctx, who, []string{"Cy", "Ana"})
		if err != nil || len(two) != 2 || two[0].Name != "Ana" || two[1].Name != "Cy" {
			t.Errorf("%v, %v", two, err)
		}
		_, err = d.PutContact(ctx, who, "sind", desk.SourceContact{Name: "somebody"}, two[:1])
		wantFault(t, err, fault.Refused)
	})
}

func TestContactsAreSeenByTheirOfficersAloneAndEachOpeningByTheOther(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		ana, key := officer(t, d, "Ana")
		bo, _ := officer(t, d, "Bo")
		_, stranger := officer(t, d, "Cy")
		typed := desk.SourceContact{Name: "Canary Qwandel", Reach: "canary-reach by the old bridge", Note: "canary-note\nof two lines"}
		id, err := d.PutContact(ctx, who, "sind", typed, []store.Officer{ana, bo})
		if err != nil {
			t.Fatal(err)
		}
		text, err := d.OpenContact(ctx, who, id, key)
		want := "series: sind\nname: Canary Qwandel\nreach: canary-reach by the old bridge\nnote: canary-note\nnote: of two lines\n"
		if err != nil || text != want {
			t.Errorf("%q, %v", text, err)
		}
		_, err = d.OpenContact(ctx, who, id, stranger)
		wantFault(t, err, fault.Refused)
		lines, err := d.Ledger(ctx, who, 0, 10)
		if err != nil || len(lines) != 1 || lines[0].Who != "Ana" || lines[0].Exit != string(access.OfficerBox) || lines[0].Tier != "T4" || lines[0].Subjects != id {
			t.Errorf("the ledger: %+v, %v", lines, err)
		}
		if row := rowsOf(t, target, "SELECT who FROM journal WHERE act='disclose.officerbox'"); len(row) != 1 || row[0]["who"] != "Ana" {
			t.Errorf("the journal: %v", row)
		}
		list, err := d.Contacts(ctx, who)
		if err != nil || len(list) != 1 || strings.Join(list[0].Officers, "+") != "Ana+Bo" || list[0].Series != "sind" {
			t.Errorf("%d contacts, %v", len(list), err)
		}
		for _, table := range []string{"source_contact", "disclosure", "access_log", "journal", "officer"} {
			if text := fmt.Sprintf("%s", rowsOf(t, target, "SELECT * FROM "+table)); strings.Contains(text, "anary") || strings.Contains(text, "Qwandel") {
				t.Errorf("what was typed stands in %s", table)
			}
		}
		if found := holding(t, at(t, target).Dir, spelled("Qwandel", "canary-reach", "canary-note")...); found != nil {
			t.Errorf("what was typed can be read: %v", found)
		}
	})
}

func TestLengthOfAContactTellsOnlyItsStep(t *testing.T) {
	target := t.TempDir()
	d := open(t, target)
	two := twoOfficers(t, d)
	lengths := map[int]bool{}
	for _, n := range []int{1, 30, 200, 470} {
		if _, err := d.PutContact(ctx, who, "sind", desk.SourceContact{Name: strings.Repeat("x", n)}, two); err != nil {
			t.Fatal(err)
		}
	}
	for _, sealed := range sealedBytes(t, target, "SELECT sealed FROM source_contact") {
		lengths[len(sealed)] = true
	}
	if len(lengths) != 1 {
		t.Errorf("four contacts have %d lengths", len(lengths))
	}
}

func TestReadingAContactQuotesNothing(t *testing.T) {
	got, err := desk.ReadContact(strings.NewReader("\nName : A\nreach: over: there\n\nnote: x\nNOTE: y\n"))
	if want := (desk.SourceContact{Name: "A", Reach: "over: there", Note: "x\ny"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"name: A\ncanary-line", "canary: A", "name", strings.Repeat("note: canary\n", 2000)} {
		_, err := desk.ReadContact(strings.NewReader(bad))
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	d := open(t, t.TempDir())
	two := twoOfficers(t, d)
	_, err = d.PutContact(ctx, who, "canary name", desk.SourceContact{Name: "canary"}, two)
	wantFault(t, err, fault.Invalid)
	if strings.Contains(err.Error(), "canary") {
		t.Error(err)
	}
	_, err = d.PutContact(ctx, who, "sind", desk.SourceContact{Note: "canary"}, two)
	wantFault(t, err, fault.Invalid)
}

func TestSpelledWordsAreFoundInEachSpelling(t *testing.T) {
	const word = "canary-reach"
	for shift := range 4 {
		around := strings.Repeat("a", shift) + word + "zz"
		for name, body := range map[string]string{"raw": around, "hexadecimal": hex.EncodeToString([]byte(around)), "base64": base64.StdEncoding.EncodeToString([]byte(around))} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "x"), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			if holding(t, dir, spelled(word)...) == nil {
				t.Errorf("%s, %d places on: not found", name, shift)
			}
			if found := holding(t, dir, spelled("another-word")...); found != nil {
				t.Errorf("another word is found in %s: %v", name, found)
			}
		}
	}
}
