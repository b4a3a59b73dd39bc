package storetest

import (
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"ward/store"
)

// Clear makes an empty workspace of Ward's first version at target, whose records lie in clear, and gives its database. The caller fills
// and closes it.
func Clear(t testing.TB, target string) *sql.DB {
	t.Helper()
	driver, address := "pgx", target
	if !strings.Contains(target, "://") {
		driver, address = "sqlite", filepath.Join(target, store.FileName)
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	statements := append(ground(t), "CREATE TABLE schema_version (version BIGINT PRIMARY KEY, file TEXT NOT NULL)",
		"INSERT INTO schema_version (version, file) VALUES (1, '0001_ground.sql')")
	if driver == "sqlite" {
		statements = append([]string{"PRAGMA journal_mode=WAL"}, statements...)
	}
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	return db
}

// ground are the statements of the first schema.
func ground(t testing.TB) []string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	body, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "schema", "0001_ground.sql"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(body)), ";\n")
}

// Spellings are the ways in which a word can lie in a file: as it is, in both orders of UTF-16, in hexadecimal digits, and in base64 wherever
// it begins.
func Spellings(word string) []string {
	plain := []byte(word)
	digits := hex.EncodeToString(plain)
	out := []string{word, digits, strings.ToUpper(digits), string(wide(word, 0)), string(wide(word, 1))}
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), plain...))
		out = append(out, encoded[shift+min(shift, 1):len(encoded)-2]) // without the digits that neighbours share
	}
	return out
}

// wide is UTF-16, low bytes first or high bytes first.
func wide(word string, low int) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(word)) {
		pair := []byte{byte(unit), byte(unit >> 8)}
		out = append(out, pair[low], pair[1-low])
	}
	return out
}
