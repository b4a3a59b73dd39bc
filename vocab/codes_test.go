package vocab

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// The lists of the data model, as the design gives them.
var wanted = map[string]string{
	"incident": `ATT.HVY ATT.IND ATT.CHM ATT.ARS ATT.BMB ATT.ENT ATT.SRC ATT.OCC ATT.MIL ATT.LOO ATT.TRN ATT.UTL ATT.EMB ATT.PAT ATT.REM
PER.KIL PER.INJ PER.SEX PER.ASL PER.TOR PER.THR PER.ABD PER.DIS PER.ARR PER.DET PER.CHG PER.SEN PER.DPN PER.LIC PER.JOB PER.TRV PER.RAI
PER.SUR PER.FAM PER.ASC PER.CRM DEN.PHY DEN.ADM DEN.LEG DEN.CHK DEN.SUP DEN.DSC DEN.EVA DEN.FER CUS.DEN CUS.DLY CUS.CND CUS.DTH CUS.SOL
CUS.RES CUS.HSR TOR.CAP TOR.PRS TOR.INF TOR.REV TOR.TRT TOR.KNO TOR.DAT TOR.IGN TOR.FFD TOR.PUN TOR.EXE ETH.FAL ETH.DCF ETH.COF ETH.REP
ETH.ORD ETH.BOD ETH.EXM ETH.VIR ETH.CNV ETH.PSY ETH.STE ETH.EXP ETH.ORG ETH.DRG ETH.AGE CYB.RAN CYB.DDS CYB.EXF CYB.MOD CYB.DEV CYB.SPY
INF.SMR INF.DOX INF.MIS INF.PHI INF.CEN SYS.LAW SYS.POL SYS.IMP SYS.ACC POS.REL POS.ACQ POS.CON POS.REP POS.ACC POS.LAW`,
	"family": "ATT PER DEN CUS TOR ETH CYB INF SYS POS",
	"actor": `state.military state.police state.intelligence state.prison state.judiciary state.health_admin state.other foreign.military
occupying defacto_authority pro_state_militia nsag criminal private_security civilian_mob patient_family employee health_professional
political_party donor_gov company cyber_group multiple other unknown`,
	"certainty":   "rumour possible probable confirmed contested refuted discounted",
	"context":     "armed_conflict iac niac occupation disturbance peacetime unknown",
	"attribution": "unknown alleged probable established admitted disputed",
	"duress":      "none order threat_self threat_family force unknown",
	"resource":    "facility transport personnel patient supplies storage records_data utilities other",
	"facility": `hospital.general hospital.specialist hospital.children hospital.maternity psychiatric primary_care mobile field_hospital ems_base
laboratory blood_bank pharmacy warehouse training_school prison_clinic morgue cold_chain nma_office digital_service other`,
	"profession": `physician resident student nurse midwife paramedic dentist pharmacist psychologist lab chw vaccinator forensic public_health
admin driver_support volunteer_first_aider other unknown`,
	"outcome": `taken whereabouts_denied located incommunicado_ended charged bailed tried acquitted convicted sentenced appeal sentence_changed
tortured_alleged hospitalised released exchanged escaped exiled reinstated licence_restored died_custody executed killed missing held unknown`,
	"evidence": `testimony medical_record ip_evaluation autopsy death_certificate photo video audio satellite document_official court_record
order_or_law press social_post web_page dataset_row device_log physical_item statement_org`,
	"relation":      "victim family colleague clinician witness lawyer ngo nma media official anonymous automated_feed",
	"precision":     "1 2 3 4 5 6 7 censored",
	"scope":         "health aid civilian cyber",
	"care_impact":   "none diversion cancelled device delayed_diagnosis death_alleged",
	"outcome_level": "not_in_force N0 N1 F1 F2 F3 F4",
	"information":   "I1 I2 I3 I4 I5",
	"structure":     "met partly not_met no_info n/a",
	"grade":         "A B C D E no_info",
	"force":         "treaty custom UNSC UNGA_soft professional",
	"addressee":     "physician health_personnel NMA State armed_party custodial_authority court all",
	"bearing": `ATTACK COMPEL PUNISH OBSTRUCT FAIL_PROTECT FAIL_INVESTIGATE LEGAL_GAP PARTICIPATE FACILITATE PRESENT CERTIFY CONCEAL
DISCLOSE OMIT`,
	"component":     "building equipment utilities supplies transport staff",
	"damage":        "none partial destroyed",
	"functionality": "full partial none",
	"accessibility": "full partial none",
	"compensation":  "none claimed partial full",
	"damage_cause":  "attack closure other",
	"yesno":         "yes no unknown",
}

