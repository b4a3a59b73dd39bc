// Package id makes identifiers: ULIDs inside a workspace and public ids that tell no order of arrival.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
)

// alphabet is that of ULIDs: no I, L, O, U, so that an id survives being read aloud.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var crockford = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// New makes a ULID: 48 bits of milliseconds, 80 random bits, 26 characters that sort by time of making.
func New(now time.Time) string {
	var raw [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	fill(raw[6:])
	return encode(raw)
}

// Public makes an id fit for the public: WRD-<ISO3>-<year>-<8 random characters>. Year 0 is written "0000".
func Public(iso3 string, year int) string {
	var raw [5]byte
	fill(raw[:])
	return fmt.Sprintf("WRD-%s-%04d-%s", iso3, year, crockford.EncodeToString(raw[:]))
}

// Time is when a ULID was made, to the millisecond; ok is false for what is none.
func Time(ulid string) (made time.Time, ok bool) {
	if len(ulid) != 26 {
		return time.Time{}, false
	}
	ms := int64(0)
	for _, c := range []byte(ulid[:10]) {
		digit := strings.IndexByte(alphabet, c)
		if digit < 0 {
			return time.Time{}, false
		}
		ms = ms<<5 | int64(digit)
	}
	return time.UnixMilli(ms).UTC(), true
}

// encode writes 128 bits as 26 characters, most significant first, as the ULID specification lays down.
func encode(raw [16]byte) string {
	var out [26]byte
	acc, bits, pos := uint32(0), 2, 0 // two leading zero bits: 26*5 = 130
	for _, b := range raw {
		acc, bits = acc<<8|uint32(b), bits+8
		for bits >= 5 {
			out[pos] = alphabet[acc>>(bits-5)&31]
			bits, pos = bits-5, pos+1
		}
		acc &= 1<<bits - 1
	}
	return string(out[:])
}

// fill reads system randomness, which on supported systems does not fail (crypto/rand aborts instead).
func fill(p []byte) { rand.Read(p) }
