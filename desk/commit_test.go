package desk_test

import (
	"fmt"
	"slices"
	"testing"

	"ward/access"
	"ward/store"
	"ward/tlog"
)

// proved is a journal row with what opens it.
type proved struct {
	store.Entry
	store.Opening
}

// journal is every row of the journal, each opened.
func journal(t testing.TB, target string) (out []proved) {
	t.Helper()
	reading(t, target, func(tx *store.Tx) error {
		entries, err := tx.Since(ctx, 0, 100000)
		for _, e := range entries {
			o, ok, err := tx.Opening(ctx, e.Number)
			if err != nil || !ok && e.Body == "" {
				t.Errorf("journal row %d does not open: %v", e.Number, err)
			}
			out = append(out, proved{e, o})
		}
		return err
	})
	return out
}

// records computes again, from the records alone, the digests that the journal's batches commit to: by journal number and place.
func records(t testing.TB, target string, rows []proved) map[int64]map[int]tlog.Hash {
	t.Helper()
	out := map[int64]map[int]tlog.Hash{}
	put := func(number int64, leaf int, digest tlog.Hash) {
		if out[number] == nil {
			out[number] = map[int]tlog.Hash{}
		}
		if _, taken := out[number][leaf]; taken {
			t.Errorf("two records claim place %d of journal row %d", leaf, number)
		}
		out[number][leaf] = digest
	}
	for _, r := range reports(t, target) {
		if !r.Erased {
			put(r.Journal, r.Leaf, r.Commitment())
		}
	}
	for _, inc := range incidents(t, target) {
		if !inc.Erased {
			put(inc.Journal, inc.Leaf, inc.Commitment())
		}
	}
	results := map[string]tlog.Hash{}
	for _, run := range runs(t, target) {
		results[run.ID] = run.ResultSecret.Digest(run.Result())
	}
	for _, e := range rows {
		if digest, ok := results[e.Subject]; ok && e.Act == "import.finish" {
			put(e.Number, 0, digest)
		}
	}
	return out
}

// wantCommitted checks that every record's digest stands in the journal at the place it names, and every row's leaf is what the
// row opens to. It returns how many places of batches no record has any more, because it was folded anew since.
func wantCommitted(t testing.TB, target string) (left int) {
	t.Helper()
	rows := journal(t, target)
	have := records(t, target, rows)
	for _, e := range rows {
		if e.Body == "" && e.Event.Leaf() != e.Leaf {
			t.Errorf("journal row %d does not open to its leaf", e.Number)
		}
		if e.Leaves == nil {
			continue
		}
		if got := tlog.Hex(tlog.TreeHash(e.Leaves)); got != e.Digest {
			t.Errorf("journal row %d has the digest %s, its batch %s", e.Number, e.Digest, got)
		}
		left += len(e.Leaves) - len(have[e.Number])
		for leaf, digest := range have[e.Number] {
			if leaf >= len(e.Leaves) || tlog.Hash(e.Leaves[leaf]) != digest {
				t.Errorf("journal row %d (%s): the record at place %d of %d has another digest", e.Number, e.Act, leaf, len(e.Leaves))
			}
		}
		delete(have, e.Number)
	}
	for number := range have {
		t.Errorf("records name journal row %d, which is no batch", number)
	}
	return left
}

// Each batch is one journal row, and its digest can be recomputed from what the batch stored: reports, then the incidents they make,
// then those they change. So can that of the end: the run's result, then the incidents that are gone.
func TestABatchIsOneJournalRowOverItsReports(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2021-01-10"), event("2", "soon"), event("3", "2021-01-12"), event("3", "2021-01-12"), event("4", "2021-01-13"), event("5", "2021-01-13"))
		r := takeTable(t, d, x, 4, 0, 0, 0)
		if left := wantCommitted(t, target); left != 0 {
			t.Errorf("%d places of the first batches belong to no record", left)
		}
		again := takeTable(t, d, sind(t, event("1", "2021-01-10"), event("3", "2021-01-12", "Health Workers Killed", "8"), event("4", "2021-01-13"),
			event("6", "2021-01-13")), 1, 1, 2, 1)
		// of the first batch, incidents 3 (changed) and 5 (gone) were folded anew
		if left := wantCommitted(t, target); left != 2 {
			t.Errorf("%d places belong to no record, want 2", left)
		}
		rows := journal(t, target)
		var acts []string
		for i, e := range rows {
			acts = append(acts, fmt.Sprint(e.Act, " ", len(e.Leaves)))
			if e.Number != int64(i+1) || e.Who != access.Local().Name {
				t.Errorf("%+v", e.Entry)
			}
		}
		if want := []string{"workspace.found 0", "import.begin 0", "import.batch 8", "import.finish 1", "import.begin 0", "import.batch 4", "import.finish 2"}; !slices.Equal(acts, want) {
			t.Fatalf("%v, want %v", acts, want)
		}
		for i, run := range []string{r.Run, again.Run} {
			for _, e := range rows[1+3*i : 4+3*i] {
				if e.Subject != run {
					t.Errorf("row %d is about %s, want the run %s", e.Number, e.Subject, run)
				}
			}
		}
		for _, run := range runs(t, target) {
			begun := rows[slices.Index([]string{"", r.Run, "", "", again.Run}, run.ID)]
			if got := tlog.Hex(run.Secret.Digest(run.Fields())); begun.Digest != got || begun.Act != "import.begin" {
				t.Errorf("the run's beginning has the digest %s, its record %s", begun.Digest, got)
			}
		}
		wantOrder(t, target)
	})
}

// wantOrder checks that within each batch reports stand first, in the order of their rows.
func wantOrder(t testing.TB, target string) {
	t.Helper()
	first := map[int64]int{} // place of a batch's first incident
	for _, inc := range incidents(t, target) {
		if at, ok := first[inc.Journal]; !ok || inc.Leaf < at {
			first[inc.Journal] = inc.Leaf
		}
	}
	at := map[[2]int64]int{}
	for _, r := range reports(t, target) {
		if before, ok := first[r.Journal]; ok && r.Leaf > before {
			t.Errorf("row %d stands at %d, behind the incident at %d", r.Row, r.Leaf, before)
		}
		at[[2]int64{r.Journal, int64(r.Leaf)}] = r.Row
	}
	for place, row := range at {
		if before, ok := at[[2]int64{place[0], place[1] - 1}]; ok && before >= row {
			t.Errorf("row %d stands before row %d", before, row)
		}
	}
}
