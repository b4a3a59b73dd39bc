package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress draws one line with rate and time left on a terminal, and nothing elsewhere.
type progress struct {
	out   io.Writer
	begun time.Time
	drawn time.Time
	live  bool
}

func newProgress(out io.Writer) *progress {
	f, ok := out.(*os.File)
	return &progress{out: out, begun: time.Now(), live: ok && term.IsTerminal(int(f.Fd()))}
}

// show draws the state: done of total (any unit), and what to say before it.
func (p *progress) show(done, total int64, rows int) {
	if !p.live || time.Since(p.drawn) < 200*time.Millisecond {
		return
	}
	p.drawn = time.Now()
	spent := time.Since(p.begun).Seconds()
	line := fmt.Sprintf("%d rows, %.0f rows/s", rows, float64(rows)/max(spent, 0.001))
	if total > 0 && done > 0 {
		left := time.Duration(spent*float64(total-done)/float64(done)) * time.Second
		line += fmt.Sprintf(", %d %%, %s left", 100*done/total, left)
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", line)
}

// step draws how far a long step is; total is 0 where nobody knows.
func (p *progress) step(name string, done, total int64) {
	if !p.live || time.Since(p.drawn) < 200*time.Millisecond {
		return
	}
	p.drawn = time.Now()
	line := name
	switch {
	case total > 0:
		line += fmt.Sprintf(": %d %%", 100*done/total)
	case done > 0:
		line += fmt.Sprintf(": %d", done)
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", line)
}

// done clears the line.
func (p *progress) done() {
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
