package vocab

import (
	"slices"
	"strings"
	"testing"

	"ward/text"
	"ward/when"
)

func TestActorsAreSound(t *testing.T) {
	owner := map[string]string{}
	for _, r := range read("actors.csv") {
		if !Has("actor", r["kind"]) {
			t.Errorf("%s: no kind %q", r["name"], r["kind"])
		}
		for _, s := range strings.Fields(r["state"]) {
			if !slices.Contains(Countries(), s) {
				t.Errorf("%s: no State %q", r["name"], s)
			}
		}
		if r["open"] != "" && r["note"] == "" {
			t.Errorf("%s is open without a reason", r["name"])
		}
		if strings.HasPrefix(r["kind"], "state.") && r["state"] == "" && r["open"] == "" {
			t.Errorf("%s: a State organ of no State that is not open", r["name"])
		}
		if !strings.HasPrefix(r["kind"], "state.") && r["state"] != "" && r["open"] == "" {
			t.Errorf("%s: %s of a State without being open", r["name"], r["kind"])
		}
		for _, key := range namesOf(r) {
			if old := owner[key]; old != "" && old != r["name"] {
				t.Errorf("%q and %q share a name", old, r["name"])
			}
			owner[key] = r["name"]
		}
	}
	for key, periods := range actors() {
		for i := 1; i < len(periods); i++ {
			if periods[i-1].To.IsZero() || periods[i].From.From() != periods[i-1].To.To()+1 {
				t.Errorf("%s: period %d does not follow the one before", key, i)
			}
		}
	}
	for _, r := range read("actor_words.csv") {
		if !Has("actor", r["kind"]) || strings.Join(text.Tokens(r["words"]), " ") != r["words"] {
			t.Errorf("actor_words.csv: %v", r)
		}
	}
}

