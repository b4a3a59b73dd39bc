package incident

import (
	"context"

	"ward/store"
)

// Erase empties an incident whose key was destroyed: what is left are its ids, under which an import knows that it must not come
// back, and the number of the journal row that took it away.
func Erase(ctx context.Context, tx *store.Tx, id string, number int64) error {
	_, err := tx.Exec(ctx, `UPDATE incident SET series='', date='', day_from=0, day_to=0, country='', location_precision='', certainty='', scope='', context='',
		actor_kind='', actor_state='', contested='', flags='', gone=1, sealed=NULL, journal=$1, leaf=0, year=0, killed=NULL, injured=NULL, abducted=NULL,
		arrested=NULL, all_killed=NULL, all_injured=NULL WHERE id=$2`, number, id)
	return err
}
