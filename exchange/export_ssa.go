package exchange

import (
	"slices"
	"strings"
)

// ssaNamespace is the namespace of the attack ids of WHO's system.
const ssaNamespace = "SSA"

// The attack types that WHO's public columns know, in its own words.
const (
	ssaHeavy    = "Violence with heavy weapons"
	ssaOneHand  = "Violence with individual weapons"
	ssaChemical = "Chemical agent"
	ssaFire     = "Setting fire"
	ssaSearch   = "Armed or violent search"
	ssaMilitary = "Militarization of a health care asset"
	ssaRemoval  = "Removal of health care assets"
	ssaTaken    = "Abduction/Arrest/Detention of health personnel or patients"
	ssaThreat   = "Psychological violence/threat of violence/intimidation"
	ssaAssault  = "Assault (without weapons)"
	ssaSexual   = "Sexual assault"
	ssaCriminal = "Criminalization of health care"
	ssaBlocked  = "Obstruction to health care delivery"
	ssaCyber    = "Cyber attack"
)

// ssaTypes is the crosswalk of incident codes into attack types (standards 10.3). Exact are those that are read back as the same code;
// every other one is wider than its code.
var ssaTypes = map[string]string{
	"ATT.HVY": ssaHeavy, "ATT.IND": ssaOneHand, "ATT.CHM": ssaChemical, "ATT.ARS": ssaFire, "ATT.BMB": ssaHeavy,
	"ATT.ENT": ssaSearch, "ATT.SRC": ssaSearch, "ATT.OCC": ssaMilitary, "ATT.MIL": ssaMilitary, "ATT.LOO": ssaRemoval, "ATT.REM": ssaTaken,
	"PER.SEX": ssaSexual, "PER.ASL": ssaAssault, "PER.THR": ssaThreat,
	"PER.ABD": ssaTaken, "PER.DIS": ssaTaken, "PER.ARR": ssaTaken, "PER.DET": ssaTaken,
	"PER.LIC": ssaThreat, "PER.JOB": ssaThreat, "PER.TRV": ssaThreat, "PER.RAI": ssaThreat, "PER.SUR": ssaThreat, "PER.FAM": ssaThreat, "PER.ASC": ssaThreat,
	"PER.CRM": ssaCriminal, "PER.CHG": ssaCriminal, "PER.SEN": ssaCriminal, "PER.DPN": ssaCriminal,
	"DEN.PHY": ssaBlocked, "DEN.ADM": ssaBlocked, "DEN.LEG": ssaBlocked, "DEN.CHK": ssaBlocked, "DEN.SUP": ssaBlocked, "DEN.DSC": ssaBlocked, "DEN.EVA": ssaBlocked, "DEN.FER": ssaBlocked,
	"CYB.RAN": ssaCyber, "CYB.DDS": ssaCyber, "CYB.EXF": ssaCyber, "CYB.MOD": ssaCyber, "CYB.DEV": ssaCyber, "CYB.SPY": ssaCyber,
}

// ssaExact are the codes that their attack type is read back as.
var ssaExact = keysOf("ATT.HVY ATT.IND ATT.CHM ATT.ARS ATT.SRC ATT.MIL ATT.LOO PER.SEX PER.ASL PER.THR PER.DET PER.CRM DEN.PHY CYB.DDS")

// ssaCounted are codes that the counts carry instead: killed and injured are no attack types.
var ssaCounted = map[string][]string{"PER.KIL": {"total.killed", "worker.killed"}, "PER.INJ": {"total.injured", "worker.injured"}}

// ssaCertainty are the four names (standards 10.3).
var ssaCertainty = map[string]string{"rumour": "Rumour", possible: "Possible", "probable": "Probable", "confirmed": "Confirmed"}

// ssaFacilities are the kinds of facility that the columns name.
var ssaFacilities = map[string]string{"primary_care": "Primary", "hospital.general": "Secondary", "hospital.specialist": "Tertiary", "hospital.children": "Tertiary",
	"hospital.maternity": "Tertiary", "mobile": "Mobile Clinic", "pharmacy": "Pharmacy", "warehouse": "Warehouse", "other": "Other"}

var ssaWiderFacilities = keysOf("hospital.children hospital.maternity")

// ssaResources are the columns that say what was affected, by resource.
var ssaResources = map[string]string{"facility": "detail:hc-facilities", "transport": "detail:hc-transport", "personnel": "detail:hc-personnel",
	"patient": "detail:hc-patients", "supplies": "detail:hc-supplies-assets", "storage": "detail:hc-warehouse-storage"}

