package desk

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base32"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"

	"ward/fault"
	"ward/seal"
	"ward/staff"
	"ward/store"
	"ward/text"
)

// Proof is what somebody types to say who they are.
type Proof struct {
	Name       string
	Passphrase string
	Code       string // of the generator, or a recovery code
}

// Limits of guessing. A series of failures locks what it came by, a name or a browser known to the account, and nothing else; no failure
// makes a lock longer, so that nobody keeps another out for more than guessLock at a time. Neither passkeys nor recovery codes are locked.
const (
	guesses   = 10
	guessLock = 15 * time.Minute
)

// Kinds of what passes.
const (
	passingTries  = "tries"
	passingTOTP   = "totp"
	passingDevice = "device"
	passingLink   = "signin-link"
)

// deviceFor is how long a browser counts as known to an account after a sign-in.
const deviceFor = 90 * 24 * time.Hour

// stranger stands in the journal for who tried to sign in and could not.
const stranger = "somebody not signed in"

// notSignedIn is the one answer to whoever could not sign in, whatever was wrong.
func notSignedIn() error {
	return fault.New(fault.Refused, "that did not sign you in").Keeping("nothing was changed").
		Do("check name, passphrase and code, wait for the next code; after several failures wait %d minutes", int(guessLock.Minutes()))
}

// SignedIn is a session that began.
type SignedIn struct {
	Token   string // of the session
	Device  string // by which the browser is known next time
	Account string // id
}

// SignIn begins a session for whoever types an account's name, its passphrase, and a code of its generator or a recovery code. Device is
// what an earlier sign-in left in the browser. Whatever is wrong, the answer and the work done for it are the same.
func (d *Desk) SignIn(ctx context.Context, p Proof, device string) (in SignedIn, err error) {
	people, err := d.people(ctx)
	if err != nil {
		return in, err
	}
	a, _ := staff.Named(people, p.Name)
	who := cmp.Or(a.Name, stranger)
	right, err := d.passphraseRight(ctx, a, p.Passphrase)
	if err != nil {
		return in, err
	}
	var t tries
	err = d.db.Amend(ctx, who, func(tx *store.Tx) error {
		known, err := deviceKnown(ctx, tx, a.ID, device)
		if err != nil {
			return err
		}
		t = triesOf(tx, p.Name, device, known)
		proved, err := d.prove(ctx, tx, a, p, right, &t)
		if err != nil || !proved {
			return err
		}
		in, err = d.beginSession(ctx, tx, a.ID, byPassphrase)
		if err == nil {
			in.Device, err = keepDevice(ctx, tx, a.ID, device, known)
		}
		return err
	})
	if err == nil && in.Token == "" {
		err = d.failedSignIn(ctx, a.ID, t)
	}
	return in, err
}

// failedSignIn answers whoever could not prove who they are, and puts on record that a series of failures locked something.
func (d *Desk) failedSignIn(ctx context.Context, account string, t tries) error {
	if t.begun {
		err := d.db.Amend(ctx, stranger, func(tx *store.Tx) error { return d.noteSignIn(ctx, tx, "staff.locked", account) })
		if err != nil {
			return err
		}
	}
	return notSignedIn()
}

// prove checks the second half of a proof and counts failures; it writes in every case.
func (d *Desk) prove(ctx context.Context, tx *store.Tx, a staff.Account, p Proof, right bool, t *tries) (bool, error) {
	if err := t.load(ctx, tx); err != nil {
		return false, err
	}
	code, recovery := staff.RecoveryCode(p.Code)
	may, ok := right && len(a.Actor(d.Today()).Roles) > 0, false
	var err error
	switch {
	case recovery:
		ok, err = d.useRecovery(ctx, tx, a.ID, code, may)
	case may && !t.locked(tx.Now()):
		ok, err = useTOTP(ctx, tx, a, p.Code)
	}
	if err != nil {
		return false, err
	}
	if ok {
		return true, tx.DropPassing(ctx, passingTries, t.key, "")
	}
	return false, t.failed(ctx, tx)
}

// noteSignIn writes a line into the journal, unless the workspace is read-only.
func (d *Desk) noteSignIn(ctx context.Context, tx *store.Tx, act, account string) error {
	if d.db.Frozen() {
		return nil
	}
	_, err := tx.Journal(ctx, act, account, "")
	return err
}

// tries count failures that came by one way.
type tries struct {
	key   string
	N     int   `json:"n"`
	Until int64 `json:"until,omitempty"` // of the lock
	begun bool  // with this failure
}

// triesOf are those of a browser that the account knows, else of the name typed, whether anybody has it or not.
func triesOf(tx *store.Tx, name, device string, known bool) tries {
	if known {
		return tries{key: "device " + staff.Digest(device)}
	}
	blind, err := tx.Blind("sign-in", staff.Key(name))
	if err != nil {
		blind = "locked workspace"
	}
	return tries{key: "name " + blind}
}

func (t *tries) load(ctx context.Context, tx *store.Tx) error {
	p, ok, err := tx.Passing(ctx, passingTries, t.key)
	if err != nil || !ok {
		return err
	}
	return json.Unmarshal(p.Body, t)
}

func (t *tries) locked(now time.Time) bool { return now.UnixMicro() < t.Until }

