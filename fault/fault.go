// Package fault names the few kinds of error that people and programs tell apart.
//
// A fault says three things: what happened, what was kept, and what to do next. Everything that is not a
// fault is Internal: its text goes to the operator's log and never to a visitor.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what the caller may act on; web maps it to a status code and cmd/ward to an exit code.
type Kind string

const (
	Invalid   Kind = "invalid"   // the input cannot be read as what it claims to be
	NotFound  Kind = "not_found" // no such thing, or none that the asker may see
	Conflict  Kind = "conflict"  // somebody else changed it first
	Undecided Kind = "undecided" // nothing was written because a person must decide first
	Refused   Kind = "refused"   // understood and declined: a rule or a permission forbids it
	Limit     Kind = "limit"     // too large, too many, too deep
	Cancelled Kind = "cancelled" // the person stopped it
	Internal  Kind = "internal"  // a defect or the machine's failure
)

// Error is a fault for people. Message, kept and advice are whole phrases without a final stop.
type Error struct {
	kind    Kind
	message string
	kept    string
	advice  string
	cause   error
}

// New makes a fault of the given kind; format says what happened.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{kind: kind, message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault around a cause that callers may still test with errors.Is and errors.As.
func Wrap(cause error, kind Kind, format string, args ...any) *Error {
	e := New(kind, format, args...)
	e.cause = cause
	return e
}

// Keeping adds what survived ("the 3,000 rows before it are kept").
func (e *Error) Keeping(format string, args ...any) *Error {
	e.kept = fmt.Sprintf(format, args...)
	return e
}

// Do adds the next step for the person who reads it.
func (e *Error) Do(format string, args ...any) *Error {
	e.advice = fmt.Sprintf(format, args...)
	return e
}

// Error joins what happened, the cause, what was kept and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.message)
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	for _, part := range []string{e.kept, e.advice} {
		if part != "" {
			if !strings.HasSuffix(b.String(), "\n") { // a list of findings ends its own line
				b.WriteString(". ")
			}
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// Message is what happened, without cause, kept or advice: fit for a page.
func (e *Error) Message() string { return e.message }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Kind tells the kind of this fault.
func (e *Error) Kind() Kind { return e.kind }

// KindOf finds the outermost fault in err's chain; anything else is Internal. A nil error has the empty kind.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.kind
	}
	return Internal
}

// Is reports whether err is a fault of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
