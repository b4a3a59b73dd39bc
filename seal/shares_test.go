package seal

import (
	"strings"
	"testing"

	"ward/fault"
)

// confirmed makes n shares, confirms them with the first two, and gives these.
func confirmed(r *Keyring, d *Desk, n int) (a, b Share, err error) {
	shares, pending, err := r.NewShares(d, n)
	if err != nil {
		return a, b, err
	}
	return shares[0], shares[1], r.ConfirmShares(d, pending, shares[0], shares[1])
}

// The products stand in FIPS 197: {57} x {83} = {c1}, {57} x {13} = {fe}, and {57} x {02}, {04}, {08}, {10} = {ae}, {47}, {8e}, {07}.
func TestMultiplyKnownProducts(t *testing.T) {
	for _, c := range []struct{ a, b, want byte }{
		{0x57, 0x83, 0xc1}, {0x57, 0x13, 0xfe}, {0x57, 0x02, 0xae}, {0x57, 0x04, 0x47}, {0x57, 0x08, 0x8e}, {0x57, 0x10, 0x07}, {0x57, 1, 0x57}, {0x57, 0, 0}, {0, 0x57, 0},
	} {
		if got := multiply(c.a, c.b); got != c.want {
			t.Errorf("%02x x %02x = %02x, want %02x", c.a, c.b, got, c.want)
		}
	}
	for a := 1; a < 256; a++ {
		if got := multiply(byte(a), invert(byte(a))); got != 1 {
			t.Errorf("%02x times its inverse is %02x", a, got)
		}
	}
}

// By hand, for the byte S = 2a with R = 57: share 1 is 2a+57 = 7d; share 2 is 2a+ae = 84; share 3 is 2a+57+ae = d3; share 4 is 2a+47 = 6d.
func TestSplitKnownShares(t *testing.T) {
	secret, slope := [secretSize]byte{0x2a}, [secretSize]byte{0x57, 0x01}
	shares := split(7, secret, slope, 4)
	for i, want := range []byte{0x7d, 0x84, 0xd3, 0x6d} {
		s := shares[i]
		if s.set != 7 || s.x != byte(i+1) || s.y[0] != want || s.y[1] != s.x || s.y[2] != 0 {
			t.Errorf("share %d: %+v, want first byte %02x", i+1, s, want)
		}
	}
}

func TestAnyTwoSharesOpenTheDesk(t *testing.T) {
	r, d := newTestKeyring(t)
	shares, pending, err := r.NewShares(d, 16)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.ConfirmShares(d, pending, shares[15], shares[0]); err != nil {
		t.Fatal(err)
	}
	r = stored(t, r)
	for i, a := range shares {
		for j, b := range shares {
			got, err := r.UnlockWithShares(a, b)
			if i == j {
				if !fault.Is(err, fault.Refused) {
					t.Errorf("share %d twice: %v", i+1, err)
				}
			} else if err != nil || got.key != d.key {
				t.Errorf("shares %d and %d: %v", i+1, j+1, err)
			}
		}
	}
}

// For a fixed secret, over all slopes, the byte in a share takes every value exactly once: whoever holds one share knows no more of the
// secret than before.
func TestOneShareAloneSaysNothing(t *testing.T) {
	for _, secret := range []byte{0x00, 0x01, 0x2a, 0xff} {
		for x := range maxShares {
			var count [256]int
			for slope := range 256 {
				shares := split(0, [secretSize]byte{secret}, [secretSize]byte{byte(slope)}, maxShares)
				count[shares[x].y[0]]++
			}
			for y, n := range count {
				if n != 1 {
					t.Fatalf("secret %02x, share %d: the byte %02x comes %d times of 256", secret, x+1, y, n)
				}
			}
		}
	}
}

