package witness

import (
	"sync"
	"time"

	"ward/tlog"
)

// A log's growth needs a new signature of the log each time, but anybody who has its last checkpoint can ask for that one again. The
// two are counted apart, so that a stranger who repeats cannot keep a log from being cosigned.
const (
	growthsPerMinute = 60
	repeatsPerMinute = 12
)

// pace counts each log's cosignings in the present minute. Only requests that the log signed are counted, so it holds no more
// entries than there are watched logs, twice.
type pace struct {
	mu     sync.Mutex
	minute int64
	counts map[turn]int
}

type turn struct {
	origin string
	repeat bool
}

// allow counts one cosigning and says whether it is within the limit.
func (p *pace) allow(next, held tlog.Checkpoint, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := now.Unix() / 60; p.counts == nil || minute != p.minute {
		p.minute, p.counts = minute, map[turn]int{}
	}
	t := turn{next.Origin, next.Size == held.Size && next.Size > 0}
	p.counts[t]++
	if t.repeat {
		return p.counts[t] <= repeatsPerMinute
	}
	return p.counts[t] <= growthsPerMinute
}
