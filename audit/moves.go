package audit

import "slices"

// Stages of a cell: how far its procedure has come. They say nothing of what was found.
const (
	StageScheduled   = "scheduled"
	StageFrozen      = "evidence_frozen"
	StageCoded       = "coded_twice"
	StageAdjudicated = "adjudicated"
	StagePanel       = "panel"
	StageDraft       = "draft"
	StageSent        = "sent_for_reply"
	StageReplied     = "replied"
	StageNoReply     = "no_reply"
	StageFinal       = "final"
	StagePublished   = "published"
	StageCorrected   = "corrected"
	StageSuperseded  = "superseded"
)

// Steps are what an editor or a panel writes down in a row of kind step.
const (
	StepFrozen     = "frozen"
	StepPanel      = "panel"
	StepDecided    = "decided"
	StepDraft      = "draft"
	StepSent       = "sent"
	StepNoReply    = "no_reply"
	StepFinal      = "final"
	StepPublished  = "published"
	StepSuperseded = "superseded"
)

// Values of an appeal.
const (
	AppealFiled     = "filed"
	AppealAllowed   = "allowed"
	AppealDismissed = "dismissed"
)

// correctedLevel is the value of a correction that says that the level changed.
const correctedLevel = "level"

// Moves that no step row makes: they follow from rows of other kinds.
const (
	moveCoded        = "coded"
	moveAdjudicated  = "adjudicated"
	moveUndecided    = "undecided"
	moveDisagreement = "disagreement"
	moveReplied      = "replied"
	moveCorrected    = "corrected"
	moveAppealed     = "appealed"
	moveAllowed      = "allowed"
	moveDismissed    = "dismissed"
)

// replyDays is the right of reply (standards 9.3 h): so many days after a draft was sent, no reply may be noted.
const replyDays = 60

// Move is one way from stage to stage. By names whose word makes it; When is the condition that must hold besides, a key of
// `conditions`, or "".
type Move struct {
	Name string
	From []string
	To   string
	By   string
	When string
}

// moves are all there are (standards 10.4). On one day they are taken in this order. What is not in the table is refused.
var moves = []Move{
	{StepFrozen, []string{StageScheduled, StageSuperseded}, StageFrozen, RoleEditor, ""},
	{moveCoded, []string{StageFrozen}, StageCoded, RoleCoder, "two_coders"},
	{moveAdjudicated, []string{StageCoded}, StageAdjudicated, RoleAdjudicator, "third_sides"},
	{moveUndecided, []string{StageCoded}, StagePanel, RoleAdjudicator, "third_differs"},
	{moveDisagreement, []string{StageCoded, StageAdjudicated}, StagePanel, "", "alpha_low"},
	{StepPanel, []string{StageCoded, StageAdjudicated, StageDraft}, StagePanel, RoleEditor, ""},
	{StepDecided, []string{StagePanel}, StageDraft, RolePanel, "panel_agrees"},
	{StepDraft, []string{StageCoded, StageAdjudicated}, StageDraft, RoleEditor, "level_stands"},
	{StepSent, []string{StageDraft}, StageSent, RoleEditor, ""},
	{moveReplied, []string{StageSent, StageNoReply}, StageReplied, "", ""},
	{StepNoReply, []string{StageSent}, StageNoReply, RoleEditor, "time_is_over"},
	{StepFinal, []string{StageReplied, StageNoReply}, StageFinal, RoleEditor, ""},
	{StepPublished, []string{StageFinal, StageCorrected}, StagePublished, RoleEditor, ""},
	{moveCorrected, []string{StagePublished, StageCorrected}, StageCorrected, RoleEditor, ""},
	{moveAppealed, []string{StagePublished, StageCorrected}, StagePanel, "", ""},
	{moveAllowed, []string{StagePanel}, StageDraft, RolePanel, "appeal_and_panel"},
	{moveDismissed, []string{StagePanel}, StagePublished, RolePanel, "appeal"},
	{StepSuperseded, []string{StageFrozen, StageCoded, StageAdjudicated, StagePanel, StageDraft, StageSent, StageReplied, StageNoReply, StageFinal,
		StagePublished, StageCorrected}, StageSuperseded, RoleEditor, ""},
}

// Moves lists the allowed moves, for pages that explain them. Callers must not change them.
func Moves() []Move { return moves }

// moveAt finds a move by name.
func moveAt(name string) int {
	return slices.IndexFunc(moves, func(m Move) bool { return m.Name == name })
}

// stepRole is who may take a step.
func stepRole(step string) string {
	if i := moveAt(step); i >= 0 {
		return moves[i].By
	}
	return RoleEditor
}

// moveOf names the move that a row makes where it can; "" for a row that makes none.
func moveOf(r *Row) string {
	switch {
	case r.Kind == KindStep:
		return r.Value
	case r.Kind == KindCorrection:
		return moveCorrected
	case r.Kind == KindAppeal:
		return map[string]string{AppealFiled: moveAppealed, AppealAllowed: moveAllowed, AppealDismissed: moveDismissed}[r.Value]
	case r.Kind == KindReply && r.Value != "asked" && r.Value != "none":
		return moveReplied
	}
	return ""
}
