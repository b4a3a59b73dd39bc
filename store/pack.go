package store

import (
	"encoding/binary"

	"ward/fault"
)

// Pack joins texts, each behind its length, into what one sealed column holds.
func Pack(texts ...string) []byte {
	n := 0
	for _, s := range texts {
		n += len(s) + binary.MaxVarintLen32
	}
	out := make([]byte, 0, n)
	for _, s := range texts {
		out = binary.AppendUvarint(out, uint64(len(s)))
		out = append(out, s...)
	}
	return out
}

// Unpack cuts apart what Pack joined; the number of texts must be the same.
func Unpack(packed []byte, into ...*string) error {
	for _, s := range into {
		n, width := binary.Uvarint(packed)
		if width <= 0 || n > uint64(len(packed)-width) {
			return fault.New(fault.Internal, "a sealed row is cut short").Do("run ward doctor")
		}
		*s, packed = string(packed[width:width+int(n)]), packed[width+int(n):]
	}
	if len(packed) > 0 {
		return fault.New(fault.Internal, "a sealed row is longer than it should be").Do("run ward doctor")
	}
	return nil
}