// failed counts one failure more. While there is a lock nothing is counted.
func (t *tries) failed(ctx context.Context, tx *store.Tx) error {
	if t.locked(tx.Now()) {
		return nil
	}
	t.N++
	until := tx.Now().Add(guessLock)
	if t.begun = t.N >= guesses; t.begun {
		t.Until = until.UnixMicro()
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return tx.PutPassing(ctx, store.Passing{Kind: passingTries, Key: t.key, Body: body, Until: until})
}

// deviceKnown reports whether the account signed in by this browser before.
func deviceKnown(ctx context.Context, tx *store.Tx, account, device string) (bool, error) {
	if device == "" {
		return false, nil
	}
	p, ok, err := tx.Passing(ctx, passingDevice, staff.Digest(device))
	return ok && account != "" && p.Owner == account, err
}

// keepDevice makes the browser known, or known for longer.
func keepDevice(ctx context.Context, tx *store.Tx, account, device string, known bool) (string, error) {
	if !known {
		device = staff.Token()
	}
	return device, tx.PutPassing(ctx, store.Passing{Kind: passingDevice, Key: staff.Digest(device), Owner: account, Until: tx.Now().Add(deviceFor)})
}

// passphraseCost is what guessing a passphrase costs: at least 64 MiB, less only where a test founded the workspace so.
func (d *Desk) passphraseCost() *argon2id.Params {
	c := d.place.Cost
	if c == (seal.Cost{}) {
		c = seal.Recommended()
	}
	return &argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Time, Parallelism: c.Threads, SaltLength: 16, KeyLength: 32}
}

// atOnce is how many passphrases are hashed at one time: each takes its memory.
const atOnce = 2

// hashing waits for a place, runs fn, and gives the place back.
func (d *Desk) hashing(ctx context.Context, fn func() error) error {
	select {
	case d.staff.places() <- struct{}{}:
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Cancelled, "too many people sign in at this moment")
	}
	defer func() { <-d.staff.places() }()
	return fn()
}

func (r *staffRoom) places() chan struct{} {
	r.once.Do(func() { r.slots = make(chan struct{}, atOnce) })
	return r.slots
}

// composed is the form in which a passphrase is hashed, so that two keyboards write the same.
func composed(passphrase string) string { return norm.NFKC.String(passphrase) }

func (d *Desk) passphraseHash(ctx context.Context, passphrase string) (hash string, err error) {
	err = d.hashing(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(composed(passphrase), d.passphraseCost())
		return err
	})
	return hash, err
}

// passphraseRight compares with the account's passphrase. For an account without one, or none at all, it does the same work and says no.
func (d *Desk) passphraseRight(ctx context.Context, a staff.Account, passphrase string) (right bool, err error) {
	if len(passphrase) > 4*staff.MaxPassphrase {
		passphrase = ""
	}
	kept := a.Of(staff.Passphrase)
	err = d.hashing(ctx, func() (err error) {
		if len(kept) == 0 {
			_, err = argon2id.CreateHash(composed(passphrase), d.passphraseCost())
			return err
		}
		right, err = argon2id.ComparePasswordAndHash(composed(passphrase), kept[len(kept)-1].Hash)
		return err
	})
	return right, err
}

// totpKey reads the secret of a code generator, or draws one.
func totpKey(name, secret string) (*otp.Key, error) {
	opts := totp.GenerateOpts{Issuer: "Ward", AccountName: cmp.Or(name, "-")}
	if secret != "" {
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.TrimRight(secret, "=")))
		if err != nil || len(raw) < 16 || len(raw) > 64 {
			return nil, invalidStaff("the generator's secret cannot be read")
		}
		opts.Secret = raw
	}
	key, err := totp.Generate(opts)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "a code generator could not be made")
	}
	return key, nil
}

// totpPeriod is how long a code is shown, in seconds.
const totpPeriod = 30

// totpStep is the time step, now or one beside it, whose code was typed; 0 is none of them.
func totpStep(secret, typed string, now time.Time) int64 {
	typed = text.Key(typed)
	step := now.Unix() / totpPeriod
	for _, s := range []int64{step, step - 1, step + 1} {
		code, err := totp.GenerateCode(secret, time.Unix(s*totpPeriod, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			return s
		}
	}
	return 0
}

// useTOTP reports whether a code is right and was not used before, and uses it up.
func useTOTP(ctx context.Context, tx *store.Tx, a staff.Account, typed string) (bool, error) {
	for _, h := range a.Of(staff.TOTP) {
		step := totpStep(h.Secret, typed, tx.Now())
		if step == 0 {
			continue
		}
		key := h.ID + " " + strconv.FormatInt(step, 10)
		if _, used, err := tx.Passing(ctx, passingTOTP, key); err != nil || used {
			return false, err
		}
		return true, tx.PutPassing(ctx, store.Passing{Kind: passingTOTP, Key: key, Owner: a.ID, Until: tx.Now().Add(5 * time.Minute)})
	}
	return false, nil
}

// useRecovery reports whether a recovery code is right and was not used before, and puts on record that it is used up. It asks the record
// itself, so that two who use one code at one time do not both come in. Where it may not be used it does the same work, because no lock keeps
// a guesser from timing it. A read-only workspace takes none.
func (d *Desk) useRecovery(ctx context.Context, tx *store.Tx, account, code string, may bool) (bool, error) {
	if d.db.Frozen() {
		return false, nil
	}
	people, _, err := staff.Load(ctx, tx)
	if err != nil {
		return false, err
	}
	a, _ := staff.Find(people, account)
	for _, h := range a.Of(staff.Recovery) {
		if i := slices.Index(h.Codes, staff.Digest(code)); may && i >= 0 && !slices.Contains(h.Used, i) {
			return true, keepStaff(ctx, tx, account, staff.KindUsed, staff.Used{Set: h.ID, Index: i})
		}
	}
	return false, nil
}
