package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"ward/policy"
	"ward/vocab"
)

// Rules is the version of the rules in this package; it changes when a cell can come out differently.
const Rules = "ward-rules/4"

// Method says how the report was made, so that somebody else can make it again.
type Method struct {
	Rules       string            `json:"rules"`
	Norms       string            `json:"norms"`    // fingerprint of the clauses and of what the citation table says of every code
	Codebook    string            `json:"codebook"` // fingerprint of the code lists
	CutOff      string            `json:"cut_off"`
	Profile     string            `json:"profile"`
	Levels      map[string]string `json:"levels"`
	Rule        []string          `json:"rule"`
	Definitions map[string]string `json:"definitions"`
	Kept        []Kept93          `json:"kept"` // the profile's own rules, and how far this report keeps them
}

// Kept93 says of one of the Tokyo profile's rules (a) to (j) whether the program keeps it: "kept", "partly" or "not".
type Kept93 struct {
	Rule string `json:"rule"` // its letter
	Kept string `json:"kept"`
	Text string `json:"text"`
}

var keptRules = []Kept93{
	{"a", "partly", "Two coders and a third are required by the program. That they were trained and did not see each other's work is their word; whoever declares a tie to the State counts no more. Who declares nothing is not asked."},
	{"b", "kept", "Alpha stands beside every clause that anybody coded. Under 0.667 its cells go to the panel and no draft can be made; under 0.8 it is flagged."},
	{"c", "kept", "Every cell is worked out in five readings, and marked where they do not give one level."},
	{"d", "kept", "No arrows of trend are drawn."},
	{"e", "kept", "A reply, or none, changes no level."},
	{"f", "kept", "No clause is set against another: there is no sum over clauses."},
	{"g", "not", "Which States are audited is the association's choice and is not drawn by the program."},
	{"h", "kept", "No reply can be noted as missing before sixty days have passed; corrections and appeals are lists of their own."},
	{"i", "partly", "Every cell is rebuilt from the report's own extract. Fields that would point at a person are left out and counted; what others weigh in under seal is not."},
	{"j", "not", "What armed groups and de facto authorities did stands in the table of territory and actors; no profile of their own is written."},
}

// levelWords define the levels as this package decides them.
var levelWords = map[string]string{
	N0:         "Not enough information, or not yet coded by two people.",
	N1:         "Two people looked where one can look (information I1 to I3); nothing is counted.",
	F1:         "Indications: at least one possible incident.",
	F2:         "Substantiated: at least one probable or confirmed incident.",
	F3:         "Pattern: three probable or confirmed incidents of one register with pairwise different origins, in at least two places, within 731 days, the last of them in the year; or evidence that the act was ordered.",
	F4:         "Policy: F2, and among the probable or confirmed incidents a law, a standing order or the State's own acknowledgement.",
	NotInForce: "The clause did not exist in that year, or no longer.",
	NoInfo:     "No value that two people gave.",
}

// ruleWords are the rules that a reader of the tables must know.
var ruleWords = []string{
	"An incident counts for the State whose forces or officials did it, wherever it happened; the place alone never counts. What others did on the State's territory stands in the table of territory and actors.",
	"A de facto authority or a militia counts only where the record names it as the State's. Several States, or a State's forces, a militia or an authority beside others, leave the actor open unless the record says that they acted together.",
	"Only incidents that concern health care count, and only possible, probable and confirmed ones. Rumours, contested, refuted and discounted ones never do.",
	"Citations follow a table of incident code, actor and context. Some count at once; others wait for a person and are listed as to decide. Failure to protect or to investigate is only ever cited by a person.",
	"The proposed level is what the incidents carry. The outcome stays N0 until two named people give the same level; a level above what the incidents carry is refused.",
	"Registers are not added: low and best are the largest single register, high is all of them together, because two registers may hold the same event.",
	"A reply of the State stands beside the cell and changes no certainty, level or count.",
	"Humanitarian law needs a context of armed conflict; the protocols of 1977 need its class. A treaty holds once it is recorded that the State is party.",
	"Sensitivity repeats each cell with confirmed incidents only, with probable ones, with possible ones, without doubtful attribution, and with acts of unknown actors as if they were the State's. A cell moves when the proposed level is not the same in all five.",
	"A cell moves from stage to stage by a fixed table of moves: evidence frozen, coded by two, adjudicated, draft, sent for reply, replied or sixty days passed, final, published, corrected or superseded; and before a panel on low agreement or appeal. A step that the table does not allow is refused and listed. The stage says nothing of the level.",
	"Once the evidence of a year is frozen, incidents dated or entered later stay out of its cells. A level given before it, or on no day that is stated, has no voice once two people coded since. A level given after the finding was final counts only if a correction of the level says so. The panel's word stands until it decides anew: an appeal that is filed or dismissed changes no level.",
	"Structure and process values and information grades need two people; where two differ and no third decides, the value is no_info. Krippendorff's alpha is ordinal, per clause, without the third person; no_info and n/a are missing, N0 is the lowest outcome.",
}

