package document

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turned is the picture as it was seen, from how its camera says that the rows lie (TIFF orientation, 1 to 8).
func turned(m *image.RGBA, how int) *image.RGBA {
	if how <= 1 || how > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	wide, high := w, h
	if how >= 5 {
		wide, high = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			fx, fy := from(how, x, y, w, h)
			copy(out.Pix[y*out.Stride+x*4:][:4], m.Pix[fy*m.Stride+fx*4:][:4])
		}
	}
	return out
}

// from is the point of a stored picture of w by h that is seen at x, y.
func from(how, x, y, w, h int) (fx, fy int) {
	switch how {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

// orientation reads how the camera says that the rows lie, from a JPEG's Exif part (Exif 2.32, 4.5.2 and 4.6.2); 1 where nothing says so.
func orientation(raw []byte) int {
	const segment = 4 // marker and length
	for at := 2; at+segment <= len(raw) && raw[at] == 0xff; {
		kind, size := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		end := at + 2 + size
		if size < 2 || end > len(raw) || kind == 0xda {
			return 1
		}
		if body, ok := bytes.CutPrefix(raw[at+segment:end], []byte("Exif\x00\x00")); ok && kind == 0xe1 {
			return tiffOrientation(body)
		}
		at = end
	}
	return 1
}

// tiffOrientation looks for tag 0x0112 in the first directory.
func tiffOrientation(b []byte) int {
	const head, item = 8, 12
	if len(b) < head {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := order.Uint32(b[4:])
	if uint64(at)+2 > uint64(len(b)) {
		return 1
	}
	n := int(order.Uint16(b[at:]))
	for i, rest := 0, b[at+2:]; i < n && len(rest) >= item; i, rest = i+1, rest[item:] {
		if order.Uint16(rest) == 0x0112 {
			if v := int(order.Uint16(rest[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
