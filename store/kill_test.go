package store_test

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"ward/store"
	"ward/store/storetest"
)

// rounds is how often the tests that break things do so.
func rounds(usual, all int) int {
	if os.Getenv("WARD_TEST_ALL") == "1" {
		return all
	}
	return usual
}

// A program killed at any moment has lost nothing that it acknowledged, and has left nothing in halves.
func TestKilledWritersLoseNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the signals of Unix: run it on Linux or macOS")
	}
	t.Run("sqlite", func(t *testing.T) { killMany(t, func(t *testing.T) string { return t.TempDir() }) })
	t.Run("postgres", func(t *testing.T) { killMany(t, func(t *testing.T) string { return storetest.Postgres(t) }) })
}

func killMany(t *testing.T, target func(*testing.T) string) {
	const perWorkspace = 20 // then a new one: looking through all that was kept takes longer and longer
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	total := 0
	for done := 0; done < rounds(20, 200); done += perWorkspace {
		where := target(t)
		var acked []string
		for i := range perWorkspace {
			acked = append(acked, killOnce(t, where, strconv.Itoa(i), random)...)
			db := open(t, where)
			check(t, db, acked)
			checkLog(t, db)
			db.Close()
			if t.Failed() {
				t.Fatalf("seed %d, round %d", seed, done+i)
			}
		}
		total += len(acked)
	}
	t.Logf("seed %d: %d writes acknowledged before the kills", seed, total)
	if total == 0 {
		t.Error("every child was killed before it wrote anything")
	}
}

// killOnce kills a child, half of the time while it opens the workspace, and gives what it was told is durable.
func killOnce(t *testing.T, target, name string, random *rand.Rand) []string {
	t.Helper()
	p := start(t, orders{Target: target, Name: name, Writers: 32, Pages: 50})
	if random.IntN(2) == 0 {
		<-p.first
	}
	time.Sleep(time.Duration(random.Int64N(int64(80 * time.Millisecond))))
	p.Process.Kill()
	code, acked := p.end()
	if code >= 0 { // it ended by itself
		t.Fatalf("the child ended with %d: %s", code, p.said)
	}
	return acked
}

func open(t *testing.T, target string) *store.DB {
	t.Helper()
	db, err := store.Open(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// check compares a workspace with what was acknowledged: nothing is lost or doubled, every record has its journal row and every
// journal row its record, and of writes that were taken back nothing is left.
func check(t *testing.T, db *store.DB, acked []string) {
	t.Helper()
	records, journal := list(t, db)
	has := map[string]bool{}
	for _, id := range records {
		has[id] = true
		if strings.HasPrefix(id, takenBack) {
			t.Errorf("%s was taken back and is there", id)
		}
	}
	for _, id := range records {
		if first, ok := strings.CutSuffix(id, second); ok && !has[first] {
			t.Errorf("%s is there and %s is not", id, first)
		}
	}
	journalled := map[string]bool{}
	for _, id := range journal {
		if journalled[id] || !has[id] {
			t.Errorf("%s: journalled before %v, there %v", id, journalled[id], has[id])
		}
		journalled[id] = true
	}
	if len(journalled) != len(records) {
		t.Errorf("%d records and %d journal rows", len(records), len(journalled))
	}
	for _, id := range acked {
		if !has[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
}
