package desk

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"ward/access"
	"ward/fault"
	"ward/staff"
	"ward/store"
)

// Kinds of what passes.
const (
	passingCeremony = "passkey-ceremony"
	passingCount    = "passkey-count"
)

// Times and bounds of passkeys.
const (
	ceremonyFor    = 5 * time.Minute
	countFor       = 400 * 24 * time.Hour
	mostPasskeys   = 10
	longestPasskey = 1 << 16 // bytes that a browser sends
)

// passkeyHost is the only name under which passkeys work: they are bound to a name, and a number is none.
const passkeyHost = "localhost"

// passkeys is the other side of a browser at an origin such as http://localhost:7766.
func passkeys(origin string) (*webauthn.WebAuthn, error) {
	w, err := webauthn.New(&webauthn.Config{RPID: passkeyHost, RPDisplayName: "Ward", RPOrigins: []string{origin}})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "passkeys do not work at this address").Do("open Ward as localhost")
	}
	return w, nil
}

// passkeyUser is an account as passkeys know it. Its handle is the account's id, which says nothing about anybody.
type passkeyUser struct {
	staff.Account
	keys []webauthn.Credential
	held []staff.Held // the authenticator of each key
}

func (u passkeyUser) WebAuthnID() []byte                         { return []byte(u.ID) }
func (u passkeyUser) WebAuthnName() string                       { return u.Name }
func (u passkeyUser) WebAuthnDisplayName() string                { return u.Name }
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.keys }

// passkeyUserOf reads an account's passkeys, each with the count that it showed last.
func passkeyUserOf(ctx context.Context, tx *store.Tx, a staff.Account) (passkeyUser, error) {
	u := passkeyUser{Account: a}
	for _, h := range a.Of(staff.Passkey) {
		var c webauthn.Credential
		if err := json.Unmarshal(h.Credential, &c); err != nil {
			return u, fault.Wrap(err, fault.Internal, "a passkey cannot be read")
		}
		p, ok, err := tx.Passing(ctx, passingCount, h.ID)
		if err != nil {
			return u, err
		}
		if ok && len(p.Body) == 4 {
			c.Authenticator.SignCount = max(c.Authenticator.SignCount, binary.BigEndian.Uint32(p.Body))
		}
		u.keys, u.held = append(u.keys, c), append(u.held, h)
	}
	return u, nil
}

// keepCeremony keeps what a ceremony must remember until the browser answers, and returns by what the answer finds it.
func (d *Desk) keepCeremony(ctx context.Context, who access.Actor, session *webauthn.SessionData) (string, error) {
	body, err := json.Marshal(session)
	if err != nil {
		return "", err
	}
	token := staff.Token()
	return token, d.db.Amend(ctx, who.Name, func(tx *store.Tx) error {
		return tx.PutPassing(ctx, store.Passing{Kind: passingCeremony, Key: staff.Digest(token), Owner: who.Account, Body: body, Until: tx.Now().Add(ceremonyFor)})
	})
}

// takeCeremony finds what a ceremony remembered, and forgets it: each is answered once.
func takeCeremony(ctx context.Context, tx *store.Tx, token, owner string) (s webauthn.SessionData, err error) {
	key := staff.Digest(token)
	p, ok, err := tx.Passing(ctx, passingCeremony, key)
	if err != nil {
		return s, err
	}
	if !ok || p.Owner != owner {
		return s, notSignedIn()
	}
	if err := json.Unmarshal(p.Body, &s); err != nil {
		return s, err
	}
	return s, tx.DropPassing(ctx, passingCeremony, key, "")
}

// BeginPasskey begins to add a passkey to one's own account: options is what the browser is asked, as JSON.
func (d *Desk) BeginPasskey(ctx context.Context, who access.Actor, origin string) (ceremony string, options any, err error) {
	w, err := passkeys(origin)
	if err != nil {
		return "", nil, err
	}
	var u passkeyUser
	if err := d.own(ctx, who, func(tx *store.Tx, a staff.Account) (err error) { u, err = passkeyUserOf(ctx, tx, a); return err }); err != nil {
		return "", nil, err
	}
	if len(u.keys) >= mostPasskeys {
		return "", nil, refusedStaff("there are ten passkeys already")
	}
	var known []protocol.CredentialDescriptor
	for _, c := range u.keys {
		known = append(known, c.Descriptor())
	}
	made, session, err := w.BeginRegistration(u, webauthn.WithExclusions(known), webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
		ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return "", nil, fault.Wrap(err, fault.Internal, "a passkey could not be begun")
	}
	ceremony, err = d.keepCeremony(ctx, who, session)
	return ceremony, made, err
}

