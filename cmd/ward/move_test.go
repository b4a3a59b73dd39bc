package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/store/storetest"
)

// The start that seals an earlier version's records says so before it does, and what it cannot promise afterwards.
func TestTheMoveOutOfClearIsTold(t *testing.T) {
	pass := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(pass, []byte(storetest.Passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseFile, pass)
	for name, target := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			where := target(t)
			db := storetest.Clear(t, where)
			if _, err := db.Exec("INSERT INTO journal (number, at, who, act, subject, digest) VALUES (1, 1000, 'ann', 'import.begin', 'r', '00')"); err != nil {
				t.Fatal(err)
			}
			db.Close()
			first, again := logShow(t, where), logShow(t, where)
			for _, words := range []string{"kept its records in clear. Now 1 records", "sealed and checked", "backups"} {
				if !strings.Contains(first, words) || strings.Contains(again, words) {
					t.Errorf("%q is told at the first start or not only there:\n%s\n%s", words, first, again)
				}
			}
			if strings.Contains(first, "VACUUM FULL") != (name == "postgres") {
				t.Errorf("of the server: %s", first)
			}
		})
	}
}

// logShow runs a command over a workspace and gives what it says beside its output.
func logShow(t *testing.T, target string) string {
	t.Helper()
	place := []string{"--data=" + target}
	if strings.Contains(target, "://") {
		place = []string{"--db=" + target, "--data=" + t.TempDir()}
	}
	var said strings.Builder
	cmd := program(t, append([]string{"log", "show"}, place...)...)
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	return said.String()
}
