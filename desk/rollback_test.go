package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/store"
	"ward/tlog"
)

// A witness that has seen more keeps a restored workspace from beginning a second history before a person says so, openly.
func TestARestoredLogThatWasRolledBackWaitsForAPerson(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, private(t))
		key, url := serveWitness(t, verifierOf(t, d))
		if err := d.AddWitness(ctx, who, store.Witness{Verifier: key, URL: url}); err != nil {
			t.Fatal(err)
		}
		grow := func() {
			t.Helper()
			take(t, d, write(t, sind(t, event(fmt.Sprint(time.Now().UnixNano()), "2023-01-01", "Event Description", long)).csv()), desk.ImportOptions{})
			if _, err := d.FlushLog(ctx, who); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Cosign(ctx, who); err != nil {
				t.Fatal(err)
			}
		}
		grow()
		b, identity := backUpTo(t, d, t.TempDir())
		grow()
		w := at(t, target)
		r, err := desk.Restore(ctx, who, w, desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true})
		if err != nil {
			t.Fatal(err)
		}
		if r.Rollback == nil || r.Rollback.Size != 16 || r.Rollback.Seen != 32 {
			t.Fatalf("%+v", r)
		}
		back, err := desk.Open(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { back.Close() })
		wantReadOnly(t, back, w)
		if got, err := back.AcceptRollback(ctx, who); err != nil || got != *r.Rollback {
			t.Fatalf("%+v, %v", got, err)
		}
		wantPublic(t, back)
		take(t, back, write(t, sind(t, event("99", "2023-01-01")).csv()), desk.ImportOptions{})
		wantNoRed(t, doctor(t, w, desk.DoctorOptions{}), "database")
		if _, err := back.AcceptRollback(ctx, who); !fault.Is(err, fault.NotFound) {
			t.Errorf("accepted twice: %v", err)
		}
	})
}

func wantReadOnly(t testing.TB, d *desk.Desk, w desk.Workspace) {
	t.Helper()
	if why, err := d.ReadOnly(ctx); err != nil || !strings.Contains(why, "16 leaves") || !strings.Contains(why, "32") {
		t.Errorf("%q, %v", why, err)
	}
	_, err := d.Import(ctx, who, write(t, sind(t, event("98", "2023-01-01")).csv()), desk.ImportOptions{})
	wantFault(t, err, fault.Refused, "read-only", "accept-rollback")
	if _, err := d.FlushLog(ctx, who); !fault.Is(err, fault.Refused) {
		t.Errorf("the log grows: %v", err)
	}
	if err := d.TendLog(ctx, who); err != nil {
		t.Errorf("a server complains every minute: %v", err)
	}
	if page, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: "canary-word", Limit: 5}); err != nil || page.Total != 1 {
		t.Errorf("nothing can be read: %d, %v", page.Total, err)
	}
	wantOnly(t, doctor(t, w, desk.DoctorOptions{}), "rollback database", "has 16 leaves")
}

// wantPublic finds the public leaf of a rollback in the log, provable under the checkpoint.
func wantPublic(t testing.TB, d *desk.Desk) {
	t.Helper()
	acts, err := d.Acts(ctx, who, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(acts, func(e store.Entry) bool { return e.Act == "log.rollback" })
	if i < 0 || acts[i].Position < 0 {
		t.Fatalf("no rollback stands in the log: %+v", acts)
	}
	body := acts[i].Body
	day := time.Now().UTC().Format(time.DateOnly)
	if want := `{"day":"` + day + `","kind":"rollback","seen":32,"size":16,"v":1}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	err = d.Store().Read(ctx, func(tx *store.Tx) error {
		state, err := tx.LogState(ctx)
		if err != nil {
			return err
		}
		c, err := tlog.OpenCheckpoint(state.Checkpoint, verifierOf(t, d))
		if err != nil {
			return err
		}
		path, err := tlog.Inclusion(tx.Tiles(ctx), c.Size, acts[i].Position)
		if err != nil {
			return err
		}
		return tlog.VerifyInclusion(path, c.Size, c.Root, acts[i].Position, tlog.PublicLeaf([]byte(body)))
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAWitnessThatIsSilentDoesNotKeepAnybodyFromRestoring(t *testing.T) {
	d := open(t, private(t))
	key, url := serveWitness(t, verifierOf(t, d))
	if err := d.AddWitness(ctx, who, store.Witness{Verifier: key, URL: strings.Replace(url, "http://", "http://nobody.invalid.", 1)}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FlushLog(ctx, who); err != nil {
		t.Fatal(err)
	}
	b, identity := backUpTo(t, d, t.TempDir())
	r, err := desk.Restore(ctx, who, at(t, private(t)), desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true})
	if err != nil || r.Rollback != nil || len(r.Witnesses) != 1 || r.Witnesses[0].Err == nil {
		t.Errorf("%+v, %v", r, err)
	}
}
