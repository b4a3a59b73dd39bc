package store

import (
	"context"
	"crypto/sha256"
	"time"

	"ward/fault"
	"ward/seal"
	"ward/tlog"
)

// Entry is one row of the journal: who did what to which subject, and the digest that commits to it.
type Entry struct {
	Number  int64
	At      time.Time
	Who     string
	Act     string // verb.noun, e.g. "import.batch"
	Subject string // id of the record or batch
	Digest  string // hex: the record's digest, the tree hash over a batch, or the SHA-256 of a public body
	Leaf    tlog.Leaf
	Body    string // what a public leaf commits to; "" for a private one

	Position int64 // of its leaf in the log; -1 while its hour is open
}

// timeFormat is how an event's time enters its leaf.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// Journal writes what this transaction does and returns its number. Numbers rise by one, without gaps, in commit
// order: on PostgreSQL the transaction holds an advisory lock, so that none commits late behind a reader. The leaf it makes is
// salted with a secret that lies sealed under the subject's key where the transaction made or loaded that, and under the
// workspace's otherwise: erasing the subject leaves a leaf that commits to nothing anybody can open.
func (t *Tx) Journal(ctx context.Context, act, subject, digest string) (int64, error) {
	return t.journal(ctx, Entry{Act: act, Subject: subject, Digest: digest}, nil)
}

// JournalBatch journals several records' digests as one row, whose digest is the tree hash over them in this order.
func (t *Tx) JournalBatch(ctx context.Context, act, subject string, digests []tlog.Hash) (int64, error) {
	leaves := make([]byte, 0, len(digests)*len(tlog.Hash{}))
	for _, d := range digests {
		leaves = append(leaves, d[:]...)
	}
	return t.journal(ctx, Entry{Act: act, Subject: subject, Digest: tlog.Hex(tlog.TreeHash(batch(leaves)))}, leaves)
}

// JournalPublic journals something that the log says openly, such as that a record was erased and why.
func (t *Tx) JournalPublic(ctx context.Context, act, subject, body string) (int64, error) {
	return t.journal(ctx, Entry{Act: act, Subject: subject, Body: body}, nil)
}

