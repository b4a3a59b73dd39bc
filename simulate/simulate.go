// Package simulate invents a world in which violence against health care is known in full, and lets invented registers
// document it as badly as real ones do. It serves demonstrations, tests and benchmarks, which must not show real people.
//
// Terms. The ground is fixed: eight invented States (XAA to XAH) with provinces, towns and forces. An event is what
// happened, with its true date, place, actor, codes and counts. A register is an organisation that documents; which
// events it captures depends on how open the State is, how severe the event was, how far from the capital and in which
// year. A report is one event as one register has it: a little off in date, count and place. Dirt is what is wrong with
// the written file itself: trailing blanks, broken letters, negative counts, ids used twice. The truth is all of this,
// written beside the files, so that whatever reads them can be judged.
//
// Everything follows from the seed: the same seed and number of reports give the same bytes. Event n depends on the
// seed and n alone, so that a world of any size is made one event at a time.
package simulate

import (
	"context"
	"iter"
	"math/rand/v2"

	"ward/fault"
)

// First and last year of the invented world.
const (
	FirstYear = 2016
	LastYear  = 2025
)

// MaxReports bounds a world, by the size of its truth file.
const MaxReports = 5_000_000

// Truth is a world with everything that happened in it and what each register made of it.
type Truth struct {
	Seed    uint64
	Reports int // in all registers together
	States  []State
	Actors  []Actor
	Events  []Event
	Found   [][]Report // by event, in the order of the registers
}

// World invents the events behind about the given number of reports, in the order of their dates, and the reports.
// It holds all of it in memory; Write does not.
func World(seed uint64, reports int) (*Truth, error) {
	w, err := newWorld(context.Background(), seed, reports)
	if err != nil {
		return nil, err
	}
	t := &Truth{Seed: seed, Reports: reports, States: w.ground.states, Actors: w.ground.actors}
	for e, found := range w.all() {
		t.Events = append(t.Events, e)
		t.Found = append(t.Found, found)
	}
	return t, nil
}

// world is a world before it is told: the ground, and how many events there are.
type world struct {
	seed    uint64
	ground  *ground
	events  int
	reports int
	found   int // reports that the registers would have; what is above reports is left out evenly
}

// Streams of random numbers: each question has its own, so that a change in one answer leaves the others as they were.
const (
	streamEvent = iota + 1
	streamFound
	streamDirt
	streamWords
	streamGround
	streamCoding
)

func random(seed uint64, stream int, n int) *rand.Rand {
	return rand.New(rand.NewPCG(seed^uint64(stream)<<56, uint64(n)*0x9E3779B97F4A7C15+uint64(stream)))
}

// newWorld finds how many events lie behind a number of reports.
func newWorld(ctx context.Context, seed uint64, reports int) (*world, error) {
	if reports < 1 || reports > MaxReports {
		return nil, fault.New(fault.Invalid, "a world has from 1 to %d reports, not %d", MaxReports, reports).Do("choose a number between them")
	}
	w := &world{seed: seed, ground: theGround(), reports: reports}
	w.events = reports + 20
	for {
		w.found = 0
		for i := range w.events {
			if i%checkEvery == 0 && ctx.Err() != nil {
				return nil, stopped()
			}
			e := w.event(i)
			w.found += len(w.capture(&e))
		}
		if w.found >= reports {
			return w, nil
		}
		w.events = int(float64(w.events)*float64(reports)/float64(w.found+1)*1.01) + 20
	}
}

// all gives every event with its reports. Reports beyond the number asked for are left out evenly, as if overlooked.
func (w *world) all() iter.Seq2[Event, []Report] {
	return func(yield func(Event, []Report) bool) {
		seen, extra := 0, w.found-w.reports
		for i := range w.events {
			e := w.event(i)
			found := w.capture(&e)
			kept := found[:0]
			for _, r := range found {
				seen++
				if seen*extra/w.found == (seen-1)*extra/w.found {
					kept = append(kept, r)
				}
			}
			if !yield(e, kept) {
				return
			}
		}
	}
}
