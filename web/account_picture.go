package web

import (
	"fmt"
	"image"
	"strings"

	"github.com/pquerna/otp"
)

// pictureSize is at which the library draws a code, in pixels: enough for one of 80 squares a side.
const pictureSize = 320

// squares draws the QR code of a key as the path of an SVG with one unit for a square, and gives its side with the quiet zone of four
// squares around it. The library draws pixels; the finder in its corner is seven squares wide and tells how large a square is.
func squares(key *otp.Key) (path string, side int, err error) {
	picture, err := key.Image(pictureSize, pictureSize)
	if err != nil {
		return "", 0, err
	}
	left, top := corner(picture)
	run := 0
	for left+run < pictureSize && dark(picture, left+run, top) {
		run++
	}
	size := max(1, run/7)
	n := (pictureSize - 2*left) / size
	var b strings.Builder
	for y := range n {
		for x := range n {
			if dark(picture, left+x*size+size/2, top+y*size+size/2) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	return b.String(), n + 8, nil
}

// corner is the first dark pixel.
func corner(picture image.Image) (x, y int) {
	for y := range pictureSize {
		for x := range pictureSize {
			if dark(picture, x, y) {
				return x, y
			}
		}
	}
	return 0, 0
}

func dark(picture image.Image, x, y int) bool {
	r, _, _, _ := picture.At(x, y).RGBA()
	return r < 1<<15
}
