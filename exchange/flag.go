package exchange

// Flag says what a person should look at in a row. Codes are listed below.
type Flag struct {
	Code   string `json:"code"`
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Codes of flags. The row stays in unless the code is that of a Reject.
const (
	FlagRepaired          = "repaired"                // a slip was put right; Detail tells how
	FlagCountNegative     = "count-negative"          // a count below zero, set aside
	FlagCountUnread       = "count-unread"            // not a count, set aside
	FlagCountUnordered    = "count-unordered"         // low, best and high that stand in another order
	FlagCountDiffers      = "count-differs"           // the words give another number than the count
	FlagColumnsDiffer     = "columns-differ"          // two columns that should say the same do not: the first is kept
	FlagSectorOther       = "sector-other"            // the victim is no health care provider by its industry code
	FlagCountRange        = "count-range"             // a range or "at least", kept as low..best..high
	FlagValueUnread       = "value-unread"            // not what the column holds, set aside
	FlagValueUnmapped     = "value-unmapped"          // a coded value that no crosswalk knows; the words are kept as detail
	FlagPointVague        = "point-vaguer-than-shown" // coordinates that look exact on a row that is known to the country only
	FlagPointUnread       = "point-unread"            // coordinates that cannot be, set aside
	FlagMonthDiffers      = "month-differs"           // the words name another month than the date
	FlagDateContradiction = "date-contradiction"      // other columns contradict the date
	FlagDateAmbiguous     = "date-ambiguous"          // day and month may be swapped: only the year is kept
	FlagCountryMissing    = "country-missing"         // no country: ZZZ
	FlagCountryUnknown    = "country-unknown"         // a country that is not known: ZZZ
	FlagCountryDiffers    = "country-differs"         // name and code of the country differ: the code is kept
	FlagActorContradicts  = "actor-contradiction"     // the actor's category and name contradict: the name's State is kept
	FlagActorNameUnknown  = "actor-name-unknown"      // a State's organ by its category, under a name that is not known as a State's: whose it is stays unknown
	FlagIDMissing         = "id-missing"              // no id: the key is made of what the row says
	FlagDoubt             = "doubt"                   // a code that cannot be derived with certainty
	FlagRowLonger         = "row-longer"              // more cells than the header has: a separator inside a cell may have moved the others
	FlagUncoded           = "uncoded"                 // nothing in the row gives an incident code
	FlagIDRepeated        = "id-repeated"             // a further, different row under one id of the file
	FlagIDTooLong         = "id-too-long"             // an id over 500 bytes stands by its digest
	FlagTextRepeated      = "description-repeated"    // the words of an earlier row under another id: a wave of attacks, or counted twice
	RejectOwnID           = "own-id-unknown"          // Reject: an id of Ward's own that no incident here has
	RejectDateMissing     = "date-missing"            // Reject: no date at all
	RejectDateImpossible  = "date-impossible"         // Reject: before 1900 or after today
	RejectTotal           = "total-row"               // Reject: a total among the rows, not an incident
	RejectDateUnread      = "date-unread"             // Reject: a date that cannot be read and no other
)

// notices are flags that inform; the others ask for a look at the row.
var notices = map[string]bool{FlagDoubt: true, FlagUncoded: true}

// Notice reports a flag that holds for whole classes of rows by the nature of
// the source, so that it needs no look at the single row.
func (f Flag) Notice() bool { return notices[f.Code] }

var meanings = map[string]string{
	FlagRepaired: "a slip in the source was put right", FlagCountNegative: "a negative count was set aside",
	FlagCountUnread: "a cell that is not a count was set aside", FlagCountRange: "a range was kept as low, best and high",
	FlagCountUnordered: "low, best and high stand in another order; the span holds all of them", FlagCountDiffers: "the words give another number than the count; the count is kept",
	FlagColumnsDiffer: "two columns that should say the same differ; the first is kept", FlagSectorOther: "by its industry code the victim is not in health care",
	FlagValueUnread: "a cell that does not fit its column was set aside", FlagValueUnmapped: "a coded value is not in the crosswalk; its words are kept",
	FlagPointVague: "the coordinates look more exact than the place is known", FlagPointUnread: "impossible coordinates were set aside",
	FlagMonthDiffers: "the description names another month than the date", FlagDateContradiction: "columns of one row contradict each other about the date",
	FlagDateAmbiguous: "day and month cannot be told apart; the year is kept", FlagCountryMissing: "no country is given",
	FlagCountryUnknown: "the country is not known", FlagCountryDiffers: "country name and code differ; the code is kept",
	FlagActorContradicts: "the actor's category and name contradict each other",
	FlagActorNameUnknown: "it is not known whose organ the actor's name means: its State stays unknown", FlagIDMissing: "the row has no id of its own",
	FlagDoubt: "a derived code is not certain", FlagRowLonger: "the row has more cells than the header; they may have been moved", FlagUncoded: "the row gives no incident code",
	FlagIDRepeated: "another row of the file has this id and says something else", FlagIDTooLong: "the id is overlong and stands by its digest",
	FlagTextRepeated: "an earlier row has the same description under another id", RejectOwnID: "an id that Ward gives, and no incident here has",
	RejectTotal:       "a total, which is never an incident: compare it with ward reconcile",
	RejectDateMissing: "no date", RejectDateImpossible: "a date before 1900 or after today", RejectDateUnread: "a date that cannot be read",
}

// Meaning is a flag code in plain English; the code itself when it is unknown.
func Meaning(code string) string {
	if m, ok := meanings[code]; ok {
		return m
	}
	return code
}