func TestListsAreComplete(t *testing.T) {
	for list, codes := range wanted {
		var got []string
		for _, c := range Codes(list) {
			got = append(got, c.Code)
		}
		if want := strings.Fields(codes); !slices.Equal(got, want) {
			t.Errorf("list %s:\n got %v\nwant %v", list, got, want)
		}
	}
	for _, list := range []string{"location", "field"} {
		if len(Codes(list)) == 0 {
			t.Errorf("list %s is empty", list)
		}
	}
	if Codes("no such list") != nil || Has("incident", "att.hvy") || Has("actor", "ATT.HVY") {
		t.Error("a code is found where it is not")
	}
}

func TestEveryCodeIsLabelled(t *testing.T) {
	for _, list := range Lists() {
		seen := map[string]bool{}
		for _, c := range Codes(list) {
			en, fa := Label(list, c.Code, "en"), Label(list, c.Code, "fa")
			if c.Version == "" || seen[c.Code] || strings.ContainsAny(c.Code, " ,") {
				t.Errorf("%s %q: doubled, without version or with a blank", list, c.Code)
			}
			seen[c.Code] = true
			if en == c.Code || fa == en || !persian(fa) || strings.TrimSpace(en+fa) != en+fa {
				t.Errorf("%s %s: labels %q %q", list, c.Code, en, fa)
			}
			if list != "field" && (!strings.HasSuffix(Definition(list, c.Code), ".") || c.From == "") {
				t.Errorf("%s %s: definition %q from %q", list, c.Code, Definition(list, c.Code), c.From)
			}
		}
	}
}

// A file of labels names known codes only, each once, and leaves none without a label.
func TestLabelFilesAreComplete(t *testing.T) {
	for _, name := range names(labelFolder) {
		seen := map[codeKey]bool{}
		for _, r := range read(labelFolder + "/" + name) {
			k := codeKey{r["list"], r["code"]}
			switch label := r["label"]; {
			case !Has(k.list, k.code) || seen[k]:
				t.Errorf("%s: %s %s is unknown or stands there twice", name, k.list, k.code)
			case label == "" || strings.TrimSpace(label) != label || strings.Contains(label, "  "):
				t.Errorf("%s: %s %s has the label %q", name, k.list, k.code, label)
			}
			seen[k] = true
		}
		for _, list := range Lists() {
			for _, c := range Codes(list) {
				if !seen[codeKey{list, c.Code}] {
					t.Errorf("%s lacks %s %s", name, list, c.Code)
				}
			}
		}
	}
}

// persian reports a text in Arabic script without letters that Persian does not write.
func persian(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) >= 0 &&
		!strings.ContainsAny(s, "يكىة٠١٢٣٤٥٦٧٨٩") && !strings.Contains(s, "  ") && !strings.Contains(s, " \u200c")
}

func TestLabelFallsBack(t *testing.T) {
	for _, c := range [][4]string{
		{"incident", "PER.KIL", "fa", "کشته‌شدن کارکن سلامت"},
		{"incident", "PER.KIL", "uk", "Убивство медичного працівника"},
		{"incident", "PER.KIL", "xx", "Health worker killed"},
		{"incident", "XXX.YYY", "fa", "XXX.YYY"},
		{"nothing", "x", "en", "x"},
	} {
		if got := Label(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("Label(%q, %q, %q) = %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestCodesIsACopy(t *testing.T) {
	Codes("scope")[0].Code = "spoilt"
	if Codes("scope")[0].Code != "health" {
		t.Error("a caller can change a list")
	}
}

func TestFields(t *testing.T) {
	kinds := strings.Fields("edtf country text number point count codes code yesno")
	for _, f := range Fields() {
		if !slices.Contains(kinds, f.Kind) || !slices.Contains([]string{"T0", "T1", "T2", "T3", "T4"}, f.Tier) {
			t.Errorf("field %+v: no such kind or tier", f)
		}
		if needs := f.Kind == "code" || f.Kind == "yesno" || f.Kind == "codes" && f.Key != "actor.state" && f.Key != "control"; needs && Codes(f.List) == nil {
			t.Errorf("field %+v: no such list", f)
		}
	}
	for key, ok := range map[string]bool{
		"date": true, "worker.killed": true, "aid.national.kidnapped": true, "detail:female-health-workers-killed": true,
		"detail:": false, "detail:Has Blank": false, "Date": false, "": false, "detail:" + strings.Repeat("a", 200): false,
	} {
		if _, got := FieldOf(key); got != ok {
			t.Errorf("FieldOf(%q) = %v, want %v", key, got, ok)
		}
	}
}
