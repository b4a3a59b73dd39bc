package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ward/desk"
	"ward/store"
	"ward/store/storetest"
)

// unvouched are the columns that nothing else tells, each with why: a change by hand is not noticed there.
var unvouched = map[string]string{
	"keyring.edition":       "counts changes; only that two are never made at once depends on it",
	"log_state.hour":        "roughly: between two rows it could be another",
	"log_witness.url":       "an address says nothing about the log",
	"log_witness.size":      "roughly: what the witness holds it says itself when it is asked",
	"log_witness.seen":      "as its size",
	"source_contact.series": "of whom a contact is",
	"disclosure.tier":       "follows from the exit",
	"disclosure.records":    "a number of records",
	"access_log.day":        "of a day that is not over",
	"access_log.who":        "of a day that is not over",
	"access_log.place":      "of a day that is not over",
	"access_log.subject":    "of a day that is not over",
	"access_log.tier":       "of a day that is not over",
	"access_log.at":         "of a day that is not over",
	"journal.who":           "of a public row, whose leaf commits to its body alone",
	"report.seen_run":       "to another import of the same series",
	"setting.name":          "a setting that this program does not know",
	// of an erased row, whose commitment nobody can open any more
	"report.series sealed IS NULL": "erased", "report.external_key sealed IS NULL": "erased", "report.occurrence sealed IS NULL": "erased", "report.supersedes sealed IS NULL": "erased", "report.current sealed IS NULL": "erased",
	"report.gone sealed IS NULL": "erased", "report.journal sealed IS NULL": "erased",
	"incident.namespace sealed IS NULL": "erased", "incident.external_key sealed IS NULL": "erased",
}

// kinds are the tables with the rows that are altered: one of each kind.
var kinds = map[string][]string{
	"journal":         {"secret IS NOT NULL AND leaves IS NULL", "leaves IS NOT NULL", "body IS NOT NULL"},
	"report":          {"current=1 AND sealed IS NOT NULL", "current=0 AND sealed IS NOT NULL", "gone=1 AND sealed IS NOT NULL", "sealed IS NULL"},
	"incident":        {"sealed IS NOT NULL", "sealed IS NULL"},
	"access_log":      {"journal IS NOT NULL", "journal IS NULL"},
	"log_leaf":        {"number IS NULL", "number IS NOT NULL"},
	"log_tile":        {"level=0", "level=1"},
	"subject_key":     {"wrapped IS NOT NULL AND subject<>'workspace'", "wrapped IS NULL"},
	"import_run":      {"id=(SELECT MIN(id) FROM import_run)"},
	"setting":         {"name='origin'", "name='backups'"},
	"audit_value":     nil,
	"entry":           nil,
	"disclosure":      nil,
	"keyring":         nil,
	"log_state":       nil,
	"log_witness":     nil,
	"norm_text":       nil,
	"officer":         nil,
	"source":          nil,
	"tombstone":       nil,
	"witness_log":     nil,
	"schema_version":  {"version=4"},
	"report_rejected": nil,
	"source_contact":  nil,
	"backup_run":      nil,
	"journal_before":  nil,
}

// Whoever changes any column of any row is found out, but for the columns listed.
func TestEveryColumnIsVouchedFor(t *testing.T) {
	w := sick(t)
	tables := map[string][]string{}
	db := storetest.At(t, w.Dir)
	err := db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type='table' AND m.name NOT LIKE 'sqlite_%' AND m.name<>'passing'")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				return err
			}
			tables[table] = append(tables[table], column)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	unnoticed := map[string]bool{}
	for table, columns := range tables {
		conditions, known := kinds[table]
		if !known {
			t.Errorf("table %s is new: say here which of its rows are of which kind", table)
		}
		if len(conditions) == 0 {
			conditions = []string{"1=1"}
		}
		for _, condition := range conditions {
			for _, column := range columns {
				alterColumn(t, table, column, condition, unnoticed)
			}
		}
	}
	for name, why := range unvouched {
		if !unnoticed[name] && !strings.HasPrefix(why, "roughly: ") {
			t.Errorf("%s (%s) is vouched for after all: strike it from the list", name, why)
		}
	}
}

// alterColumn changes one value and looks whether a doctor notices.
func alterColumn(t *testing.T, table, column, condition string, unnoticed map[string]bool) {
	t.Helper()
	w := sick(t)
	if table == "journal_before" {
		return // the model has no such row: a workspace of the first version has
	}
	one := fmt.Sprintf("rowid=(SELECT MIN(rowid) FROM %s WHERE %s)", table, condition)
	statement := fmt.Sprintf(`UPDATE %s SET %s = CASE typeof(%s) WHEN 'integer' THEN CASE WHEN %s IN (0,1) THEN 1-%s ELSE %s+100000 END WHEN 'text' THEN %s||'x' WHEN 'blob' THEN CAST(substr(%s,1,length(%s)-1)||CASE substr(%s,-1) WHEN x'ff' THEN x'00' ELSE x'ff' END AS BLOB) ELSE 7 END WHERE %s`,
		table, column, column, column, column, column, column, column, column, column, one)
	changed, err := tryChange(t, w, statement)
	if err != nil {
		t.Logf("%s.%s where %s: the database refuses the change", table, column, condition)
		return
	}
	if changed != 1 {
		t.Errorf("%s where %s: %d rows were changed", table, condition, changed)
		return
	}
	if noticed(doctor(t, w, desk.DoctorOptions{})) {
		return
	}
	for _, name := range []string{table + "." + column, table + "." + column + " " + condition} {
		if _, excused := unvouched[name]; excused {
			unnoticed[name] = true
			return
		}
	}
	t.Errorf("%s.%s where %s: nobody noticed the change", table, column, condition)
}

// noticed reports that a doctor found something wrong; a publisher's description that differs is yellow.
func noticed(checks desk.Checks) bool {
	return slices.ContainsFunc(checks, func(c desk.Check) bool { return c.Light == desk.Red || c.Name == "sources" && c.Light == desk.Yellow })
}

// tryChange runs a statement past every rule but those of the database itself.
func tryChange(t *testing.T, w desk.Workspace, statement string) (changed int64, err error) {
	t.Helper()
	db := storetest.At(t, w.Dir)
	defer db.Close()
	err = db.Write(ctx, "somebody", func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys=ON"); err != nil {
			return err
		}
		result, err := tx.Exec(ctx, statement)
		if err != nil {
			return err
		}
		if changed, err = result.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.Journal(ctx, "test.change", "", "")
		return err
	})
	return changed, err
}
