package seal

import (
	"fmt"
	"slices"
	"sync"
)

// Desk is the desk key, unlocked, with the workspace's own secrets. It is safe for use by several goroutines.
type Desk struct {
	generation int
	key        Key
	index      Key

	mu      sync.RWMutex
	secrets map[string][]byte // guarded by mu
}

// Format keeps the keys out of logs and messages, whatever the verb.
func (d *Desk) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "[desk key %d]", d.generation) }

// Generation counts the workspace's desk keys from 1; each rotation adds one.
func (d *Desk) Generation() int { return d.generation }

// Index is the key under the workspace's blind look-ups (Key.Blind). A rotation keeps it, so that they need not be made again.
func (d *Desk) Index() Key { return d.index }

// Secret is a copy of the workspace's own secret of this name ("log", "witness"), nil when there is none.
func (d *Desk) Secret(name string) []byte {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.secrets[name])
}

func (d *Desk) hold(name string, value []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.secrets[name] = slices.Clone(value)
}

// Wrap seals a subject's data key under the desk key: 72 bytes.
func (d *Desk) Wrap(subject string, k Key) []byte { return d.key.Seal(wrapContext(subject), k[:]) }

// Unwrap opens what Wrap made for the same subject under the same desk key.
func (d *Desk) Unwrap(subject string, wrapped []byte) (Key, error) {
	return d.key.openKey(wrapContext(subject), wrapped)
}

// What the desk key seals is told apart by its context, so that a wrapped data key never passes for a secret.
func wrapContext(subject string) string { return "ward/wrap/v1 " + subject }
func secretContext(name string) string  { return "ward/secret/v1 " + name }
