package witness

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

func TestGrowthIsCosignedHeldAndJournalled(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		var digests []string
		for _, leaves := range []int{0, 16, 1, 300, 16, 0} { // the first is an empty tree, the last asks again
			old := l.size
			l.grow(leaves, "a")
			o.cosigned(o.post(l.request(old).Marshal()), l)
			digests = append(digests, Digest(l.sign()))
		}
		held := o.held(l)
		if held.Size != 333 || held.Root != tlog.Hex(l.root) || !bytes.Equal(held.Checkpoint, l.sign()) || held.Seen == 0 {
			t.Errorf("held: %+v", held)
		}
		if got := o.cosignings(l); !slices.Equal(got, digests) {
			t.Errorf("journalled %q, want %q", got, digests)
		}
	})
}

// Every way to show a witness another history than the one it holds.
func TestForksAndShrinkingAreNeverCosigned(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		l.grow(20, "common")
		early := l.fork()
		l.grow(20, "the story told first")
		o.cosigned(o.post(l.request(0).Marshal()), l)
		same, larger := early.fork(), early.fork()
		same.grow(20, "another")
		larger.grow(60, "another")
		honest := l.fork()
		honest.grow(8, "more")
		otherProof := larger.request(40)
		otherProof.Proof = honest.request(40).Proof
		noProof := larger.request(40)
		noProof.Proof = nil
		for name, c := range map[string]struct {
			request tlog.WitnessRequest
			status  int
		}{
			"same size, other root":             {same.request(40), http.StatusConflict},
			"larger, with its own proof":        {larger.request(40), http.StatusUnprocessableEntity},
			"larger, with the true log's proof": {otherProof, http.StatusUnprocessableEntity},
			"larger, without proof":             {noProof, http.StatusUnprocessableEntity},
			"larger, from before the fork":      {larger.request(20), http.StatusConflict},
			"larger, as if never seen":          {larger.request(0), http.StatusConflict},
			"smaller, as if never seen":         {early.request(0), http.StatusConflict},
			"smaller, from its own size":        {early.request(20), http.StatusConflict},
			"smaller, from the size held":       {tlog.WitnessRequest{Old: 40, Checkpoint: early.sign()}, http.StatusBadRequest},
		} {
			r := o.post(c.request.Marshal())
			o.refused(r, c.status)
			if c.status == http.StatusConflict && (r.kind != SizeType || r.body != "40\n") {
				t.Errorf("%s: %q %q", name, r.kind, r.body)
			}
		}
		if held := o.held(l); held.Root != tlog.Hex(l.root) || len(o.cosignings(l)) != 1 {
			t.Errorf("a refused request moved the witness: %+v", held)
		}
		o.cosigned(o.post(honest.request(40).Marshal()), honest)
	})
}

func TestStrangersForgersAndGarbageAreRefused(t *testing.T) {
	l, stranger, forger := newTree(t, "log.example/xaa"), newTree(t, "log.example/xab"), newTree(t, "log.example/xaa")
	o := newObserver(t, storetest.At(t, t.TempDir()), l)
	l.grow(16, "a")
	stranger.grow(16, "a")
	forger.grow(16, "a")
	good := string(l.request(0).Marshal())
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"a log nobody watches": {string(stranger.request(0).Marshal()), http.StatusNotFound},
		"another key":          {string(forger.request(0).Marshal()), http.StatusForbidden},
		"nothing":              {"", http.StatusBadRequest},
		"no old size":          {strings.TrimPrefix(good, "old 0\n"), http.StatusBadRequest},
		"a leading zero":       {"old 00" + strings.TrimPrefix(good, "old 0"), http.StatusBadRequest},
		"a negative size":      {"old -1" + strings.TrimPrefix(good, "old 0"), http.StatusBadRequest},
		"a proof of words":     {"old 0\nwords\n" + strings.TrimPrefix(good, "old 0\n"), http.StatusBadRequest},
		"no checkpoint":        {"old 0\n\n", http.StatusBadRequest},
		"no signature":         {good[:strings.Index(good, "— ")], http.StatusBadRequest},
		"returns":              {strings.ReplaceAll(good, "\n", "\r\n"), http.StatusBadRequest},
		"64 KiB and a byte":    {good + strings.Repeat("x", maxRequest+1-len(good)), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			o.t = t
			o.refused(o.post([]byte(c.body)), c.status)
		})
	}
	o.t = t
	if held := o.held(l); held.Size != 0 || len(o.cosignings(l)) != 0 {
		t.Errorf("held %+v", held)
	}
	o.cosigned(o.post([]byte(good)), l)
}

