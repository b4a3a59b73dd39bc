package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"ward/entry"
	"ward/text"
)

// InvitedFor is how long an invitation is open where nothing else is said.
const InvitedFor = 7 * 24 * time.Hour

// Invitation lets whoever holds its token make one account, or come back to the one that it restores.
type Invitation struct {
	Hash    string `json:"hash"` // Digest of the token
	Grant   Grant  `json:"grant"`
	Expires int64  `json:"expires"`        // microseconds since 1970
	Note    string `json:"note,omitempty"` // whom it is for

	Restores string `json:"restores,omitempty"` // account that was travel-locked
}

// InvitationEnd is that an invitation was used for an account, or revoked.
type InvitationEnd struct {
	Account string `json:"account,omitempty"` // that was made; "" is revoked
}

// States of an invitation.
const (
	InvitationOpen    = "open"
	InvitationUsed    = "used"
	InvitationExpired = "expired"
	InvitationRevoked = "revoked"
)

// Invited is an invitation as the entries tell of it.
type Invited struct {
	ID string
	Invitation
	By      string
	At      time.Time
	Ended   time.Time // zero while nobody ended it
	Account string    // made by it
}

// State is how an invitation stands at a time.
func (i Invited) State(now time.Time) string {
	switch {
	case i.Account != "":
		return InvitationUsed
	case !i.Ended.IsZero():
		return InvitationRevoked
	case now.UnixMicro() >= i.Expires:
		return InvitationExpired
	}
	return InvitationOpen
}

// Until is when it closes.
func (i Invited) Until() time.Time { return time.UnixMicro(i.Expires).UTC() }

// Invitations folds the entries, in the order in which people were invited. The first end counts.
func Invitations(made []entry.Entry[Invitation], ends []entry.Entry[InvitationEnd]) []Invited {
	var out []Invited
	at := map[string]int{}
	for _, e := range made {
		at[e.Subject] = len(out)
		out = append(out, Invited{ID: e.Subject, Invitation: e.Body, By: e.By, At: e.At})
	}
	for _, e := range ends {
		if i, known := at[e.Subject]; known && out[i].Ended.IsZero() {
			out[i].Ended, out[i].Account = e.At, e.Body.Account
		}
	}
	return out
}

// Token is 256 random bits, to be handed to one person once.
func Token() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Digest is the form in which a token or a recovery code is kept: nobody gets it back from that.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// recoveryCodes is how many make a set.
const recoveryCodes = 10

// RecoveryCodes draws a set of codes of 80 bits each, as people write them down, and what is kept of it.
func RecoveryCodes() (codes []string, kept Authenticator) {
	kept.Type = Recovery
	for range recoveryCodes {
		var b [10]byte
		rand.Read(b[:])
		code := base32.StdEncoding.EncodeToString(b[:])
		codes = append(codes, strings.ToLower(code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:]))
		kept.Codes = append(kept.Codes, Digest(code))
	}
	return codes, kept
}

// RecoveryCode reads a code as somebody typed it; ok is false for what is shaped like none.
func RecoveryCode(typed string) (code string, ok bool) {
	code = strings.ToUpper(text.Key(typed))
	_, err := base32.StdEncoding.DecodeString(code)
	return code, err == nil && len(code) == 16
}
