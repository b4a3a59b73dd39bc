package witness

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"ward/store/storetest"
	"ward/tlog"
)

// council is three witnesses of one log, each with a database of its own, and the policy that two of them must cosign.
type council struct {
	t      *testing.T
	who    []*observer
	peers  []Peer
	policy *tlog.Policy
}

func newCouncil(t *testing.T, l *tree) *council {
	t.Helper()
	c := &council{t: t}
	text := "log " + l.verifier + "\n"
	for i := range 3 {
		o := newObserver(t, storetest.At(t, t.TempDir()), l)
		name := fmt.Sprint("w", i+1)
		c.who = append(c.who, o)
		c.peers = append(c.peers, Peer{Name: name, URL: o.url, Verifier: o.verifier})
		text += "witness " + name + " " + o.verifier + "\n"
	}
	policy, err := tlog.ParsePolicy(text + "group council 2 w1 w2 w3\nquorum council\n")
	if err != nil {
		t.Fatal(err)
	}
	c.policy = policy
	return c
}

// gather asks some of the witnesses for a log as it stands and checks what the policy says of the result.
func (c *council) gather(l *tree, peers []Peer, want ...Outcome) Result {
	c.t.Helper()
	r := Gather(ctx, http.DefaultClient, peers, l.sign(), l.prove)
	cosigned := 0
	for i, a := range r.Answers {
		if a.Name != peers[i].Name || a.Outcome != want[i] || (a.Err == nil) != (a.Outcome == Cosigned) {
			c.t.Errorf("%s: %s %v, want %s", a.Name, a.Outcome, a.Err, want[i])
		}
		if a.Outcome == Cosigned {
			cosigned++
		}
	}
	v, err := c.policy.Judge(r.Signed)
	if err != nil || len(v.Cosigners) != cosigned || v.Quorum != (cosigned >= 2) {
		c.t.Errorf("%d cosigned, the policy says %+v %v", cosigned, v, err)
	}
	return r
}

func TestGatherBringsTheQuorumAndRemembersSizes(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	c := newCouncil(t, l)
	l.grow(16, "a")
	r := c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
	for i := range c.peers {
		if c.peers[i].Size = r.Answers[i].Held; c.peers[i].Size != 16 || r.Answers[i].At.IsZero() {
			t.Errorf("%+v", r.Answers[i])
		}
	}
	l.grow(300, "b")
	c.peers[1].Size, c.peers[2].Size = 0, 7 // forgotten, and wrong
	c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
	c.peers[0].Size = 5000 // larger than the log itself
	c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
}

func TestGatherGoesOnWithoutThoseWhoAreDown(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	c := newCouncil(t, l)
	l.grow(16, "a")
	busy, _ := posing(t, saying(503, "text/plain", "no"))
	c.peers[1].URL = busy
	r := c.gather(l, c.peers, Cosigned, Unreachable, Cosigned)
	if !errors.Is(r.Answers[1].Err, ErrUnreachable) || r.Seen() != 0 {
		t.Errorf("%+v", r)
	}
	// the one who was down cosigns the same checkpoint later; what the others signed stays
	c.peers[1].URL = c.who[1].url
	late := Gather(ctx, http.DefaultClient, c.peers[1:2], r.Signed, l.prove)
	if v, err := c.policy.Judge(late.Signed); err != nil || len(v.Cosigners) != 3 {
		t.Errorf("%+v %v", v, err)
	}
}

// An evil log has one key and two histories. Whatever it shows to whom in whatever order, the second history finds no quorum.
func TestASecondHistoryFindsNoQuorum(t *testing.T) {
	for name, second := range map[string]int{"smaller": 10, "of the same size": 40, "larger": 70} {
		t.Run(name, func(t *testing.T) {
			l := newTree(t, "log.example/xaa")
			c := newCouncil(t, l)
			l.grow(20, "common")
			c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
			evil := l.fork()
			l.grow(40, "told to two")
			evil.grow(second, "told to the third")
			down := slices.Clone(c.peers)
			down[2].URL = "http://" + strings.TrimPrefix(c.who[2].url, "http://") + "/elsewhere"
			first := c.gather(l, down[:2], Cosigned, Cosigned)
			no := Refused
			if evil.size < l.size {
				no = RolledBack
			}
			other := c.gather(evil, c.peers, no, no, Cosigned)
			// the cosignatures of the first history do not serve the second
			v, err := c.policy.Judge(graft(t, other.Signed, first.Signed))
			if err == nil && v.Quorum {
				t.Error("a quorum for the second history")
			}
			// and nobody changes sides: the third holds to what it saw
			back := c.gather(l, c.peers, Cosigned, Cosigned, map[bool]Outcome{true: RolledBack, false: Refused}[evil.size > l.size])
			if v, _ := c.policy.Judge(back.Signed); !v.Quorum {
				t.Error("the first history lost its quorum")
			}
		})
	}
}

// graft puts one checkpoint's signature lines under another's.
func graft(t *testing.T, onto, from []byte) []byte {
	t.Helper()
	_, lines, ok := bytes.Cut(from, []byte("\n\n"))
	if !ok {
		t.Fatal("no signatures")
	}
	return append(bytes.Clone(onto), lines...)
}