// Two requests decide on the same held checkpoint before either writes: the swap lets one through.
func TestOfTwoRequestsFromTheSameSizeOneWins(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		l.grow(16, "common")
		o.cosigned(o.post(l.request(0).Marshal()), l)
		one, other := l.fork(), l.fork()
		one.grow(16, "one")
		other.grow(16, "other")
		var reading sync.WaitGroup
		reading.Add(2)
		var reads atomic.Int32
		w := o.service()
		w.Read = func(ctx context.Context, fn func(*store.Tx) error) error {
			err := db.Read(ctx, fn)
			if reads.Add(1) <= 2 {
				reading.Done()
				reading.Wait()
			}
			return err
		}
		o.serve(w)
		replies := make([]reply, 2)
		var done sync.WaitGroup
		for i, story := range []*tree{one, other} {
			done.Go(func() { replies[i] = o.post(story.request(16).Marshal()) })
		}
		done.Wait()
		winner, loser := 0, 1
		if replies[0].status != http.StatusOK {
			winner, loser = 1, 0
		}
		o.cosigned(replies[winner], []*tree{one, other}[winner])
		o.refused(replies[loser], http.StatusConflict)
		if replies[loser].body != "32\n" || len(o.cosignings(l)) != 2 {
			t.Errorf("the loser was told %q; %d cosignings", replies[loser].body, len(o.cosignings(l)))
		}
	})
}

func TestARestartedWitnessStillRefuses(t *testing.T) {
	targets := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			l := newTree(t, "log.example/xaa")
			first := storetest.At(t, where)
			o := newObserver(t, first, l)
			fork := l.fork()
			l.grow(16, "told first")
			fork.grow(16, "told later")
			o.cosigned(o.post(l.request(0).Marshal()), l)
			first.Close()
			o.db = storetest.At(t, where)
			o.serve(o.service())
			o.refused(o.post(fork.request(0).Marshal()), http.StatusConflict)
			o.refused(o.post(fork.request(16).Marshal()), http.StatusConflict)
			o.cosigned(o.post(l.request(16).Marshal()), l)
		})
	}
}

var errKilled = errors.New("killed")

// A witness that dies after it committed and before it answered gives a cosignature of the same checkpoint when it is asked again,
// and of no other.
func TestAWitnessKilledBeforeItsAnswerCosignsTheSameAgain(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		fork := l.fork()
		l.grow(16, "sent")
		fork.grow(16, "sent after")
		w := o.service()
		w.Within = func(ctx context.Context, fn func(*store.Tx) error) error {
			return errors.Join(db.Write(ctx, "witness", fn), errKilled)
		}
		o.serve(w)
		o.refused(o.post(l.request(0).Marshal()), http.StatusServiceUnavailable)
		if o.held(l).Size != 16 {
			t.Fatal("the commit was not reached")
		}
		o.serve(o.service())
		o.refused(o.post(fork.request(0).Marshal()), http.StatusConflict)
		o.refused(o.post(fork.request(16).Marshal()), http.StatusConflict)
		o.refused(o.post(l.request(0).Marshal()), http.StatusConflict)
		r := Gather(ctx, http.DefaultClient, []Peer{{Name: "w", URL: o.url, Verifier: o.verifier}}, l.sign(), l.prove)
		if r.Answers[0].Outcome != Cosigned {
			t.Errorf("%+v", r.Answers)
		}
	})
}

// What fails before the commit leaves nothing, and no signature leaves either.
func TestAFailureBeforeTheCommitLeavesNothing(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		l.grow(16, "a")
		good := o.service()
		breaking := map[string]func(*Witness){
			"the key does not sign": func(w *Witness) {
				w.Cosign = func([]byte) ([]byte, error) { return nil, errors.New("no key") }
			},
			"the process dies after signing": func(w *Witness) {
				w.Within = func(ctx context.Context, fn func(*store.Tx) error) error {
					return good.Within(ctx, func(tx *store.Tx) error { return errors.Join(fn(tx), errKilled) })
				}
			},
		}
		for name, breakIt := range breaking {
			w := good
			breakIt(&w)
			o.serve(w)
			o.refused(o.post(l.request(0).Marshal()), http.StatusServiceUnavailable)
			if o.held(l).Size != 0 || len(o.cosignings(l)) != 0 {
				t.Fatalf("%s: something stayed", name)
			}
		}
		o.serve(good)
		o.cosigned(o.post(l.request(0).Marshal()), l)
	})
}

// The journal is sealed: a witness whose workspace nobody has unlocked says so to nobody but its keeper, and signs nothing.
func TestALockedWitnessSignsNothing(t *testing.T) {
	where := t.TempDir()
	l := newTree(t, "log.example/xaa")
	o := newObserver(t, storetest.At(t, where), l)
	l.grow(16, "a")
	locked, err := store.Open(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Close()
	unlocked := o.db
	o.db = locked
	o.serve(o.service())
	r := o.post(l.request(0).Marshal())
	o.refused(r, http.StatusServiceUnavailable)
	if o.db = unlocked; strings.Contains(r.body, "locked") || o.held(l).Size != 0 {
		t.Errorf("%q, held %+v", r.body, o.held(l))
	}
}

// Two trees of one size under the log's own key are told to the witness's keeper; what a stranger can cause is not.
func TestASignedForkIsToldToTheKeeper(t *testing.T) {
	var told bytes.Buffer
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&told, nil)))
	t.Cleanup(func() { slog.SetDefault(usual) })
	l := newTree(t, "log.example/xaa")
	o := newObserver(t, storetest.At(t, t.TempDir()), l)
	forged := newTree(t, "log.example/xaa")
	fork := l.fork()
	l.grow(16, "a")
	forged.grow(16, "b")
	fork.grow(16, "c")
	o.cosigned(o.post(l.request(0).Marshal()), l)
	o.refused(o.post(forged.request(16).Marshal()), http.StatusForbidden)
	o.refused(o.post(l.request(0).Marshal()), http.StatusConflict)
	if told.Len() > 0 {
		t.Errorf("told: %s", told.String())
	}
	o.refused(o.post(fork.request(16).Marshal()), http.StatusConflict)
	if !strings.Contains(told.String(), "signed two trees") || !strings.Contains(told.String(), "log.example/xaa") {
		t.Errorf("told: %s", told.String())
	}
}

func TestTooManyRequestsAtOnceAreTurnedAway(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	o := newObserver(t, storetest.At(t, t.TempDir()), l)
	l.grow(16, "a")
	entered, release := make(chan bool, 4*concurrent), make(chan bool)
	finish := sync.OnceFunc(func() { close(release) })
	w := o.service()
	w.Read = func(ctx context.Context, fn func(*store.Tx) error) error {
		entered <- true
		<-release
		return o.db.Read(ctx, fn)
	}
	o.serve(w)
	t.Cleanup(finish) // before the server waits for those who wait
	var waiting sync.WaitGroup
	for range concurrent {
		waiting.Go(func() { o.post(l.request(0).Marshal()) })
		<-entered
	}
	o.refused(o.post(l.request(0).Marshal()), http.StatusServiceUnavailable)
	finish()
	waiting.Wait()
	o.cosigned(o.post(l.request(16).Marshal()), l)
}

// Whoever repeats a log's last checkpoint cannot keep the log from growing.
func TestRepeatsAreLimitedAndGrowthGoesOn(t *testing.T) {
	var minute atomic.Int64
	db := storetest.At(t, t.TempDir())
	db.SetClock(func() time.Time { return time.Unix(60*minute.Load(), 0) })
	l := newTree(t, "log.example/xaa")
	o := newObserver(t, db, l)
	l.grow(16, "a")
	o.cosigned(o.post(l.request(0).Marshal()), l)
	for range repeatsPerMinute {
		o.cosigned(o.post(l.request(16).Marshal()), l)
	}
	o.refused(o.post(l.request(16).Marshal()), http.StatusTooManyRequests)
	l.grow(16, "b")
	o.cosigned(o.post(l.request(16).Marshal()), l)
	minute.Add(1)
	o.cosigned(o.post(l.request(32).Marshal()), l)
	for range growthsPerMinute {
		old := l.size
		l.grow(1, "c")
		o.cosigned(o.post(l.request(old).Marshal()), l)
	}
	old := l.size
	l.grow(1, "d")
	o.refused(o.post(l.request(old).Marshal()), http.StatusTooManyRequests)
}

func TestThePageTellsPeopleWhatIsWatchedAndNothingElse(t *testing.T) {
	seen, waiting := newTree(t, "log.example/xaa"), newTree(t, "log.example/xab")
	db := storetest.At(t, t.TempDir())
	db.SetClock(func() time.Time { return time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC) })
	o := newObserver(t, db, seen, waiting)
	seen.grow(16, "a")
	o.cosigned(o.post(seen.request(0).Marshal()), seen)
	get := func(path string) reply {
		response, err := http.Get(o.url + path)
		if err != nil {
			t.Fatal(err)
		}
		return read(t, response)
	}
	want := "This witness watches 2 logs.\n\nlog.example/xaa\n  size 16, cosigned 2031-05-06T07:08:09Z\nlog.example/xab\n  size 0, never cosigned\n"
	if r := get("/"); r.status != http.StatusOK || r.body != want || r.kind != "text/plain; charset=utf-8" {
		t.Errorf("%d %q\n%s", r.status, r.kind, r.body)
	}
	if r := get("/add-checkpoint"); r.status != http.StatusMethodNotAllowed {
		t.Errorf("GET /add-checkpoint: %d", r.status)
	}
	if r := get("/log.example/xaa"); r.status != http.StatusNotFound {
		t.Errorf("elsewhere: %d", r.status)
	}
}

// The digest in the journal stays the same whoever cosigned the checkpoint since.
func TestTheDigestIsThatOfTheTextAlone(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	signed := l.grow(16, "a")
	signer, _, err := tlog.NewWitnessSigner("witness.example/w")
	if err != nil {
		t.Fatal(err)
	}
	line, err := tlog.Cosign(signer, signed, time.Unix(1_900_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	more, err := tlog.AddCosignature(signed, line)
	if err != nil {
		t.Fatal(err)
	}
	if Digest(more) != Digest(signed) || Digest(l.grow(1, "b")) == Digest(signed) {
		t.Errorf("digests %s and %s", Digest(signed), Digest(more))
	}
}