// reasonWords explain the keys that cells and refusals carry.
var reasonWords = map[string]string{
	whyCoded:       "Two people gave this value.",
	whyNotCoded:    "Nobody has coded this yet.",
	whyOneCoder:    "One person has coded this; a second is needed.",
	whyDiffer:      "The coders differ and no third person decided.",
	whyAbove:       "The coders' level is above what the incidents carry and was refused.",
	whyAccess:      "Access refused: the information grade is I4 or I5, and what looks quiet could not be seen.",
	whyNoGrade:     "N1 was refused: the year's information environment is not graded by two people.",
	whyContradicts: "N1 was refused: incidents are counted in this cell.",
	whyNoIncident:  "The incident is not in this audit.",
	whyNoClause:    "The corpus has no such clause or norm.",
	whyNotCounted:  "The incident's certainty never counts, or it has no single year in the audit.",
	whyNotItsAct:   "The act is not the State's: only a failure to protect or investigate can be cited.",
	whyNotInForce:  "The clause was not in force in that year.",
	whyNotBinding:  "The clause does not hold for the State, or it is not known to.",
	whyPanel:       "The panel gave this value.",
	whyOutOfOrder:  "The cell was not at a stage from which this step leads on.",
	whyIdle:        "The step moved none of the cells that it speaks of.",
	whyNoLevel:     "No level stood that two people gave.",
	whyTimeRuns:    "The State's sixty days to reply had not passed.",
	whyPanelOpen:   "No two of the panel had given one level, or as many gave another.",
	whyAppealOpen:  "An appeal was before the panel: it is allowed or dismissed.",
	whyNoAppeal:    "No appeal was before the panel.",
	whyNoPanelYet:  "The cell was not before the panel on that day.",
	whyOwnCase:     "Who coded the cell does not sit on its panel.",
	whyAfterFinal:  "The finding was final on that day, and no correction says that the level changed.",
	whyBefore:      "It was given before the evidence was frozen, or on no day that could be compared, and two people have coded the cell since.",
	whyConflict:    "The person declared a tie to the State.",

	needCutOff:     "An evidence cut-off for the year.",
	needTwo:        "Two coders.",
	needSecond:     "A second coder.",
	needThird:      "A third person who sides with one of the two.",
	needAgain:      "A coding given after the evidence was frozen.",
	needPanel:      "Two of the panel who give one level, and the panel's word.",
	needDraft:      "A draft of the finding.",
	needSending:    "Sending the draft to the State.",
	needReply:      "The State's reply, or the end of its sixty days.",
	needFinal:      "The final finding.",
	needPublished:  "Publication.",
	needLowerLevel: "A level that the incidents carry: the one given was refused.",
	needPossible:   "One possible incident of the State's own.",
	needOrigin:     "A second independent origin: one incident that is probable.",
	needMore:       "So many more probable incidents in one register within 24 months.",
	needElsewhere:  "One incident certainly elsewhere.",
	needApart:      "Three that are independent of each other and lie within 24 months.",
	needOrder:      "Or evidence that the act was ordered.",
	needLaw:        "A law, a standing order or the State's own acknowledgement.",
	needGrade:      "For N1: an information grade that two people gave.",
	needAccess:     "For N1: access; the information grade is I4 or I5.",
	needAgreedN1:   "For N1: two people who looked and found nothing substantiated.",
	needDecision:   "So many incidents wait for a person's decision.",
}

func methodOf(in *Input, corpus *policy.Corpus) Method {
	return Method{
		Rules: Rules, Norms: NormsVersion(corpus), Codebook: CodebookVersion(), CutOff: in.CutOff,
		Profile: "Tokyo profile: State x clause x year, no score and no rank",
		Levels:  levelWords, Rule: ruleWords, Definitions: reasonWords, Kept: keptRules,
	}
}

// NormsVersion fingerprints all that the corpus contributes to a cell (policy.Corpus.Fingerprint).
func NormsVersion(corpus *policy.Corpus) string { return corpus.Fingerprint() }

// CodebookVersion fingerprints the code lists that incidents are coded with.
func CodebookVersion() string {
	h := sha256.New()
	for _, list := range []string{"incident", "actor", "context", "certainty", "scope"} {
		for _, c := range vocab.Codes(list) {
			fmt.Fprintf(h, "%q\n", []string{c.List, c.Code, c.Version})
		}
	}
	return short(h)
}

// short keeps 16 hexadecimal digits: enough to tell editions apart, no proof of anything.
func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }
