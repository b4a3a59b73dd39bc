package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"ward/fault"
)

// halves is a picture whose left half is red and whose right half is blue.
func halves(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts a camera's part into a JPEG: an orientation, and words that nobody asked for.
func withExif(plain []byte, orientation uint16) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	tiff = binary.LittleEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, "\x00\x00\x00\x00\x00\x00Qanarycamera 51.5N"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)
	return append(append(out, body...), plain[2:]...)
}

func read(t testing.TB, raw []byte) Picture {
	t.Helper()
	p, err := ReadPicture(raw)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatACameraWroteIntoAPictureDoesNotLeave(t *testing.T) {
	p := read(t, withExif(jpegOf(t, halves(40, 20)), 1))
	p.Alt = "A wrist"
	d := Document{Lang: "en", Blocks: []Block{p}}
	for _, data := range [][]byte{p.image.data, pdf(t, d), odtBytes(t, d)} {
		if bytes.Contains(data, []byte("Qanary")) || bytes.Contains(data, []byte("Exif")) {
			t.Error("the camera's words are in the file")
		}
	}
}

func TestAPictureStandsAsItsCameraSaw(t *testing.T) {
	red := func(p Picture, x, y int) bool {
		m, err := jpeg.Decode(bytes.NewReader(p.image.data))
		if err != nil {
			t.Fatal(err)
		}
		r, _, b, _ := m.At(x, y).RGBA()
		return r > b
	}
	for how, want := range map[uint16][3]bool{1: {true, false, true}, 3: {false, true, false}, 6: {true, true, false}, 8: {false, false, true}, 9: {true, false, true}} {
		p := read(t, withExif(jpegOf(t, halves(64, 32)), how))
		w, h := p.image.wide-4, p.image.high-4
		if got := [3]bool{red(p, 4, 4), red(p, w, 4), red(p, 4, h)}; got != want || (how == 6 || how == 8) != (p.image.high == 64) {
			t.Errorf("orientation %d: %v, %d by %d", how, got, p.image.wide, p.image.high)
		}
	}
}

func TestAPictureThatIsTooLargeIsMadeSmallerOrRefused(t *testing.T) {
	if p := read(t, jpegOf(t, halves(4000, 1000))); p.image.wide > pictureSide || p.image.wide < pictureSide/2 || p.image.wide/p.image.high != 4 {
		t.Errorf("%d by %d", p.image.wide, p.image.high)
	}
	bomb := pngOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	if _, err := ReadPicture(fixed(bomb)); !fault.Is(err, fault.Limit) {
		t.Errorf("a picture of 3,600 million points: %v", err)
	}
	if _, err := ReadPicture(make([]byte, MaxPictureBytes+1)); !fault.Is(err, fault.Limit) {
		t.Errorf("a file that is too long: %v", err)
	}
}

// fixed sets the checksum of a PNG's head right again.
func fixed(raw []byte) []byte {
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	whole := jpegOf(t, halves(32, 32))
	for name, raw := range map[string][]byte{"nothing": nil, "words": []byte("<svg onload=alert(1)>"), "gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
		"half": whole[:len(whole)/2], "head": whole[:20]} {
		if _, err := ReadPicture(raw); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPictureThatLetsLightThroughStandsOnWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.SetNRGBA(1, 0, color.NRGBA{10, 20, 30, 255})
	p := read(t, pngOf(t, m))
	if want := []byte{255, 255, 255, 10, 20, 30}; !bytes.Equal(p.image.data, want) {
		t.Errorf("%v", p.image.data)
	}
	r := openPDF(t, pdf(t, Document{Lang: "en", Blocks: []Block{p, p}}))
	ids := r.find("/Subtype/Image")
	if len(ids) != 1 || !bytes.Equal(r.data[ids[0]], p.image.data) {
		t.Errorf("%d images in the file", len(ids))
	}
}

func TestAPhotographIsCarriedWithItsWords(t *testing.T) {
	p := read(t, jpegOf(t, halves(900, 300)))
	p.Alt, p.Caption = "Left wrist", T("Photograph 1")
	d := Document{Lang: "en", Blocks: []Block{p}}
	r := openPDF(t, pdf(t, d))
	if len(r.find("/Alt"+textString("Left wrist"))) != 1 || !strings.Contains(r.pages()[0], "/Im0 Do") || len(r.find("/XObject<</Im0 ")) != 1 {
		t.Error("the picture is not on the page with its words")
	}
	if got := letters(r.text(r.pages()[0], false)); got != "Photograph1" {
		t.Errorf("read as %q", got)
	}
	parts := wellFormed(t, odtBytes(t, d))
	if parts["Pictures/1.jpg"] != string(p.image.data) || !strings.Contains(parts["content.xml"], "<svg:desc>Left wrist</svg:desc>") {
		t.Error("the ODT does not carry the picture with its words")
	}
	if !bytes.Equal(pdf(t, d), pdf(t, d)) || !bytes.Equal(odtBytes(t, d), odtBytes(t, d)) {
		t.Error("equal documents differ")
	}
	if n := len(pdf(t, Document{Lang: "en", Blocks: []Block{Picture{Alt: "x"}}})); n == 0 {
		t.Error("the zero picture prints no page")
	}
}

func FuzzReadPicture(f *testing.F) {
	f.Add(withExif(jpegOf(f, halves(16, 8)), 6))
	f.Add(pngOf(f, halves(8, 8)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil && head.Width*head.Height > 1<<20 {
			t.Skip("large")
		}
		if _, err := ReadPicture(raw); err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Limit) {
			t.Fatal(err)
		}
	})
}
