// Package bench runs Ward beside what it is compared with, in one run on one disk. It is a module of its own, so that Ward itself
// depends on none of it: cd bench && go test -bench . -benchtime 5s
package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"

	"ward/store"
	"ward/store/storetest"
)

// appender stores one entry and returns when it is durable.
type appender func(id string, entry []byte) error

// BenchmarkAppend appends entries of 1 KiB, each durable before it is answered. Both systems keep the entry, its place in an order and
// what commits to it; Tessera has by then also built the tree, which Ward's sequencer does afterwards, and Ward has by then also sealed
// what opens the leaf and committed both with the record. Run it on the disk that matters: the temporary directory may lie in memory.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 256} {
		for _, system := range []struct {
			name string
			open func(*testing.B) appender
		}{{"ward", ward}, {"tessera", posixTessera}} {
			b.Run(fmt.Sprintf("%s/writers=%d", system.name, writers), func(b *testing.B) { measure(b, system.open(b), writers) })
		}
	}
}

func ward(b *testing.B) appender {
	db := storetest.At(b, b.TempDir())
	return func(id string, entry []byte) error {
		ctx := context.Background()
		return db.Write(ctx, "bench", func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO source (series, namespace, title, publisher, licence, redistribute, scope, reliability, caveats)
				VALUES ($1,'','','','','','','',$2)`, id, entry)
			if err != nil {
				return err
			}
			_, err = tx.Journal(ctx, "bench.put", id, "00")
			return err
		})
	}
}

// posixTessera batches as its documentation advises for throughput, and for at most a millisecond, so that one writer does not wait.
func posixTessera(b *testing.B) appender {
	ctx, cancel := context.WithCancel(context.Background())
	driver, err := posix.New(ctx, posix.Config{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	secret, _, err := note.GenerateKey(rand.Reader, "ward/bench")
	if err != nil {
		b.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		b.Fatal(err)
	}
	log, shutdown, _, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).WithBatching(256, time.Millisecond).WithCheckpointInterval(100*time.Millisecond))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { shutdown(ctx); cancel() })
	return func(_ string, entry []byte) error {
		_, err := log.Add(ctx, tessera.NewEntry(entry))()
		return err
	}
}

func measure(b *testing.B, add appender, writers int) {
	entries := make([][]byte, b.N)
	for i := range entries {
		entries[i] = make([]byte, 1024)
		rand.Read(entries[i])
	}
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < b.N; i += writers {
				begun := time.Now()
				if err := add(fmt.Sprintf("entry-%09d", i), entries[i]); err != nil {
					b.Error(err)
				}
				took[i] = time.Since(begun)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
}
