package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ward/store"
	"ward/store/storetest"
)

// BenchmarkAppend measures small journalled writes, each durable before it is answered. Run it on the disk that matters: the temporary
// directory may lie in memory.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 32, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			db := storetest.At(b, b.TempDir())
			took := make([]time.Duration, b.N)
			b.ResetTimer()
			appendAll(b, db, writers, took)
			b.StopTimer()
			report(b, took)
		})
	}
}

// appendAll makes len(took) appends by so many writers and notes how long each waited.
func appendAll(b *testing.B, db *store.DB, writers int, took []time.Duration) {
	b.Helper()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < len(took); i += writers {
				begun := time.Now()
				if err := db.Write(ctx, "bench", adds(fmt.Sprint(i)).fn); err != nil {
					b.Error(err)
				}
				took[i] = time.Since(begun)
			}
		})
	}
	wg.Wait()
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "appends/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
