package desk_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"ward/access"
	"ward/casework"
	"ward/desk"
	"ward/entry"
	"ward/person"
	"ward/store"
)

// Design 10.8: people are linked inside a stated purpose, that is recorded, what comes back is ids, and nobody is looked up by a name.

// tellsOfPeople are what desk functions give that says who is on record.
var tellsOfPeople = []reflect.Type{reflect.TypeFor[desk.PersonLine](), reflect.TypeFor[desk.PersonFile](), reflect.TypeFor[desk.PersonNaming](), reflect.TypeFor[desk.PersonReport](),
	reflect.TypeFor[person.Person](), reflect.TypeFor[person.Name]()}

func TestRule8NoFunctionOfTheDeskFindsAPersonByWords(t *testing.T) {
	byID, text := map[string]bool{}, reflect.TypeFor[string]()
	d := reflect.TypeFor[*desk.Desk]()
	for i := range d.NumMethod() {
		m := d.Method(i)
		for out := range m.Type.NumOut() {
			given := m.Type.Out(out)
			if given.Kind() == reflect.Slice {
				given = given.Elem()
			}
			for _, told := range tellsOfPeople {
				if given != told {
					continue
				}
				for in := 3; in < m.Type.NumIn(); in++ { // after the desk, the context and who asks
					if m.Type.In(in) != text {
						t.Errorf("%s takes %s and tells of people: is it a look-up?", m.Name, m.Type.In(in))
					}
					byID[m.Name] = true
				}
			}
		}
	}
	dir := open(t, t.TempDir())
	atRisk(t, dir, carer)
	for name := range byID {
		asked := reflect.ValueOf(dir).MethodByName(name)
		in := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(carer)}
		for range asked.Type().NumIn() - 2 {
			in = append(in, reflect.ValueOf(nameCanary))
		}
		if got := asked.Call(in); got[len(got)-1].IsNil() {
			t.Errorf("%s finds somebody by their name", name)
		}
	}
	if len(byID) < 4 {
		t.Errorf("only %d functions open a person by id", len(byID))
	}
}

func TestRule8NoSearchFindsAName(t *testing.T) {
	d := open(t, t.TempDir())
	number := openedCase(t, d, carer, desk.NewCase{Opened: casework.Opened{Kind: casework.Protection, Name: "Cedar", Country: "XAA"},
		Somebody: desk.NewPerson{Made: person.Made{Pseudonym: "Cedar", Roles: []string{"health_worker"}, Country: "XAA"}, Names: []person.Name{{Script: "Latn", Text: nameCanary}}}})
	for _, words := range []string{nameCanary, strings.ToLower(nameCanary), "Solvay"} {
		board, err := d.Cases(ctx, carer, desk.CaseQuery{Words: words})
		if err != nil || len(board.Rows) != 0 || board.Total != 0 {
			t.Errorf("%q finds %d cases: %v", words, board.Total, err)
		}
		for _, who := range []access.Actor{carer, access.Local()} {
			found, err := d.Find(ctx, who, "", desk.IncidentQuery{Words: words, Limit: 9})
			for _, k := range found.Kinds {
				if k.Docs != 0 {
					t.Errorf("%q finds %d of %s", words, k.Docs, k.Value)
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
		if said, err := d.Suggest(ctx, carer, desk.IncidentQuery{Words: words[:4]}, true); err != nil || len(said) != 0 {
			t.Errorf("%q is completed to %q: %v", words[:4], said, err)
		}
	}
	first := caseOf(t, d, carer, number).Case.Person
	if again := atRisk(t, d, carer2); again == first {
		t.Error("whoever types a name learns that somebody of that name is on record")
	}
}

func TestRule8ALinkStatesItsPurposeIsRecordedAndHoldsIDs(t *testing.T) {
	d := open(t, t.TempDir())
	number := openedCase(t, d, carer, desk.NewCase{Opened: casework.Opened{Kind: casework.Inquiry, Name: "Kettle", Country: "XAA"}})
	id := atRisk(t, d, carer)
	if err := d.LinkCase(ctx, carer, number, casework.Link{Kind: casework.LinkPerson, To: id}); err == nil {
		t.Error("somebody was linked for no purpose")
	}
	if err := d.LinkCase(ctx, carer, number, casework.Link{Kind: casework.LinkPerson, To: nameCanary, Relation: "related"}); err == nil {
		t.Error("somebody was linked by their name")
	}
	must(t, d.LinkCase(ctx, carer, number, casework.Link{Kind: casework.LinkPerson, To: id, Relation: "related"}))
	must(t, d.Store().Read(ctx, func(tx *store.Tx) error { return wantLink(t, ctx, tx, number, id) }))
}

// wantLink wants one link on record: by whom, in the log, and made of ids.
func wantLink(t *testing.T, ctx context.Context, tx *store.Tx, number, id string) error {
	links, err := entry.Of[casework.Link](ctx, tx, casework.KindLink, number)
	if err != nil {
		return err
	}
	if len(links) != 1 || links[0].By != carer.Name || links[0].Body.To != id || links[0].Body.Relation == "" || links[0].At.IsZero() {
		t.Errorf("%+v", links)
	}
	body, err := json.Marshal(links)
	if strings.Contains(string(body), "Solvay") {
		t.Errorf("a link holds a name: %s", body)
	}
	return err
}