func keysOf(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// toSSA carries a record into WHO's public columns: codes into attack types, certainty into its four names, resources into the columns of
// YES. A record of WHO's own keeps its words.
func toSSA(r Record, lose lossy) (Record, bool) {
	if r.Namespace == ssaNamespace {
		return certaintyInSSA(r, lose), true
	}
	if r.onlyGood() {
		lose("%d records were left out: they tell of no attack", "")
		return r, false
	}
	r.ExternalID = ""
	r = ssaPublic(r)
	r = certaintyInSSA(r, lose)
	r = typesInSSA(r, lose)
	r = deadAndInjuredInSSA(r, lose)
	r = resourcesInSSA(r, lose)
	return r.inWords("facility.type", ssaFacilities, ssaWiderFacilities, lose), true
}

// goodFamily begins the codes of what went well: a release, an acquittal, a law mended. They are no attacks.
const goodFamily = "POS."

// onlyGood reports a record that tells of what went well and of nothing else.
func (r *Record) onlyGood() bool {
	v, _ := r.get("codes")
	codes := strings.Fields(v.Value)
	return len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool { return !strings.HasPrefix(code, goodFamily) })
}

// ssaPublic takes away further columns whose names happen to be those of WHO's.
func ssaPublic(r Record) Record {
	values := make([]Value, 0, len(r.Values))
	for _, v := range r.Values {
		if !strings.HasPrefix(v.Field, detailPrefix+"hc-") && v.Field != detailPrefix+"facility-other" {
			values = append(values, v)
		}
	}
	r.Values = values
	return r
}

// certaintyInSSA names the grade that Ward holds where the source's own word is not of WHO's.
func certaintyInSSA(r Record, lose lossy) Record {
	v, ok := r.get("certainty")
	if !ok || v.Raw != "" && ssaCertainty[v.Value] == v.Raw {
		return r
	}
	return r.inWords("certainty", ssaCertainty, nil, lose)
}

func typesInSSA(r Record, lose lossy) Record {
	v, ok := r.get("codes")
	if !ok || v.Value == vocabWithheld {
		return r
	}
	var types []string
	for _, code := range strings.Fields(v.Value) {
		word := ssaTypes[code]
		switch {
		case r.hasAny(ssaCounted[code]):
			continue
		case strings.HasPrefix(code, goodFamily):
			lose("%d values of %s have no word in this layout", "codes")
			continue
		case word == "":
			lose("%d values of %s have no word in this layout", "codes")
			word = "Other"
		case !ssaExact[code]:
			lose("%d values of %s were written as a wider one", "codes")
		}
		types = append(types, word)
	}
	if len(types) == 0 {
		return r.with(Value{Field: "codes"})
	}
	return r.with(Value{"codes", v.Value, strings.Join(set(types), ", ")})
}

// deadAndInjuredInSSA puts health workers into the columns of everybody where nobody counted everybody.
func deadAndInjuredInSSA(r Record, lose lossy) Record {
	for _, c := range [][2]string{{"total.killed", "worker.killed"}, {"total.injured", "worker.injured"}} {
		own, counted := r.get(c[0])
		workers, known := r.get(c[1])
		switch {
		case !known:
		case counted && own.Value != "":
			lose("%d values of %s have no column here", c[1])
		default:
			lose("%d counts of health workers stand as counts of everybody: %s", c[1])
			r = r.with(Value{Field: c[0], Value: workers.Value})
		}
		r = r.with(Value{Field: c[1]})
	}
	return r
}

func (r *Record) hasAny(fields []string) bool {
	return slices.ContainsFunc(r.Values, func(v Value) bool { return v.Value != "" && slices.Contains(fields, v.Field) })
}

// resourcesInSSA says YES where a resource was affected. NO is never written: that nothing is coded does not say that nothing was hit.
func resourcesInSSA(r Record, lose lossy) Record {
	v, ok := r.get("resources")
	if !ok || v.Value == vocabWithheld {
		return r
	}
	for _, resource := range strings.Fields(v.Value) {
		column := ssaResources[resource]
		if column == "" {
			lose("%d values of %s have no word in this layout", "resources")
			continue
		}
		r = r.with(Value{column, "yes", "YES"})
	}
	return r
}
