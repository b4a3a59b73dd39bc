package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"ward/fault"
)

// Picture is a photograph. Only what is seen of it is kept: it was decoded and encoded anew, so that place, time and device, which cameras
// write into their files, are gone. The zero Picture prints nothing.
type Picture struct {
	Caption Text
	Alt     string // what it shows, for whoever does not see it

	image *raster
}

func (Picture) block() {}

// raster is a picture as both formats carry it.
type raster struct {
	wide, high int
	data       []byte // a JPEG file; where plain is true, rows of RGB
	plain      bool
}

// Limits of pictures.
const (
	MaxPictureBytes  = 40 << 20
	maxPicturePixels = 50_000_000 // read from the file's head, before anything is decoded
	pictureSide      = 1800       // pixels of the longer side on paper: 10 per millimetre over the width of a page
	pictureQuality   = 88
)

// ReadPicture reads a JPEG or PNG file. It is turned as its camera said, made smaller where paper cannot show more, and set on white where
// it lets light through. Invalid where it is no such picture, Limit where it is too large.
func ReadPicture(raw []byte) (Picture, error) {
	if len(raw) > MaxPictureBytes {
		return Picture{}, fault.New(fault.Limit, "the picture is larger than %d MB", MaxPictureBytes>>20).Keeping("the file stands as it was").Do("make a smaller copy of it for paper")
	}
	unread := fault.New(fault.Invalid, "the picture cannot be read").Keeping("the file stands as it was").Do("use a JPEG or PNG picture")
	head, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || head.Width < 1 || head.Height < 1 || format != "jpeg" && format != "png" {
		return Picture{}, unread
	}
	if head.Width > maxPicturePixels/head.Height {
		return Picture{}, fault.New(fault.Limit, "the picture has more than %d million points", maxPicturePixels/1_000_000).Keeping("the file stands as it was").Do("make a smaller copy of it for paper")
	}
	decode := jpeg.Decode
	if format == "png" {
		decode = png.Decode
	}
	decoded, err := decode(bytes.NewReader(raw))
	if err != nil {
		return Picture{}, unread
	}
	turn := 1
	if format == "jpeg" {
		turn = orientation(raw)
	}
	return encoded(turned(smaller(decoded), turn), format == "png")
}

// encoded is the picture as both formats carry it.
func encoded(m *image.RGBA, plain bool) (Picture, error) {
	r := &raster{wide: m.Rect.Dx(), high: m.Rect.Dy(), plain: plain}
	if plain {
		r.data = make([]byte, 0, r.wide*r.high*3)
		for i := 0; i < len(m.Pix); i += 4 {
			r.data = append(r.data, m.Pix[i:i+3]...)
		}
		return Picture{image: r}, nil
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: pictureQuality}); err != nil {
		return Picture{}, fault.Wrap(err, fault.Internal, "the picture could not be made ready for paper")
	}
	r.data = b.Bytes()
	return Picture{image: r}, nil
}

// smaller sets a picture on white and brings its longer side to what paper shows, each point the mean of those it stands for.
func smaller(m image.Image) *image.RGBA {
	by := 1
	for side := max(m.Bounds().Dx(), m.Bounds().Dy()); (side+by-1)/by > pictureSide; by++ {
	}
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()/by), max(1, b.Dy()/by)))
	band := image.NewRGBA(image.Rect(0, 0, b.Dx(), by))
	for y := range out.Rect.Dy() {
		draw.Draw(band, band.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(band, band.Rect, m, image.Pt(b.Min.X, b.Min.Y+y*by), draw.Over)
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, mean(band, x*by, by))
		}
	}
	return out
}

// mean is the colour of a square of a band.
func mean(band *image.RGBA, left, by int) color.RGBA {
	var r, g, b, n int
	for y := range min(by, band.Rect.Dy()) {
		for x := left; x < min(left+by, band.Rect.Dx()); x++ {
			at := band.Pix[y*band.Stride+x*4:]
			r, g, b, n = r+int(at[0]), g+int(at[1]), b+int(at[2]), n+1
		}
	}
	n = max(n, 1)
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// photograph is a picture ready for the page.
type photograph struct {
	Picture
	caption    *prose
	wide, high float64
}

// pictureTall is the height of a picture on the page at most, points.
const pictureTall = 330.0

func (p *press) photograph(b Picture) flow {
	if b.image == nil {
		return nothing{}
	}
	wide, high := b.image.size()
	return &photograph{b, p.caption(b.Caption, 0, bodyWidth), wide, high}
}

// size is the picture's on the page, points; never larger than it is at 96 of its points to the inch.
func (r *raster) size() (wide, high float64) {
	wide, high = float64(r.wide), float64(r.high)
	scale := min(bodyWidth/wide, pictureTall/high, 0.75)
	return wide * scale, high * scale
}

func (f *photograph) least() float64 { return 4 + f.high + f.caption.height() }

func (f *photograph) set(p *press) {
	p.space(4)
	if f.high+f.caption.height() > p.left() && !p.fresh() {
		p.turn()
	}
	left := p.offset(0, f.wide)
	e := p.picture(f.Alt, left, p.y, f.wide, f.high)
	p.now.mark(e, false)
	p.now.op("q %s 0 0 %s %s %s cm /Im%d Do Q\n", number2(f.wide), number2(f.high), number2(left), number2(pageHeight-p.y-f.high), p.imageNumber(f.image))
	p.underneath(f.caption, p.y+f.high, false)
	p.y += f.high + f.caption.height() + 12
}

// imageNumber is the picture's place among those that the file carries; one that is shown twice is carried once.
func (p *press) imageNumber(r *raster) int {
	for i, known := range p.images {
		if known == r {
			return i
		}
	}
	p.images = append(p.images, r)
	return len(p.images) - 1
}

// writeImage writes the picture as an object of the file.
func (f *file) writeImage(r *raster) int {
	id := f.reserve()
	dict := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", r.wide, r.high)
	if r.plain {
		f.stream(id, dict, r.data)
	} else {
		f.packed(id, dict+"/Filter/DCTDecode", r.data)
	}
	return id
}
