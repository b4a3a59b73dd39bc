package entry

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"ward/fault"
	"ward/id"
	"ward/store"
	"ward/tlog"
)

// acts begins the name of every act that brings entries.
const acts = "entry."

// batch is how many entries one journal row commits to at most, as of the reports of an import.
const batch = 1000

// Add puts statements on record, in their order, under a journal row of the act "entry.<register>" for every batch of them; it returns
// their ids. Nothing is written where there are none.
func Add(ctx context.Context, tx *store.Tx, register string, made ...New) (ids []string, err error) {
	for part := range slices.Chunk(made, batch) {
		some, err := add(ctx, tx, register, part)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

func add(ctx context.Context, tx *store.Tx, register string, made []New) ([]string, error) {
	ids, list := make([]string, len(made)), make([]kept, len(made))
	digests := make([]tlog.Hash, len(made))
	for i, n := range made {
		body, err := bodyOf(n)
		if err != nil {
			return nil, err
		}
		ids[i] = id.New(tx.Now())
		list[i] = kept{id: ids[i], kind: n.Kind, subject: n.Subject, by: tx.Who(), at: tx.Micros(), body: body, secret: tlog.NewSecret()}
		if digests[i], err = list[i].commitment(); err != nil {
			return nil, err
		}
	}
	number, err := tx.JournalBatch(ctx, acts+register, "", digests)
	if err != nil {
		return nil, err
	}
	return ids, insert(ctx, tx, ids, list, number)
}

func insert(ctx context.Context, tx *store.Tx, ids []string, list []kept, number int64) error {
	keys, err := tx.NewKeys(ctx, ids...)
	if err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, k := range list {
		packed := store.Pack(k.by, strconv.FormatInt(k.at, 10), string(k.body), string(k.secret[:]))
		rows[i] = []any{k.id, k.kind, k.subject, keys[k.id].Seal("entry "+k.id, packed), number, i}
	}
	return tx.Insert(ctx, "entry", []string{"id", "kind", "subject", "sealed", "journal", "leaf"}, rows, "")
}

// All lists every entry of a kind, the oldest first. Erased ones are left out.
func All[T any](ctx context.Context, tx *store.Tx, kind string) ([]Entry[T], error) {
	return list[T](ctx, tx, "e.kind=$1", kind)
}

// Of lists the entries of a kind about one subject, the oldest first. Erased ones are left out.
func Of[T any](ctx context.Context, tx *store.Tx, kind, subject string) ([]Entry[T], error) {
	return list[T](ctx, tx, "e.kind=$1 AND e.subject=$2", kind, subject)
}

// OfMany lists the entries of a kind about several subjects, by subject, the oldest first. Erased ones are left out.
func OfMany[T any](ctx context.Context, tx *store.Tx, kind string, subjects []string) (map[string][]Entry[T], error) {
	out := map[string][]Entry[T]{}
	for part := range slices.Chunk(subjects, batch) {
		args := []any{kind}
		for _, s := range part {
			args = append(args, s)
		}
		found, err := list[T](ctx, tx, "e.kind=$1 AND e.subject IN ("+tx.Marks(2, len(part))+")", args...)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			out[e.Subject] = append(out[e.Subject], e)
		}
	}
	return out, nil
}

// After lists the entries of a kind that journal rows after a number brought, the oldest first: what a reader who follows the journal has
// not seen. Erased ones are left out.
func After[T any](ctx context.Context, tx *store.Tx, kind string, number int64) ([]Entry[T], error) {
	if number <= 0 {
		return All[T](ctx, tx, kind)
	}
	// not a plain e.kind=$1: SQLite would walk the index of all entries of the kind, where the few new ones are asked for
	return list[T](ctx, tx, "e.kind||''=$1 AND e.journal>$2", kind, number)
}

func list[T any](ctx context.Context, tx *store.Tx, condition string, args ...any) ([]Entry[T], error) {
	rows, err := tx.Query(ctx, `SELECT e.id, e.kind, e.subject, e.sealed, k.wrapped, e.journal, e.leaf FROM entry e JOIN subject_key k ON k.subject=e.id
		WHERE k.wrapped IS NOT NULL AND `+condition+" ORDER BY e.journal, e.leaf", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry[T]
	for rows.Next() {
		var k kept
		var sealed, wrapped []byte
		if err := rows.Scan(&k.id, &k.kind, &k.subject, &sealed, &wrapped, &k.log.Number, &k.log.Leaf); err != nil {
			return nil, err
		}
		if err := k.open(tx, sealed, wrapped); err != nil {
			return nil, err
		}
		e, err := opened[T](k)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// open unseals what is not in the open.
func (k *kept) open(tx *store.Tx, sealed, wrapped []byte) error {
	key, _, err := tx.Unwrap(k.id, wrapped)
	if err != nil {
		return err
	}
	plain, err := key.Open("entry "+k.id, sealed)
	if err != nil {
		return err
	}
	var at, body, secret string
	if err := store.Unpack(plain, &k.by, &at, &body, &secret); err != nil {
		return err
	}
	if k.at, err = strconv.ParseInt(at, 10, 64); err != nil || len(secret) != len(k.secret) {
		return fault.New(fault.Internal, "an entry cannot be read")
	}
	copy(k.secret[:], secret)
	k.body = []byte(body)
	return nil
}

// Named is an entry that can be erased: what it is, never what it says.
type Named struct {
	ID, Kind, Subject string
	Erased            bool
}

// Find looks an entry up by its id; NotFound where there is none.
func Find(ctx context.Context, tx *store.Tx, id string) (n Named, err error) {
	var sealed []byte
	err = tx.QueryRow(ctx, "SELECT id, kind, subject, sealed FROM entry WHERE id=$1", id).Scan(&n.ID, &n.Kind, &n.Subject, &sealed)
	if err == sql.ErrNoRows {
		err = fault.New(fault.NotFound, "there is no entry %q here", id)
	}
	n.Erased = sealed == nil
	return n, err
}

// Erase empties an entry whose key was destroyed. Its row stays, so that the batch it came in still adds up.
func Erase(ctx context.Context, tx *store.Tx, id string) error {
	_, err := tx.Exec(ctx, "UPDATE entry SET sealed=NULL, subject='' WHERE id=$1", id)
	return err
}