func TestALogThatWasRolledBackLearnsHowFarItHadCome(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	c := newCouncil(t, l)
	l.grow(20, "a")
	backup := l.fork()
	c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
	l.grow(13, "b")
	c.gather(l, c.peers[:2], Cosigned, Cosigned)
	for i := range c.peers {
		c.peers[i].Size = 20
	}
	r := c.gather(backup, c.peers, RolledBack, RolledBack, Cosigned)
	if r.Seen() != 33 || r.Answers[0].Held != 33 {
		t.Errorf("seen %d: %+v", r.Seen(), r.Answers)
	}
}

// A witness cannot make the log add what its key did not sign, ask for ever, or hide behind another's name.
func TestGatherTrustsNoWitnessFurtherThanItsKey(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	honest := newObserver(t, storetest.At(t, t.TempDir()), l)
	other := newObserver(t, storetest.At(t, t.TempDir()), l)
	before := l.fork()
	before.grow(1, "b")
	stale := honest.post(l.request(0).Marshal()).body
	l.grow(16, "c")
	good := other.post(l.request(0).Marshal()).body
	var size atomic.Int64
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   Outcome
		asked  int32
	}{
		"another witness's signature": {saying(200, "text/plain", good), Refused, 1},
		"its own of another tree":     {saying(200, "text/plain", stale), Refused, 1},
		"words":                       {saying(200, "text/plain", "thank you\n"), Refused, 1},
		"nothing":                     {saying(200, "text/plain", ""), Refused, 1},
		"a page":                      {saying(200, "text/html", "<html>"), Refused, 1},
		"another size each time": {func(w http.ResponseWriter, r *http.Request) {
			saying(409, SizeType, fmt.Sprintf("%d\n", size.Add(1)))(w, r)
		}, Refused, 2},
		"a larger size":              {saying(409, SizeType, "33\n"), RolledBack, 1},
		"another same tree":          {saying(409, SizeType, "32\n"), Refused, 2},
		"the size it was asked from": {saying(409, SizeType, "0\n"), Unreachable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			url, asked := posing(t, c.answer)
			r := Gather(ctx, http.DefaultClient, []Peer{{Name: "w", URL: url, Verifier: honest.verifier}}, l.sign(), l.prove)
			a := r.Answers[0]
			if a.Outcome != c.want || a.Err == nil || asked.Load() != c.asked || !bytes.Equal(r.Signed, l.sign()) {
				t.Errorf("%s %v, asked %d times\n%s", a.Outcome, a.Err, asked.Load(), r.Signed)
			}
		})
	}
}

// A witness with several keys answers with several lines; only the one that is known is taken.
func TestGatherTakesTheKnownLineAmongOthers(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	one, two := newObserver(t, storetest.At(t, t.TempDir()), l), newObserver(t, storetest.At(t, t.TempDir()), l)
	lines := one.post(l.request(0).Marshal()).body + two.post(l.request(0).Marshal()).body
	url, _ := posing(t, saying(200, "text/plain", lines))
	r := Gather(ctx, http.DefaultClient, []Peer{{Name: "w", URL: url, Verifier: two.verifier}}, l.sign(), l.prove)
	_, known, _ := strings.Cut(lines, "\n")
	if r.Answers[0].Outcome != Cosigned || string(r.Signed) != string(l.sign())+known {
		t.Errorf("%+v\n%s", r.Answers, r.Signed)
	}
}

func TestGatherSaysWhenThisLogCannotProveItself(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	c := newCouncil(t, l)
	l.grow(16, "a")
	c.gather(l, c.peers, Cosigned, Cosigned, Cosigned)
	l.grow(16, "b")
	broken := errors.New("a tile is missing")
	r := Gather(ctx, http.DefaultClient, c.peers, l.sign(), func(int64) ([]tlog.Hash, error) { return nil, broken })
	for _, a := range r.Answers {
		if a.Outcome != Unproved || !errors.Is(a.Err, broken) || a.Held != 16 {
			t.Errorf("%+v", a)
		}
	}
	r = Gather(ctx, http.DefaultClient, c.peers, []byte("no checkpoint"), l.prove)
	if a := r.Answers[2]; a.Outcome != Unproved || a.Err == nil || string(r.Signed) != "no checkpoint" {
		t.Errorf("%+v", r)
	}
}

// carrier stands for the network.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// Many are asked at once, not all, and the log's tree is read by one at a time.
func TestGatherAsksSomeAtATime(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	var asking, asked, proving atomic.Int32
	full := make(chan bool)
	release := sync.OnceFunc(func() { close(full) })
	network := carrier(func(*http.Request) (*http.Response, error) {
		asked.Add(1)
		n := asking.Add(1)
		defer asking.Add(-1)
		if n > together {
			t.Errorf("%d are asked at once", n)
		}
		if n == together {
			for range 10_000 { // long enough for any further one to come in
				runtime.Gosched()
			}
			release()
		}
		<-full // hangs unless as many are asked at once
		return nil, errors.New("nobody is there")
	})
	peers := make([]Peer, 3*together)
	for i := range peers {
		peers[i] = Peer{URL: "http://witness.example", Size: 8}
	}
	Gather(ctx, &http.Client{Transport: network}, peers, l.sign(), func(old int64) ([]tlog.Hash, error) {
		if proving.Add(1) > 1 {
			t.Error("two proofs at once")
		}
		defer proving.Add(-1)
		runtime.Gosched()
		return l.prove(old)
	})
	if asked.Load() != 3*together {
		t.Errorf("asked %d times", asked.Load())
	}
}
