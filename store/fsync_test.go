package store_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

// needs skips a test where the system cannot do what it needs, and fails it where nothing may be skipped.
func needs(t *testing.T, what string, try ...string) {
	t.Helper()
	if out, err := exec.Command(try[0], try[1:]...).CombinedOutput(); err != nil {
		what = fmt.Sprintf("needs %s (%v %s)", what, err, out)
		if os.Getenv("WARD_TEST_ALL") == "1" {
			t.Fatal("WARD_TEST_ALL=1 and the test " + what)
		}
		t.Skip(what)
	}
}

func needsStrace(t *testing.T) {
	t.Helper()
	needs(t, "strace and leave to trace: install Debian's strace", "strace", "-f", "-o", os.DevNull, "true")
}

// tracing is a command line that notes system calls in the order they are made, and may let some of them fail.
func tracing(log, calls string, inject ...string) []string {
	line := []string{"strace", "-f", "-qq", "-y", "-o", log, "-e", "signal=none", "-e", "trace=write," + calls}
	for _, s := range inject {
		line = append(line, "-e", "inject="+s)
	}
	return line
}

// A program whose disk does not confirm a write acknowledges nothing from then on, ends with an error and leaves the marker; when
// that is cleared, everything acknowledged before is there.
func TestAfterAFailedSyncNothingIsAcknowledged(t *testing.T) {
	needsStrace(t)
	directories := 0
	for k := 1; k <= rounds(10, 60); k++ {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			if call, code := failSync(t, orders{Writers: 1, Each: 40 + 2*k, Pages: 20}, k); strings.Contains(call, "/001>") && code == childNotOpened {
				directories++
			}
		})
	}
	if directories == 0 {
		t.Error("no sync of the directory counts")
	}
	for k := 1; k <= rounds(3, 20); k++ {
		t.Run(fmt.Sprint("many/", k), func(t *testing.T) { failSync(t, orders{Writers: 32, Each: 300, Pages: 20}, k) })
	}
}

func TestEveryAcknowledgementFollowsASync(t *testing.T) {
	needsStrace(t)
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	p := start(t, orders{Target: dir, Name: "s", Writers: 1, Each: 20}, tracing(log, "fsync,fdatasync")...)
	if code, acked := p.end(); code != childDone || len(acked) != 20 {
		t.Fatalf("the child ended with %d after %d appends; %s", code, len(acked), p.said)
	}
	body, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	synced, acks := false, 0
	for line := range strings.Lines(string(body)) {
		switch {
		case strings.Contains(line, "ward.db-wal>) = 0"):
			synced = true
		case strings.Contains(line, "write(1<"):
			if acks++; !synced {
				t.Errorf("not synced before %s", line)
			}
			synced = false
		}
	}
	if acks != 20 {
		t.Errorf("the trace shows %d acknowledgements", acks)
	}
}

// failSync lets the k-th sync of a thread fail, and gives that call and how the child ended.
func failSync(t *testing.T, o orders, k int) (call string, code int) {
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	o.Target, o.Name = dir, "s"
	const syncs = "fsync,fdatasync"
	p := start(t, o, tracing(log, syncs, fmt.Sprintf("%s:error=EIO:when=%d", syncs, k))...)
	code, acked := p.end()
	passedOver := "none" // SQLite does so with a directory's sync that fails; Open repeats it
	if code != childNotOpened {
		passedOver = "<" + dir + ">"
	}
	call, after := failedCall(t, log, passedOver)
	if code != childRefused && code != childNotOpened {
		t.Fatalf("the child ended with %d after %d appends; %s; %s", code, len(acked), call, p.said)
	}
	if o.Writers == 1 && after > 0 {
		t.Errorf("%d writes were acknowledged after %s", after, call)
	}
	if reason, halted := store.Halted(dir); !halted {
		t.Errorf("no marker after %s: %s", call, p.said)
	} else if _, err := store.Open(ctx, dir); !fault.Is(err, fault.Refused) {
		t.Errorf("opened although %s: %v", reason, err)
	}
	checkCleared(t, dir, acked)
	return call, code
}

func checkCleared(t *testing.T, dir string, acked []string) {
	t.Helper()
	if err := store.ClearHalt(dir); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	defer db.Close()
	check(t, db, acked)
}

// failedCall is the first call that was made to fail and was not passed over, and how many acknowledgements came after it.
func failedCall(t *testing.T, log, passedOver string) (call string, after int) {
	t.Helper()
	body, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(body), "\n")
	i := slices.IndexFunc(lines, func(s string) bool {
		return strings.Contains(s, "(INJECTED)") && !strings.Contains(s, passedOver)
	})
	if i < 0 {
		t.Fatal("no call was made to fail")
	}
	for _, s := range lines[i:] {
		if strings.Contains(s, "write(1<") {
			after++
		}
	}
	return lines[i], after
}

// A disk that fills up refuses writes, loses none, and takes them again when there is room: first a small one in memory, where the log
// is written back often, and never.
func TestASmallDiskFillsUpAndIsEmptied(t *testing.T) {
	for _, pages := range []int{20, 1 << 30} {
		t.Run(fmt.Sprint(pages), func(t *testing.T) { fillAndEmpty(t, smallDisk(t), pages) })
	}
}

func smallDisk(t *testing.T) string {
	t.Helper()
	disk := t.TempDir()
	needs(t, "leave to mount a small disk in memory: run it as root", "mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk)
	t.Cleanup(func() { exec.Command("umount", "-l", disk).Run() })
	return disk
}

func fillAndEmpty(t *testing.T, disk string, pages int) {
	dir, ballast := filepath.Join(disk, "data"), filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	db := storetest.At(t, dir)
	db.Bound(1000, 0, pages)
	kept, err := fill(db, "full")
	if !fault.Is(err, fault.Limit) || len(kept) == 0 {
		t.Fatalf("after %d records: %v", len(kept), err)
	}
	if reason, halted := store.Halted(dir); halted {
		t.Fatalf("a full disk halted the workspace: %s", reason)
	}
	wantList(t, db, kept...)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(ctx, "t", adds("then").fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir)
	defer db.Close()
	wantList(t, db, append(kept, "then")...)
}

// The same, call by call: at any of them there may be no room.
func TestWhereverTheDiskIsFullNothingIsLost(t *testing.T) {
	needsStrace(t)
	for k := 1; k <= rounds(6, 30); k++ {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			dir, log := t.TempDir(), filepath.Join(t.TempDir(), "trace")
			storetest.At(t, dir).Close()
			o := orders{Target: dir, Name: "s", Writers: 1, Each: 100, Pages: 20}
			p := start(t, o, tracing(log, "pwrite64", fmt.Sprintf("pwrite64:error=ENOSPC:when=%d+", k*7))...)
			code, acked := p.end()
			call, after := failedCall(t, log, "none")
			if code != childRefused && code != childNotOpened {
				t.Fatalf("the child ended with %d; %s; %s", code, call, p.said)
			}
			if after > 0 {
				t.Errorf("%d writes were acknowledged after %s", after, call)
			}
			if reason, halted := store.Halted(dir); halted {
				t.Errorf("a full disk halted the workspace: %s", reason)
			}
			db := open(t, dir)
			defer db.Close()
			check(t, db, acked)
		})
	}
}
