package incident

import (
	"strings"
	"testing"

	"ward/store"
	"ward/store/storetest"
)

// What is asked for at every page and for every State is found in an index: with a million incidents nothing else answers in time.
func TestIncidentsAreFoundInAnIndex(t *testing.T) {
	db := storetest.At(t, t.TempDir())
	for name, w := range map[string]Where{"of a State": {State: "XAA"}, "changed since": {JournalAfter: 5}, "by id": {IDs: []string{"a", "b"}}, "by public id": {PublicIDs: []string{"a", "b"}}} {
		var plan []string
		err := db.Read(ctx, func(tx *store.Tx) error {
			condition, args := w.sql(tx)
			rows, err := tx.Query(ctx, "EXPLAIN QUERY PLAN SELECT i.id, i.sealed FROM incident i WHERE "+condition+" ORDER BY i.id", args...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var step, under, unused int
				var what string
				if err := rows.Scan(&step, &under, &unused, &what); err != nil {
					return err
				}
				plan = append(plan, what)
			}
			return rows.Err()
		})
		if err != nil || len(plan) == 0 {
			t.Fatal(name, plan, err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN") && !strings.HasSuffix(step, "incident_actor_states") { // which holds only lists of States
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}
