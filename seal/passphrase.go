package seal

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"ward/fault"
)

// Bounds of what a keyring may ask of this machine: its numbers are read before anything about it is proved.
const (
	maxTime      = 16
	maxMemoryKiB = 1 << 20 // 1 GiB
	maxThreads   = 16
	saltSize     = 16
)

// minPassphrase is in characters. Argon2id makes each guess dear; with fewer characters even dear guesses are soon through.
const minPassphrase = 12

// Cost is what one guess of the passphrase costs with Argon2id (RFC 9106).
type Cost struct {
	Time      uint32 `json:"time"`      // passes, 1..16
	MemoryKiB uint32 `json:"memoryKiB"` // from 8 for each thread to 1 GiB
	Threads   uint8  `json:"threads"`   // 1..16
}

// Recommended is the second choice of RFC 9106 section 4: 3 passes over 64 MiB in 4 threads.
func Recommended() Cost { return Cost{Time: 3, MemoryKiB: 64 << 10, Threads: 4} }

func (c Cost) check() error {
	if c.Time < 1 || c.Time > maxTime || c.Threads < 1 || c.Threads > maxThreads || c.MemoryKiB < 8*uint32(c.Threads) || c.MemoryKiB > maxMemoryKiB {
		return fault.New(fault.Limit, "the keyring asks for %d passes over %d KiB in %d threads to try a passphrase", c.Time, c.MemoryKiB, c.Threads).
			Keeping("nothing was tried").Do("use 1 to %d passes, at most %d KiB and 1 to %d threads; if nobody set these, restore the keyring from a backup",
			maxTime, maxMemoryKiB, maxThreads)
	}
	return nil
}

// Lock is the envelope that the passphrase opens; it holds the desk key.
type Lock struct {
	Salt   []byte `json:"salt"` // 16 bytes, new with each passphrase
	Cost   Cost   `json:"cost"`
	Sealed []byte `json:"sealed"`
}

// newLock puts the desk key behind a passphrase.
func newLock(d *Desk, passphrase []byte, cost Cost) (Lock, error) {
	if err := longEnough(passphrase); err != nil {
		return Lock{}, err
	}
	if err := cost.check(); err != nil {
		return Lock{}, err
	}
	l := Lock{Salt: make([]byte, saltSize), Cost: cost}
	rand.Read(l.Salt)
	l.Sealed = l.stretch(passphrase).Seal(lockContext(d.generation), d.key[:])
	return l, nil
}

// open gives the desk key.
func (l Lock) open(generation int, passphrase []byte) (Key, error) {
	if err := l.Cost.check(); err != nil {
		return Key{}, err
	}
	if len(l.Salt) != saltSize {
		return Key{}, damaged()
	}
	key, err := l.stretch(passphrase).openKey(lockContext(generation), l.Sealed)
	if err != nil {
		return Key{}, fault.New(fault.Refused, "the passphrase does not open this workspace").
			Keeping("nothing was changed").Do("check the keyboard's language and capitals; if it is forgotten, two key shares open the workspace")
	}
	return key, nil
}

func (l Lock) stretch(passphrase []byte) Key {
	return Key(argon2.IDKey(canonical(passphrase), l.Salt, l.Cost.Time, l.Cost.MemoryKiB, l.Cost.Threads, uint32(len(Key{}))))
}

func lockContext(generation int) string { return fmt.Sprintf("ward/passphrase/v1 %d", generation) }

// canonical drops blanks at the ends, such as the line end of a passphrase file, and composes letters (NFC, as RFC 8265 has it): keyboards
// of two systems may send the same letter differently.
func canonical(passphrase []byte) []byte { return norm.NFC.Bytes(bytes.TrimSpace(passphrase)) }

func longEnough(passphrase []byte) error {
	if n := utf8.RuneCount(canonical(passphrase)); n < minPassphrase {
		return fault.New(fault.Invalid, "the passphrase has %d characters; it needs %d or more", n, minPassphrase).
			Keeping("nothing was changed").Do("take five words at random, from a book opened blindly or by dice")
	}
	return nil
}