// AddPasskey keeps the passkey that a browser made.
func (d *Desk) AddPasskey(ctx context.Context, who access.Actor, origin, ceremony, label string, answer []byte) error {
	w, err := passkeys(origin)
	if err != nil {
		return err
	}
	if len(answer) > longestPasskey || len(label) > 4*staff.MaxName {
		return fault.New(fault.Limit, "this is no passkey").Keeping("nothing was written")
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return invalidStaff("the browser's answer cannot be read")
	}
	return d.own(ctx, who, func(tx *store.Tx, a staff.Account) error {
		session, err := takeCeremony(ctx, tx, ceremony, a.ID)
		if err != nil {
			return err
		}
		u, err := passkeyUserOf(ctx, tx, a)
		if err != nil {
			return err
		}
		made, err := w.CreateCredential(u, session, parsed)
		if err != nil {
			return invalidStaff("the browser's answer does not fit what was asked")
		}
		made.Attestation = webauthn.CredentialAttestation{} // who made the device is nobody's business
		body, err := json.Marshal(made)
		if err != nil {
			return err
		}
		return keepStaff(ctx, tx, a.ID, staff.KindAuthenticator, staff.Authenticator{Type: staff.Passkey, Label: label, Credential: body})
	})
}

// BeginPasskeySignIn begins a sign-in by passkey. It names nobody: the device knows whose key it holds.
func (d *Desk) BeginPasskeySignIn(ctx context.Context, origin string) (ceremony string, options any, err error) {
	w, err := passkeys(origin)
	if err != nil {
		return "", nil, err
	}
	asked, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", nil, fault.Wrap(err, fault.Internal, "a sign-in could not be begun")
	}
	ceremony, err = d.keepCeremony(ctx, access.Actor{Name: stranger}, session)
	return ceremony, asked, err
}

// SignInByPasskey begins a session for whoever's passkey answered. Whatever is wrong, the answer is the same.
func (d *Desk) SignInByPasskey(ctx context.Context, origin, ceremony string, answer []byte) (in SignedIn, err error) {
	a, err := d.byPasskey(ctx, stranger, origin, ceremony, answer)
	if err != nil {
		return in, err
	}
	err = d.db.Amend(ctx, a.Name, func(tx *store.Tx) error {
		in, err = d.beginSession(ctx, tx, a.ID, byPasskey)
		return err
	})
	return in, err
}

// ProveByPasskey makes a session fresh: its holder's passkey answered.
func (d *Desk) ProveByPasskey(ctx context.Context, token, origin, ceremony string, answer []byte) error {
	who, s, err := d.Asking(ctx, token)
	if err != nil {
		return err
	}
	a, err := d.byPasskey(ctx, cmp.Or(who.Name, stranger), origin, ceremony, answer)
	if err == nil && (who.Account == "" || a.ID != who.Account) {
		err = notSignedIn()
	}
	if err != nil {
		return err
	}
	return d.touch(ctx, who, s.Key, func(s *Session) { s.Proved = d.db.Now() })
}

// byPasskey tells whose passkey answered: an active account's. The ceremony is over in every case.
func (d *Desk) byPasskey(ctx context.Context, who, origin, ceremony string, answer []byte) (a staff.Account, err error) {
	w, err := passkeys(origin)
	if err != nil {
		return a, err
	}
	people, err := d.people(ctx)
	if err != nil {
		return a, err
	}
	right := false
	err = d.db.Amend(ctx, who, func(tx *store.Tx) error {
		session, err := takeCeremony(ctx, tx, ceremony, "")
		if err != nil {
			return err
		}
		u, ok, err := d.answered(ctx, tx, w, people, session, answer)
		a, right = u.Account, ok
		return err
	})
	if err == nil && !right {
		err = notSignedIn()
	}
	return a, err
}

// answered checks a device's answer and tells whose it is. A count that does not rise is a copied key, and refused.
func (d *Desk) answered(ctx context.Context, tx *store.Tx, w *webauthn.WebAuthn, people []staff.Account, session webauthn.SessionData, answer []byte) (u passkeyUser, ok bool, err error) {
	if len(answer) > longestPasskey {
		return u, false, nil
	}
	parsed, bad := protocol.ParseCredentialRequestResponseBytes(answer)
	if bad != nil {
		return u, false, nil
	}
	_, credential, bad := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		a, known := staff.Find(people, string(handle))
		if !known || len(a.Actor(d.Today()).Roles) == 0 {
			return nil, notSignedIn()
		}
		u, err = passkeyUserOf(ctx, tx, a)
		return u, err
	}, session, parsed)
	if err != nil || bad != nil || credential.Authenticator.CloneWarning {
		return u, false, err
	}
	return u, true, u.keepCount(ctx, tx, credential)
}

// keepCount remembers the count that a passkey showed.
func (u passkeyUser) keepCount(ctx context.Context, tx *store.Tx, c *webauthn.Credential) error {
	for i, k := range u.keys {
		if string(k.ID) == string(c.ID) {
			body := binary.BigEndian.AppendUint32(nil, c.Authenticator.SignCount)
			return tx.PutPassing(ctx, store.Passing{Kind: passingCount, Key: u.held[i].ID, Owner: u.ID, Body: body, Until: tx.Now().Add(countFor)})
		}
	}
	return nil
}