func (t *Tx) journal(ctx context.Context, e Entry, leaves []byte) (int64, error) {
	if t.open == nil {
		_, err := t.desk()
		return 0, err
	}
	e.At, e.Who = t.now.Truncate(time.Microsecond), t.who
	sealedBy, secret, err := t.commitTo(ctx, &e, leaves != nil)
	if err != nil {
		return 0, err
	}
	var body any
	if e.Body != "" {
		body = e.Body
	}
	if e.Number, err = t.Next(ctx); err != nil {
		return 0, err
	}
	_, err = t.tx.ExecContext(ctx, `INSERT INTO journal (number, at, who, act, subject, digest, leaf, sealed_by, secret, leaves, body)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		e.Number, t.Micros(), e.Who, e.Act, e.Subject, e.Digest, e.Leaf[:], sealedBy, secret, leaves, body)
	t.journaled = t.journaled || err == nil
	return e.Number, err
}

// commitTo makes an entry's leaf and the sealed secret that opens it. A batch's stays with the workspace: it outlives each of its records.
func (t *Tx) commitTo(ctx context.Context, e *Entry, batch bool) (sealedBy string, secret []byte, err error) {
	if e.Body != "" {
		e.Leaf = tlog.PublicLeaf([]byte(e.Body))
		return "", nil, nil
	}
	holder := e.Subject
	if batch {
		holder = Workspace
	}
	sealedBy, key, err := t.sealer(ctx, holder)
	if err != nil {
		return "", nil, err
	}
	s := tlog.NewSecret()
	e.Leaf = t.event(*e, s).Leaf()
	return sealedBy, key.Seal(secretContext(e.Leaf), s[:]), nil
}

// secretContext binds a sealed secret to the leaf it opens.
func secretContext(l tlog.Leaf) string { return "journal " + string(l[:]) }

// sealer is the key under which a subject's journal secrets lie.
func (t *Tx) sealer(ctx context.Context, subject string) (string, seal.Key, error) {
	if key, ok := t.keys[subject]; ok {
		return subject, key, nil
	}
	if key, ok := t.keys[Workspace]; ok {
		return Workspace, key, nil
	}
	keys, err := t.Keys(ctx, Workspace)
	if err != nil {
		return "", seal.Key{}, err
	}
	key, ok := keys[Workspace]
	if !ok {
		return "", seal.Key{}, fault.New(fault.Internal, "the workspace has no key of its own").Do("run ward doctor")
	}
	return Workspace, key, nil
}

// Next is the number that this transaction's next journal row will have: nobody else writes in between.
func (t *Tx) Next(ctx context.Context) (int64, error) {
	n, err := t.Last(ctx)
	return n + 1, err
}

// Did reports whether an act of a family ("erase") stands in the journal after a row.
func (t *Tx) Did(ctx context.Context, family string, after int64) (bool, error) {
	var n int
	err := t.QueryRow(ctx, "SELECT COUNT(*) FROM journal WHERE number>$1 AND act LIKE $2", after, family+".%").Scan(&n)
	return n > 0, err
}

// Last is the number of the newest journal row, 0 when there is none.
func (t *Tx) Last(ctx context.Context) (int64, error) {
	var n int64
	err := t.tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(number),0) FROM journal").Scan(&n)
	return n, err
}

// Since lists the journal rows after a number, oldest first, at most limit of them.
func (t *Tx) Since(ctx context.Context, after int64, limit int) ([]Entry, error) {
	return t.entries(ctx, "j.number > $1 ORDER BY j.number LIMIT $2", after, limit)
}

// Before lists the journal rows before a number, newest first, at most limit of them; 0 begins with the newest.
func (t *Tx) Before(ctx context.Context, number int64, limit int) ([]Entry, error) {
	if number <= 0 {
		number = 1<<63 - 1
	}
	return t.entries(ctx, "j.number < $1 ORDER BY j.number DESC LIMIT $2", number, limit)
}

// History lists the journal rows of a subject, oldest first.
func (t *Tx) History(ctx context.Context, subject string) ([]Entry, error) {
	return t.entries(ctx, "j.subject = $1 ORDER BY j.number", subject)
}

func (t *Tx) entries(ctx context.Context, condition string, args ...any) ([]Entry, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT j.number, j.at, j.who, j.act, j.subject, j.digest, j.leaf, COALESCE(j.body,''), COALESCE(l.position,-1)
		FROM journal j LEFT JOIN log_leaf l ON l.number=j.number WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		var at int64
		var leaf []byte
		if err := rows.Scan(&e.Number, &at, &e.Who, &e.Act, &e.Subject, &e.Digest, &leaf, &e.Body, &e.Position); err != nil {
			return nil, err
		}
		if len(leaf) != tlog.LeafSize {
			return nil, fault.New(fault.Internal, "journal row %d has a damaged leaf", e.Number).Do("run ward doctor")
		}
		e.At, e.Leaf = time.UnixMicro(at).UTC(), tlog.Leaf(leaf)
		out = append(out, e)
	}
	return out, rows.Err()
}

// Opening is what a journal row's leaf commits to, with the secret that opens it.
type Opening struct {
	Event  tlog.Event
	Leaves [][]byte // a batch's digests in order; nil for a single record
}

// Opening opens a journal row's leaf; ok is false where its secret was erased.
func (t *Tx) Opening(ctx context.Context, number int64) (o Opening, ok bool, err error) {
	list, err := t.entries(ctx, "j.number = $1", number)
	if err != nil || len(list) == 0 {
		return o, false, err
	}
	var sealedBy string
	var secret, leaves []byte
	err = t.tx.QueryRowContext(ctx, "SELECT sealed_by, secret, leaves FROM journal WHERE number=$1", number).Scan(&sealedBy, &secret, &leaves)
	if err != nil || len(secret) == 0 {
		return o, false, err
	}
	keys, err := t.Keys(ctx, sealedBy)
	key, have := keys[sealedBy]
	if err != nil || !have {
		return o, false, err
	}
	plain, err := key.Open(secretContext(list[0].Leaf), secret)
	if err != nil {
		return o, false, err
	}
	if len(plain) != len(tlog.Secret{}) {
		return o, false, fault.New(fault.Internal, "journal row %d has a damaged secret", number).Do("run ward doctor")
	}
	o.Event = t.event(list[0], tlog.Secret(plain))
	if len(leaves) > 0 {
		o.Leaves = batch(leaves)
	}
	return o, true, nil
}

// digestOf is the hex SHA-256 of sealed bytes: of ciphertext only, since a bare hash of content would confirm a guess.
func digestOf(sealed []byte) string {
	sum := sha256.Sum256(sealed)
	return tlog.Hex(sum)
}

// batch cuts a row's digests apart.
func batch(leaves []byte) [][]byte {
	const size = len(tlog.Hash{})
	out := make([][]byte, 0, len(leaves)/size)
	for i := 0; i+size <= len(leaves); i += size {
		out = append(out, leaves[i:i+size])
	}
	return out
}
