package store

import (
	"context"
	"database/sql"
	"runtime"
	"slices"
	"sync"
	"time"

	"modernc.org/sqlite"

	"ward/fault"
)

// A group is one SQLite transaction that carries the writes of several callers. Each runs its own function when its turn
// comes, inside a savepoint; the last to run commits with one fsync, and only then does any of them return.
type group struct {
	begun   time.Time
	members int
	alone   bool          // a dry run, which shares with nobody and keeps nothing
	done    chan struct{} // closed when err stands
	err     error         // the commit's; guarded by done
}

// bounds say how large a group and the write-ahead log may grow.
type bounds struct {
	members int           // of a group; nobody joins after them
	work    time.Duration // of a group; nobody joins after it, but whoever has the turn then is not interrupted
	pages   int           // in the write-ahead log; then they are written back
}

func usualBounds() bounds { return bounds{members: 1024, work: 20 * time.Millisecond, pages: 16384} }

// pen is SQLite's one writing connection and the queue before it. Whoever has the turn holds it alone and passes it on; what is not
// guarded by mu belongs to the holder.
type pen struct {
	bounds     bounds
	dir        string
	conn       *sql.Conn
	statements map[string]*statement
	lost       bool  // SQLite rolled the whole transaction back
	cause      error // why, as far as a statement's error told
	pages      int   // written to the write-ahead log and not yet written back
	closed     bool

	stopped chan struct{} // closed when the disk failed

	mu      sync.Mutex
	busy    bool // somebody has the turn
	queue   []*waiter
	refusal error // why nobody may write any more; nil while all is well
}

// waiter is a caller in the queue. Its turn comes with the group to join, or with nil: then it begins one.
type waiter struct {
	alone bool
	turn  chan *group
}

func newPen(ctx context.Context, pool *sql.DB, dir string) (*pen, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	p := &pen{bounds: usualBounds(), dir: dir, conn: conn, statements: map[string]*statement{}, stopped: make(chan struct{})}
	err = conn.Raw(func(c any) error {
		c.(sqlite.HookRegisterer).RegisterRollbackHook(func() { p.lost = true })
		return nil
	})
	return p, err
}

// run gives fn a place in a group, or, alone, a transaction that is rolled back at its end. It returns when what fn wrote is
// durable, or else surely undone. fn runs on the caller's goroutine, once or never.
func (p *pen) run(ctx context.Context, alone bool, fn func(*place) error) error {
	g, err := p.enter(ctx, alone)
	if err != nil {
		return err
	}
	err = p.take(ctx, g, fn)
	<-g.done
	return firstError(g.err, err)
}

// enter waits for the turn and finds the group it comes with.
func (p *pen) enter(ctx context.Context, alone bool) (*group, error) {
	g, err := p.wait(ctx, alone)
	if err != nil {
		return nil, err
	}
	if g == nil {
		if g, err = p.begin(alone); err != nil {
			p.pass()
			return nil, err
		}
	}
	g.members++
	return g, nil
}

func (p *pen) wait(ctx context.Context, alone bool) (*group, error) {
	p.mu.Lock()
	if !p.busy {
		p.busy = true
		p.mu.Unlock()
		return nil, nil
	}
	w := &waiter{alone: alone, turn: make(chan *group, 1)}
	p.queue = append(p.queue, w)
	p.mu.Unlock()
	select {
	case g := <-w.turn:
		return g, nil
	case <-ctx.Done():
		if p.withdraw(w) {
			return nil, ctx.Err()
		}
		return <-w.turn, nil // it came at the same moment and must be passed on in order
	}
}

func (p *pen) withdraw(w *waiter) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.queue, w)
	if i < 0 {
		return false
	}
	p.queue = slices.Delete(p.queue, i, i+1)
	return true
}

func (p *pen) begin(alone bool) (*group, error) {
	if err := p.refused(); err != nil {
		return nil, err
	}
	if len(p.statements) >= maxStatements {
		p.forget()
	}
	if err := p.writeBack(); err != nil {
		return nil, err
	}
	p.lost, p.cause = false, nil
	if err := p.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, p.explain(err)
	}
	return &group{begun: time.Now(), alone: alone, done: make(chan struct{})}, nil
}

// take runs fn in its turn and passes the turn on, also when fn panics: then its own writes are undone and nobody else's.
func (p *pen) take(ctx context.Context, g *group, fn func(*place) error) (err error) {
	s := &place{pen: p}
	kept := false
	defer func() {
		s.end()
		if !kept {
			p.undo()
		}
		p.leave(g)
	}()
	if err = p.exec("SAVEPOINT member"); err != nil {
		return p.explain(err)
	}
	if err = ctx.Err(); err != nil {
		return err
	}
	if err = fn(s); err != nil {
		return err
	}
	s.end()
	err = p.exec("RELEASE member")
	kept = err == nil
	return err
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

// leave passes the turn on within the group while it may grow, and otherwise ends it.
func (p *pen) leave(g *group) {
	if w := p.joiner(g); w != nil {
		w.turn <- g
		return
	}
	g.err = p.finish(g)
	close(g.done)
	p.pass()
}

// joiner takes the next caller out of the queue if it may join g. Callers that are about to queue get the chance to.
func (p *pen) joiner(g *group) *waiter {
	if g.alone || p.lost || g.members >= p.bounds.members || time.Since(g.begun) > p.bounds.work {
		return nil
	}
	if w := p.first(); w != nil {
		return w
	}
	runtime.Gosched()
	return p.first()
}

func (p *pen) first() *waiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 || p.queue[0].alone {
		return nil
	}
	return p.pop()
}

func (p *pen) pop() *waiter {
	w := p.queue[0]
	p.queue[0] = nil
	p.queue = p.queue[1:]
	return w
}

// pass gives the turn to the next in the queue, who begins a group.
func (p *pen) pass() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		p.busy = false
		return
	}
	p.pop().turn <- nil
}

// finish commits the group, or rolls it back. An error means that nobody's writes are acknowledged.
func (p *pen) finish(g *group) error {
	if p.lost {
		return p.abandon()
	}
	if g.alone {
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

// close waits for the turn, writes back what it can and lets nobody write again. It returns why nobody could any more before.
func (p *pen) close() error {
	p.wait(context.Background(), true)
	defer p.pass()
	if p.closed {
		return nil
	}
	if err := p.refused(); err != nil {
		return err
	}
	if err := p.checkpoint(); err != nil && !noSpace(err) {
		return p.failed(err)
	}
	p.closed = true
	p.forget()
	p.refuse(fault.New(fault.Internal, "the workspace is closed").Keeping("nothing was written"))
	return p.conn.Close()
}
