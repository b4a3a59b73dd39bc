package desk

import "ward/store"

// Store is the database below a desk, for tests that damage it or set its clock.
func (d *Desk) Store() *store.DB { return d.db }
