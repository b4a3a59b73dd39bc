// Package storetest gives every store test a real database: SQLite in a temporary directory, and PostgreSQL when
// WARD_TEST_POSTGRES holds an address.
package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"ward/seal"
	"ward/store"
	"ward/tlog"
)

// Passphrase locks the workspaces of tests.
const Passphrase = "an invented passphrase"

// Cheap makes a passphrase cheap to guess: tests open workspaces by the hundred.
func Cheap() seal.Cost { return seal.Cost{Time: 1, MemoryKiB: 64, Threads: 1} }

// Unlock opens a database with Passphrase, and founds its keys where it has none.
func Unlock(ctx context.Context, db *store.DB) error {
	lock, err := db.Lock(ctx)
	if err != nil {
		return err
	}
	if lock.Keyring == "" {
		return found(ctx, db)
	}
	var ring seal.Keyring
	if err := json.Unmarshal([]byte(lock.Keyring), &ring); err != nil {
		return err
	}
	key, err := ring.Unlock([]byte(Passphrase))
	if err == nil {
		db.Unlock(key, lock.Origin)
	}
	return err
}

func found(ctx context.Context, db *store.DB) error {
	const origin = "ward/test"
	ring, key, err := seal.NewKeyring([]byte(Passphrase), Cheap())
	if err != nil {
		return err
	}
	signer, _, err := tlog.NewSigner(origin)
	if err != nil {
		return err
	}
	if err := ring.SetSecret(key, "log", []byte(signer)); err != nil {
		return err
	}
	body, err := json.Marshal(ring)
	if err != nil {
		return err
	}
	err = db.Write(ctx, "test", func(tx *store.Tx) error {
		tx.Use(key, origin)
		if err := tx.PutLock(ctx, store.Lock{Keyring: string(body), Origin: origin}); err != nil {
			return err
		}
		if _, err := tx.NewKeys(ctx, store.Workspace); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "workspace.found", store.Workspace, "")
		return err
	})
	if err == nil {
		db.Unlock(key, origin)
	}
	return err
}

// Open runs test once on SQLite and once on PostgreSQL. Without a server the second is skipped, or fails where
// WARD_TEST_ALL=1.
func Open(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, At(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { test(t, At(t, Postgres(t))) })
}

// At opens and unlocks one target and closes it when the test ends.
func At(t testing.TB, target string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := Unlock(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// Postgres makes an empty schema of its own and returns an address that uses it.
func Postgres(t testing.TB) string {
	t.Helper()
	address := os.Getenv("WARD_TEST_POSTGRES")
	if address == "" {
		skip(t, "PostgreSQL: install Debian's postgresql, start a server on loopback and set WARD_TEST_POSTGRES=postgres://... (see .ci/run)")
	}
	name := fmt.Sprintf("t%d_%s", time.Now().UnixNano(), strings.Map(lower, t.Name()))
	name = name[:min(len(name), 60)]
	admin, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.Exec("DROP SCHEMA " + name + " CASCADE")
		admin.Close()
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func lower(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return r
	case r >= 'A' && r <= 'Z':
		return r + 32
	}
	return '_'
}

func skip(t testing.TB, how string) {
	t.Helper()
	if os.Getenv("WARD_TEST_ALL") == "1" {
		t.Fatalf("WARD_TEST_ALL=1 and no %s", how)
	}
	t.Skip("needs " + how)
}