// The slope is drawn anew each time, and for each byte: else two sets, or two bytes of one share, would betray each other. The bound is
// a chi-squared of 255 degrees that chance exceeds once in fifty million runs.
func TestSharesOfOneDeskAreSpreadEvenly(t *testing.T) {
	r, d := newTestKeyring(t)
	var count [256]int
	const sets = 2000
	for range sets {
		shares, _, err := r.NewShares(d, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, y := range shares[0].y {
			count[y]++
		}
	}
	expected := float64(sets*secretSize) / 256
	var chi float64
	for _, n := range count {
		chi += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	if chi > 400 {
		t.Errorf("chi-squared %.0f: the bytes of a share are not uniform", chi)
	}
}

func TestSharesCountOnlyWhenTwoWereRecombined(t *testing.T) {
	r, d := newTestKeyring(t)
	shares, pending, err := r.NewShares(d, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.UnlockWithShares(shares[0], shares[1]); !fault.Is(err, fault.Refused) {
		t.Errorf("unconfirmed shares open: %v", err)
	}
	others, _, err := r.NewShares(d, 3)
	if err != nil {
		t.Fatal(err)
	}
	forged := shares[1]
	forged.y[3] ^= 1
	for _, c := range []struct {
		a, b Share
		want string
	}{
		{shares[0], shares[0], "the same share was given twice"},
		{shares[0], others[1], "from different sets"},
		{others[0], others[1], "from another set"},
		{shares[0], forged, "do not open"},
		{shares[0], Share{set: shares[0].set, x: 2, y: shares[0].y}, "do not open"},
	} {
		if err := r.ConfirmShares(d, pending, c.a, c.b); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), c.want) || r.Shares != nil {
			t.Errorf("%s: %v", c.want, err)
		}
	}
	if err := r.ConfirmShares(d, pending, shares[2], shares[0]); err != nil {
		t.Error(err)
	}
}

func TestNewSetReplacesTheFormerOnlyWhenConfirmed(t *testing.T) {
	r, d := newTestKeyring(t)
	a, b, err := confirmed(r, d, 2)
	if err != nil {
		t.Fatal(err)
	}
	shares, pending, err := r.NewShares(d, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.UnlockWithShares(a, b); err != nil {
		t.Errorf("a pending set pushed out the one in force: %v", err)
	}
	if err := r.ConfirmShares(d, pending, shares[0], shares[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := r.UnlockWithShares(a, b); !fault.Is(err, fault.Refused) {
		t.Errorf("the former set still opens: %v", err)
	}
	if _, err := r.UnlockWithShares(shares[0], a); !fault.Is(err, fault.Refused) {
		t.Errorf("a former and a new share open: %v", err)
	}
}

func TestPendingSetDiesWithItsDeskKey(t *testing.T) {
	r, d := newTestKeyring(t)
	shares, pending, err := r.NewShares(d, 2)
	if err != nil {
		t.Fatal(err)
	}
	next, desk, err := r.Rotate(d, []byte(words), cheap)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.ConfirmShares(desk, pending, shares[0], shares[1]); !fault.Is(err, fault.Conflict) || next.Shares != nil {
		t.Errorf("got %v", err)
	}
	if err := next.ConfirmShares(d, pending, shares[0], shares[1]); !fault.Is(err, fault.Conflict) || next.Shares != nil {
		t.Errorf("got %v", err)
	}
}

// A pending envelope lies in the database; parts of it from elsewhere must not be put in force, for they would lock the holders out later.
func TestPatchedPendingEnvelopesAreRefused(t *testing.T) {
	r, d := newTestKeyring(t)
	shares, pending, err := r.NewShares(d, 3)
	if err != nil {
		t.Fatal(err)
	}
	secret := combine(shares[0], shares[1])
	elsewhere := &Desk{generation: d.generation, key: NewKey()}
	other := newEnvelope(d, pending.Set, pending.Number, make([]byte, secretSize))
	for name, patch := range map[string]func(e *Envelope){
		"other secret":   func(e *Envelope) { e.Secret = other.Secret },
		"other key":      func(e *Envelope) { e.Sealed = newEnvelope(elsewhere, e.Set, e.Number, secret[:]).Sealed },
		"other envelope": func(e *Envelope) { e.Sealed = other.Sealed },
		"other number":   func(e *Envelope) { e.Number = 5 },
		"other set":      func(e *Envelope) { e.Set++ },
		"short secret":   func(e *Envelope) { e.Secret = d.key.Seal(e.context(d.generation), secret[:8]) },
		"no secret":      func(e *Envelope) { e.Secret = nil },
		"nothing":        func(e *Envelope) { *e = Envelope{} },
	} {
		e := pending
		patch(&e)
		if err := r.ConfirmShares(d, e, shares[0], shares[1]); err == nil || r.Shares != nil {
			t.Errorf("%s: put in force (%v)", name, err)
		}
	}
}

// An envelope of a former desk key, put back into the newer keyring, opens nothing.
func TestEnvelopeOfAFormerGenerationIsRefused(t *testing.T) {
	r, d := newTestKeyring(t)
	a, b, err := confirmed(r, d, 2)
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := r.Rotate(d, []byte(words), cheap)
	if err != nil {
		t.Fatal(err)
	}
	next.Shares = r.Shares
	if _, err := next.UnlockWithShares(a, b); !fault.Is(err, fault.Refused) {
		t.Errorf("got %v", err)
	}
}

func TestNumberOfSharesIsBounded(t *testing.T) {
	r, d := newTestKeyring(t)
	for _, n := range []int{-1, 0, 1, 17, 1 << 30} {
		if _, _, err := r.NewShares(d, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d shares: %v", n, err)
		}
	}
	for _, n := range []int{2, 16} {
		if got, _, err := r.NewShares(d, n); err != nil || len(got) != n {
			t.Errorf("%d shares: %d, %v", n, len(got), err)
		}
	}
}
