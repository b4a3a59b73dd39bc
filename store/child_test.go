package store_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ward/store"
	"ward/store/storetest"
)

// The tests that kill a program, or let its disk fail, run this test binary once more as that program.
const childVariable = "WARD_STORE_CHILD"

func TestMain(m *testing.M) {
	if spec := os.Getenv(childVariable); spec != "" {
		os.Exit(child(spec))
	}
	os.Exit(m.Run())
}

// orders tell a child what to do.
type orders struct {
	Target  string
	Name    string // stands in the ids it writes
	Writers int    // 1 keeps opening on one thread and writing on another
	Each    int    // so many appends by each writer, then the end; 0 = for ever
	Pages   int    // in the write-ahead log before it is written back; 0 = as usual
}

// Exit codes of a child.
const (
	childDone      = 0
	childNotOpened = 3
	childRefused   = 4 // a write was refused, and so were all after it
	childWentOn    = 5 // a write succeeded after the disk had failed
)

func child(spec string) int {
	runtime.LockOSThread()
	var o orders
	if err := json.Unmarshal([]byte(spec), &o); err != nil {
		panic(err)
	}
	db, err := store.Open(ctx, o.Target)
	if err == nil && o.Writers == 1 {
		err = db.Pin()
	}
	if err == nil {
		err = storetest.Unlock(ctx, db)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return childNotOpened
	}
	if o.Pages > 0 && !db.Postgres() {
		db.Bound(1000, 20*time.Millisecond, o.Pages)
	}
	if o.Writers == 1 {
		return o.append(db, 0)
	}
	codes := make([]int, o.Writers)
	var wg sync.WaitGroup
	for w := range o.Writers {
		wg.Go(func() { codes[w] = o.append(db, w) })
	}
	stop := make(chan bool)
	go keepSequencing(db, stop)
	wg.Wait()
	close(stop)
	return slices.Max(codes)
}

// append makes one writer's appends and prints the id of each when it is acknowledged, until one is refused.
func (o orders) append(db *store.DB, writer int) int {
	for n := 0; o.Each == 0 || n < o.Each; n++ {
		id := fmt.Sprintf("%s-%d-%d", o.Name, writer, n)
		if err := appendOne(db, id, n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return o.afterwards(db, id)
		}
		os.Stdout.WriteString(id + "\n")
	}
	return childDone
}

// Records of these names must never be found, or only both.
const (
	takenBack = "x"
	second    = "+"
)

// appendOne adds a record; now and then it adds two at once, or first some that it then takes back.
func appendOne(db *store.DB, id string, n int) error {
	no := errors.New("no")
	if n%3 == 1 {
		err := db.Write(ctx, "child", func(tx *store.Tx) error { return errors.Join(addTo(tx, takenBack+id), no) })
		if !errors.Is(err, no) {
			return err
		}
	}
	return db.Write(ctx, "child", func(tx *store.Tx) error {
		if n%5 == 2 {
			if err := addTo(tx, id+second); err != nil {
				return err
			}
		}
		return addTo(tx, id)
	})
}

// afterwards finds out whether what was refused once stays refused.
func (o orders) afterwards(db *store.DB, id string) int {
	select {
	case <-db.Stopped():
	default:
		return childRefused
	}
	for i := range 5 {
		if db.Write(ctx, "child", adds(fmt.Sprint(id, "again", i)).fn) == nil {
			fmt.Fprintln(os.Stderr, "a write succeeded after the disk had failed")
			return childWentOn
		}
	}
	return childRefused
}

// process is a running child.
type process struct {
	*exec.Cmd
	first chan bool // closed with the first acknowledgement, or at the end
	ended chan bool // closed when everything it printed was read
	acked []string  // complete once ended is closed
	said  *strings.Builder
}

// start runs a child, under wrapper where one is given.
func start(t *testing.T, o orders, wrapper ...string) *process {
	t.Helper()
	spec, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := append(wrapper, self)
	p := &process{Cmd: exec.Command(line[0], line[1:]...), first: make(chan bool), ended: make(chan bool), said: &strings.Builder{}}
	p.Env, p.Stderr = append(os.Environ(), childVariable+"="+string(spec)), p.said
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(bufio.NewScanner(out))
	return p
}

func (p *process) read(out *bufio.Scanner) {
	defer close(p.ended)
	for out.Scan() {
		if p.acked = append(p.acked, out.Text()); len(p.acked) == 1 {
			close(p.first)
		}
	}
	if len(p.acked) == 0 {
		close(p.first)
	}
}

// end waits for the child's end and gives its exit code and what it was told is durable.
func (p *process) end() (code int, acked []string) {
	<-p.ended
	p.Wait()
	return p.ProcessState.ExitCode(), p.acked
}