func on(t *testing.T, s string) when.Date {
	t.Helper()
	if s == "" {
		return when.Date{}
	}
	d, err := when.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestActorNamed(t *testing.T) {
	for _, c := range []struct {
		name, date        string
		kind, state, open string
	}{
		{"Israeli Defence Forces", "2023-11-01", "state.military", "ISR", ""},
		{"Isreali Defence Forces (IDF)", "", "state.military", "ISR", ""},
		{"Armed Forces of the Russian Federation", "2022-03", "state.military", "RUS", ""},
		{"Russian forces", "2022-03", "state.military", "RUS", ""},
		{"Syrian or Russian Forces", "2019", "state.military", "RUS SYR", "open"},
		{"Myanmar Armed Forces", "2021", "state.military", "MMR", ""},
		{"Taliban", "2021-08-14", "nsag", "", ""},
		{"Taliban", "2021-08-15", "defacto_authority", "", ""},
		{"Islamic Emirate of Afghanistan", "2022", "defacto_authority", "", ""},
		{"Taliban", "2021-08", "unknown", "", "open"},
		{"Taliban", "", "unknown", "", "open"},
		{"Afghan National Police", "2020", "state.police", "AFG", ""},
		{"Afghan National Police", "2022", "defacto_authority", "", "open"},
		{"Afghan Local Police", "2022", "state.police", "AFG", "open"},
		{"Rapid Support Forces", "2023-04-14", "state.military", "SDN", ""},
		{"Rapid Support Forces", "2023-04-15", "nsag", "", "open"},
		{"Shia al-Houthi rebels", "2022", "defacto_authority", "", ""},
		{"Houti Forces", "2010", "nsag", "", ""},
		{"Hamas", "2023-10-07", "defacto_authority", "", ""},
		{"Hezbollah", "2023", "nsag", "", ""},
		{"Libyan National Army", "2019", "defacto_authority", "", "open"},
		{"Saudi-led coalition in Yemen", "2018", "foreign.military", "", "open"},
		{"Israeli settlers", "2022", "civilian_mob", "", "open"},
		{"Donetsk People's Republic", "2016", "defacto_authority", "", "open"},
		{"Government of the US", "", "state.other", "USA", ""},
		{"Government Of Egypt", "", "state.other", "EGY", ""},
		{"Government of the Philippines", "", "state.other", "PHL", ""},
		{"Armed Forces of the Republic of Tajikistan", "", "state.military", "TJK", ""},
		{"Burkina Faso National Police", "", "state.police", "BFA", ""},
		{"United Arab Emirates Armed Forces", "", "state.military", "ARE", ""},
		{"Nigerian Air Force", "", "state.military", "NGA", ""},
		{"National Police (Azerbaijan)", "", "state.police", "AZE", ""},
		{"Intelligence/security forces (Somalia)", "", "state.intelligence", "SOM", ""},
		{"Armed Forces of Arcadia", "", "state.military", "XAA", ""},
		{"Belmara Police", "", "state.police", "XAB", ""},
		{"Armed Forces of Somaliland", "", "defacto_authority", "", "open"},
		{"ArmÃ©e Nationale Tchadienne", "", "state.military", "TCD", ""},
		{"Tigray Peopleâ€™s Liberation Front", "2021", "nsag", "", "open"},
		{"Police", "", "state.police", "", "open"},
		{"Community members (India)", "", "civilian_mob", "", ""},
		{"Nduma Defence of Congo/Cheka", "", "nsag", "", ""},
		{"Someplace Militia", "", "nsag", "", "open"},
		{"Unknown ", "", "unknown", "", ""},
	} {
		a, ok := ActorNamed(c.name, on(t, c.date))
		if !ok || a.Kind != c.kind || a.State != c.state || a.Open != (c.open != "") {
			t.Errorf("ActorNamed(%q, %q) = %+v, %v", c.name, c.date, a, ok)
		}
		if a.Open && a.Note == "" {
			t.Errorf("ActorNamed(%q) is open without a reason", c.name)
		}
	}
	for _, name := range []string{"", "Chechnya Police", "Kashmir Police", "Kurdish Police", "Government of Nowhere", "Army", "Jane Doe",
		"Syrian Armed Forces, Jane Doe", "of", "Government of", strings.Repeat("police ", 50)} {
		if a, ok := ActorNamed(name, when.Date{}); ok {
			t.Errorf("ActorNamed(%.40q) = %+v", name, a)
		}
	}
}

func TestActorsIn(t *testing.T) {
	for cell, want := range map[string][]string{
		"Taliban": {"Taliban"},
		"Israeli Defence Forces, Israeli settlers":                   {"Israeli Defence Forces", "Israeli settlers"},
		"Al Islah, at-Tagammu al Yamani il islah":                    {"Al Islah, at-Tagammu al Yamani il islah"},
		"Islamic State, Libyan National Army, Militia":               {"Islamic State", "Libyan National Army", "Militia"},
		"Syrian or Russian Forces":                                   {"Syrian or Russian Forces"},
		"Murle & Didinga":                                            {"Murle", "Didinga"},
		"Hamas or Egyptian Police":                                   {"Hamas", "Egyptian Police"},
		"Government of Italy, Government of Malta":                   {"Government of Italy", "Government of Malta"},
		"Anti-Balaka, SÃ©lÃ©ka":                                      {"Anti-Balaka", "Séléka"},
		"Taliban, Brotherhood of Nowhere, and friends":               {"Taliban", "Brotherhood of Nowhere, and friends"},
		"Armed Forces of Arcadia, Police (Belmara), Jane Doe, Hamas": {"Armed Forces of Arcadia", "Police (Belmara)", "Jane Doe", "Hamas"},
		"": nil,
	} {
		if got := ActorsIn(cell); !slices.Equal(got, want) {
			t.Errorf("ActorsIn(%q) = %q, want %q", cell, got, want)
		}
	}
}

func BenchmarkActorNamed(b *testing.B) {
	for _, name := range []string{"Taliban", "Burkina Faso National Police", "nobody we have ever heard of"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ActorNamed(name, when.Date{})
			}
		})
	}
}
