package witness

import (
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

func TestAddWatchesALogOnceAndKeepsItsKey(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l, impostor, other := newTree(t, "log.example/xab"), newTree(t, "log.example/xab"), newTree(t, "log.example/xaa")
		add := func(verifier string) (origin string, err error) {
			err = db.Write(ctx, "keeper", func(tx *store.Tx) (err error) { origin, err = Add(ctx, tx, verifier); return err })
			return origin, err
		}
		for range 2 {
			if origin, err := add(l.verifier); err != nil || origin != l.origin {
				t.Fatal(origin, err)
			}
		}
		if _, err := add(impostor.verifier); !fault.Is(err, fault.Refused) {
			t.Errorf("another key: %v", err)
		}
		if _, err := add(other.verifier); err != nil {
			t.Error(err)
		}
		_, witness, err := tlog.NewWitnessSigner("witness.example/w")
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "log.example/xac", witness, l.signer, l.verifier + " https://log.example", l.verifier + "\nlog " + other.verifier, " " + l.verifier, strings.ToUpper(l.verifier)} {
			if _, err := add(bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			list, err := List(ctx, tx)
			if err != nil || len(list) != 2 || list[0].Origin != other.origin || list[1].Verifier != l.verifier || list[1].Seen != 0 {
				t.Errorf("%+v %v", list, err)
			}
			entries, err := tx.Since(ctx, 0, 100)
			watched := 0
			for _, e := range entries {
				if e.Act == "witness.watch" {
					watched++
				}
			}
			if watched != 2 {
				t.Errorf("%d logs journalled: %+v", watched, entries)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAdvanceSwapsOnlyWhatItWasDecidedOn(t *testing.T) {
	storetest.Open(t, func(t *testing.T, db *store.DB) {
		l := newTree(t, "log.example/xaa")
		o := newObserver(t, db, l)
		l.grow(16, "a")
		advance := func(held Watched) error {
			return db.Write(ctx, "w", func(tx *store.Tx) error {
				if err := Advance(ctx, tx, held, tlog.Checkpoint{Origin: l.origin, Size: l.size, Root: l.root}, l.sign()); err != nil {
					return err
				}
				_, err := tx.Journal(ctx, "witness.cosign", l.origin, Digest(l.sign()))
				return err
			})
		}
		fresh := o.held(l)
		if err := advance(fresh); err != nil {
			t.Fatal(err)
		}
		held := o.held(l)
		otherRoot, otherSize, unknown := held, held, held
		otherRoot.Root, otherSize.Size, unknown.Origin = tlog.Hex(tlog.Hash{}), 15, "log.example/xab"
		for _, stale := range []Watched{fresh, otherRoot, otherSize, unknown} {
			if err := advance(stale); !fault.Is(err, fault.Conflict) {
				t.Errorf("%+v: %v", stale, err)
			}
		}
		if err := advance(held); err != nil {
			t.Error(err)
		}
	})
}

func TestADamagedRowIsNoLicenceToSign(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	o := newObserver(t, storetest.At(t, t.TempDir()), l)
	l.grow(16, "a")
	o.cosigned(o.post(l.request(0).Marshal()), l)
	err := o.db.Write(ctx, "t", func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE witness_log SET root='damaged'"); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "t", "", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.refused(o.post(l.request(16).Marshal()), 503)
}
