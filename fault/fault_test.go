package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestErrorSaysWhatHappenedWhatWasKeptAndWhatToDo(t *testing.T) {
	err := Wrap(io.ErrUnexpectedEOF, Invalid, "row %d ends too early", 7).Keeping("rows 1-6 are kept").Do("send the file again")
	want := "row 7 ends too early: unexpected EOF. Rows 1-6 are kept. Send the file again"
	if err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if err.Message() != "row 7 ends too early" {
		t.Errorf("message leaks more than what happened: %q", err.Message())
	}
}

func TestKindSurvivesWrapping(t *testing.T) {
	inner := New(Limit, "too many columns")
	outer := fmt.Errorf("reading header: %w", inner)
	if KindOf(outer) != Limit || !Is(outer, Limit) {
		t.Errorf("kind lost: %v", KindOf(outer))
	}
	if KindOf(errors.New("disk")) != Internal {
		t.Error("an unknown error must be internal")
	}
	if KindOf(nil) != "" || Is(nil, Internal) {
		t.Error("nil is no fault")
	}
	if !errors.Is(Wrap(io.EOF, Invalid, "x"), io.EOF) {
		t.Error("cause not reachable")
	}
}
