package store

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// call is what a caller wants done in its turn, and what came of it.
type call struct {
	kind kind
	ctx  context.Context
	fn   func(*place) error

	done   chan struct{} // closed when the rest stands
	err    error
	panics *panicked
	exited bool // fn ended its goroutine, as t.Fatal does
}

type kind int

const (
	member kind = iota // shares a group
	dryRun             // has a group of its own, which is rolled back
	apart              // runs between two groups, outside any transaction
)

// panicked is a panic on its way from the pen's goroutine to the caller's.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("%v\n\nfirst raised in\n%s", p.value, p.stack) }

// run has fn called in its turn, once or never, and returns when what it wrote is durable, or else surely undone.
func (p *pen) run(ctx context.Context, k kind, fn func(*place) error) error {
	c := &call{kind: k, ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := p.enqueue(c); err != nil {
		return err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if p.withdraw(c) {
			return ctx.Err()
		}
		<-c.done // its turn has come, and the outcome is near
	}
	if c.panics != nil {
		panic(c.panics)
	}
	if c.exited {
		runtime.Goexit()
	}
	return c.err
}

func (p *pen) enqueue(c *call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return p.refusal
	}
	p.queue = append(p.queue, c)
	p.ring()
	return nil
}

func (p *pen) withdraw(c *call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.queue, c)
	if i < 0 {
		return false
	}
	p.queue = slices.Delete(p.queue, i, i+1)
	return true
}

// end lets nobody queue any more; it reports whether anybody could.
func (p *pen) end() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return false
	}
	p.ended = true
	p.ring()
	return true
}

// ring wakes the pen's goroutine if it waits.
func (p *pen) ring() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// serve runs what is queued until the end. A function that ends the goroutine leaves the rest to a new one.
func (p *pen) serve() {
	over := false
	defer func() {
		if !over {
			go p.serve()
		}
	}()
	for p.step() {
	}
	over = true
}

// step begins a group, adds a member to it or ends it; it reports whether there is more to come.
func (p *pen) step() bool {
	if p.group != nil {
		if c := p.joiner(); c != nil {
			p.take(c)
		} else {
			p.settle()
		}
		return true
	}
	c, ok := p.next()
	switch {
	case !ok:
		return false
	case c == nil:
		<-p.wake
	case c.kind == apart:
		p.aside(c)
	default:
		p.begin(c)
	}
	return true
}

// next takes the first call out of the queue, nil when it is empty; ok is false when there will be none any more.
func (p *pen) next() (c *call, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		return nil, !p.ended
	}
	return p.pop(), true
}

func (p *pen) pop() *call {
	c := p.queue[0]
	p.queue[0] = nil
	p.queue = p.queue[1:]
	return c
}

// joiner takes the next member for the open group out of the queue while the group may grow. Callers that are about to queue get
// the chance to.
func (p *pen) joiner() *call {
	g := p.group
	if g.members[0].kind != member || p.lost || len(g.members) >= p.bounds.members || time.Since(g.begun) > p.bounds.work {
		return nil
	}
	if c := p.firstMember(); c != nil {
		return c
	}
	runtime.Gosched()
	return p.firstMember()
}

func (p *pen) firstMember() *call {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 || p.queue[0].kind != member {
		return nil
	}
	return p.pop()
}
