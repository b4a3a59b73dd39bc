package store

import (
	"context"
	"database/sql"
	"runtime/debug"
	"sync"
	"time"

	"modernc.org/sqlite"

	"ward/fault"
)

// pen is SQLite's one writing connection, the queue before it and the goroutine that serves it. Writes of several callers share one
// transaction, a group: each function runs in a savepoint of its own, one after another; then one commit makes all of them durable with
// one sync, and only then does any caller return. What is not guarded by mu belongs to the goroutine.
type pen struct {
	bounds     bounds
	dir        string
	conn       *sql.Conn
	statements map[string]*statement
	group      *group // the open one, nil between two
	lost       bool   // SQLite rolled the whole transaction back
	cause      error  // why, as far as a statement's error told
	pages      int    // written to the write-ahead log and not yet written back

	stopped chan struct{} // closed when the disk failed
	wake    chan struct{} // holds a token when there is something new in the queue

	mu      sync.Mutex
	queue   []*call
	refusal error // why nobody may write any more; nil while all is well
	ended   bool  // nobody is served any more
}

// bounds say how large a group and the write-ahead log may grow.
type bounds struct {
	members int           // of a group; nobody joins after them
	work    time.Duration // of a group; nobody joins after it, but whoever has the turn then is not interrupted
	pages   int           // in the write-ahead log; then they are written back
}

func usualBounds() bounds { return bounds{members: 1024, work: 20 * time.Millisecond, pages: 16384} }

type group struct {
	begun   time.Time
	members []*call
}

func newPen(ctx context.Context, pool *sql.DB, dir string) (*pen, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	p := &pen{bounds: usualBounds(), dir: dir, conn: conn, statements: map[string]*statement{}, stopped: make(chan struct{}), wake: make(chan struct{}, 1)}
	err = conn.Raw(func(c any) error {
		c.(sqlite.HookRegisterer).RegisterRollbackHook(func() { p.lost = true })
		return nil
	})
	go p.serve()
	return p, err
}

// begin opens a group with its first call in it.
func (p *pen) begin(c *call) {
	if c.err = p.open(); c.err != nil {
		close(c.done)
		return
	}
	p.group = &group{begun: time.Now()}
	p.take(c)
}

func (p *pen) open() error {
	if err := p.refused(); err != nil {
		return err
	}
	if len(p.statements) >= maxStatements {
		p.forget()
	}
	if err := p.writeBack(); err != nil {
		return err
	}
	p.lost, p.cause = false, nil
	return p.explain(p.exec("BEGIN IMMEDIATE"))
}

// take gives a call its turn in the open group. Whatever becomes of its function, only what that wrote is undone.
func (p *pen) take(c *call) {
	p.group.members = append(p.group.members, c)
	kept := false
	defer func() {
		if !kept {
			p.undo()
		}
	}()
	if c.err = p.exec("SAVEPOINT member"); c.err != nil {
		return
	}
	if p.call(c); c.err != nil || c.panics != nil {
		return
	}
	c.err = p.exec("RELEASE member")
	kept = c.err == nil
}

// call runs a call's function and catches what becomes of it.
func (p *pen) call(c *call) {
	at := &place{pen: p}
	c.exited = true
	defer func() {
		at.end()
		if v := recover(); v != nil {
			c.panics, c.exited = &panicked{v, debug.Stack()}, false
		}
	}()
	if c.err = c.ctx.Err(); c.err == nil {
		c.err = c.fn(at)
	}
	c.exited = false
}

// undo takes back what the member in its turn wrote. When not even that works the group is lost.
func (p *pen) undo() {
	if p.lost {
		return
	}
	if err := firstError(p.exec("ROLLBACK TO member"), p.exec("RELEASE member")); err != nil {
		p.lost = true
	}
}

// settle ends the group and tells its members: its own outcome where that is bad, and theirs otherwise.
func (p *pen) settle() {
	g := p.group
	p.group = nil
	err := p.finish(g.members[0].kind == dryRun)
	for _, c := range g.members {
		c.err = firstError(err, c.err)
		close(c.done)
	}
}

// aside runs a call that wants no transaction.
func (p *pen) aside(c *call) {
	defer close(c.done)
	p.call(c)
}

// finish commits the group, or rolls it back. An error means that nobody's writes are acknowledged.
func (p *pen) finish(dry bool) error {
	if p.lost {
		return p.abandon()
	}
	if dry {
		return p.exec("ROLLBACK")
	}
	err := p.exec("COMMIT")
	if err == nil {
		return nil
	}
	p.exec("ROLLBACK") // where SQLite has not done so itself
	return p.failed(err)
}

// abandon ends a group whose transaction SQLite has rolled back.
func (p *pen) abandon() error {
	p.exec("ROLLBACK") // of what a lost savepoint left open; mostly there is none
	if err := firstError(p.refused(), p.cause); err != nil {
		return err
	}
	return fault.New(fault.Internal, "the database took a whole group of writes back").Keeping("nothing of this one is kept; everything acknowledged before is").Do("try again")
}

// refused tells why nobody may write any more.
func (p *pen) refused() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal
}

func (p *pen) refuse(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refusal == nil {
		p.refusal = err
	}
	return p.refusal
}

// close writes back what it can in its turn; nobody can write after it. It returns why nobody could any more before.
func (p *pen) close() error {
	err := p.run(context.Background(), apart, func(*place) error {
		if err := p.refused(); err != nil {
			return err
		}
		if err := p.checkpoint(); err != nil {
			return err
		}
		p.forget()
		p.refuse(fault.New(fault.Internal, "the workspace is closed").Keeping("nothing was written"))
		return p.conn.Close()
	})
	if !p.end() {
		return nil // it was closed before
	}
	return err
}
