package evaluation

import (
	"sync"
)

// diagrams are drawn once. They are line drawings of our own, of nobody in particular: no sex, no age.
var diagrams = sync.OnceValue(func() []Diagram {
	palm, hand := palm(), handBack()
	top, sole := footTop(), footSole()
	left, head := bodySide(), headSide()
	return []Diagram{bodyFront(), bodyBack(), left, left.turned("right"), headFront(), headBack(), head, head.turned("head_right"),
		palm, hand, palm.turned("hand_right_palm"), hand.turned("hand_right_back"), top, sole, top.turned("foot_right_top"), sole.turned("foot_right_sole")}
})

// turned is the drawing of the same thing on the person's other side.
func (d Diagram) turned(view string) Diagram {
	out := Diagram{View: view, Width: d.Width, Height: d.Height}
	for _, p := range d.Paths {
		out.Paths = append(out.Paths, p.mirrored(d.Width/2))
	}
	for _, r := range d.Regions {
		out.Regions = append(out.Regions, Region{r.Part, otherSide[r.Side], 1000 - r.X, r.Y})
	}
	return out
}

var otherSide = map[string]string{"left": "right", "right": "left", "middle": "middle"}

// draw adds lines to a drawing.
func (d *Diagram) draw(lines ...Path) { d.Paths = append(d.Paths, lines...) }

// pairs adds lines with their mirror images about the middle.
func (d *Diagram) pairs(lines ...Path) {
	for _, p := range lines {
		d.draw(both(p, d.Width/2)...)
	}
}

// named adds regions by where they are in the drawing's units; side is the person's own.
func (d *Diagram) named(side string, list ...spot) {
	for _, s := range list {
		d.Regions = append(d.Regions, Region{s.part, side, int(s.x * 1000 / d.Width), int(s.y * 1000 / d.Height)})
	}
}

// paired adds regions that the picture has on its right, and their mirror images; right says which side of the person the picture's right is.
func (d *Diagram) paired(right string, list ...spot) {
	for _, s := range list {
		d.named(right, s)
		d.named(otherSide[right], spot{s.part, d.Width - s.x, s.y})
	}
}

// spot is where a part of the body is, in a drawing's units.
type spot struct {
	part string
	x, y float64
}

// bodyOutline is the right half of the picture, from the top of the head round to the crotch.
const bodyOutline = `200,22 220,26 234,44 237,72 233,100 224,122 220,134
221,152 228,164 248,175 270,182 288,196 297,220 301,256 306,296 314,330 321,362 330,400 338,440 344,472
354,490 364,508 371,528 369,536! 362,530 355,518 359,548 359,578 356,603! 351,604 349,576 347,612! 341,613 339,580 336,609! 330,608 329,576 324,595! 319,592 317,558 315,524 318,500 320,478
312,440 303,404 296,372 289,338 281,300 276,268!
273,300 268,340 263,376 264,404 271,436 277,470 279,506 277,550 271,606 262,660 257,700 258,730 262,766 260,806 251,856 243,902 240,924
243,944 254,962 262,976 254,985 236,986 220,983 214,968 217,944 218,922 215,880 212,836 213,800 212,764 209,730 210,700 207,650 203,590 200,532!`

const bodyEar = "236,66! 243,64 245,76 241,92 235,96!"

func bodyFront() Diagram {
	d := Diagram{View: "front", Width: 400, Height: 1000}
	d.draw(whole(bodyOutline, 200))
	d.pairs(open(bodyEar), faint("207,192 232,186 262,187"), faint("272,262 262,277 244,285 226,283 212,275"), faint("270,478 246,506 222,524"),
		faint("222,718 232,725 246,722"), faint("212,72 218,69 224,72"), faint("300,372 310,376 320,372"))
	d.draw(faint("200,402 201,408 199,409"), faint("200,78 196,94 203,96"), faint("191,108 200,110 209,108"), faint("200,204 200,262"))
	d.named("middle", spot{"forehead", 200, 46}, spot{"nose", 200, 90}, spot{"mouth", 200, 108}, spot{"chin", 200, 124}, spot{"throat", 200, 152}, spot{"breastbone", 200, 230},
		spot{"abdomen_upper", 200, 330}, spot{"abdomen_lower", 200, 440}, spot{"genitals", 200, 516})
	d.paired("left", spot{"eye", 216, 73}, spot{"cheek", 220, 98}, spot{"ear", 241, 80}, spot{"neck", 216, 148}, spot{"collarbone", 240, 186}, spot{"shoulder", 280, 205}, spot{"chest", 240, 245}, spot{"armpit", 272, 270},
		spot{"flank", 256, 380}, spot{"hip", 266, 450}, spot{"groin", 240, 510}, spot{"upper_arm", 292, 300}, spot{"elbow", 309, 372}, spot{"forearm", 322, 425}, spot{"wrist", 332, 482}, spot{"palm", 336, 535},
		spot{"thigh", 242, 600}, spot{"knee", 234, 715}, spot{"shin", 236, 815}, spot{"ankle", 230, 925}, spot{"foot_top", 236, 965})
	return d
}

func bodyBack() Diagram {
	d := Diagram{View: "back", Width: 400, Height: 1000}
	d.draw(whole(bodyOutline, 200))
	d.pairs(open(bodyEar), faint("222,208 240,214 252,240 242,268 224,256"), faint("204,532 226,548 258,536"), faint("222,712 236,718 250,712"), faint("212,806 226,826 246,808"),
		faint("304,370 311,376 318,368"), faint("226,930 226,960"))
	d.draw(faint("200,160 199,240 200,330 199,420"), faint("200,448 200,528"))
	d.named("middle", spot{"scalp", 200, 66}, spot{"nape", 200, 142}, spot{"upper_back", 200, 220}, spot{"lower_back", 200, 390}, spot{"anus", 200, 520})
	d.paired("right", spot{"ear", 241, 80}, spot{"neck", 217, 150}, spot{"shoulder", 278, 200}, spot{"shoulder_blade", 238, 240}, spot{"flank", 252, 350}, spot{"hip", 266, 440}, spot{"buttock", 240, 500},
		spot{"upper_arm_back", 292, 300}, spot{"elbow_back", 311, 372}, spot{"forearm_back", 322, 425}, spot{"wrist", 332, 482}, spot{"hand_back", 336, 535}, spot{"thigh_back", 240, 610}, spot{"knee_back", 235, 720},
		spot{"calf", 236, 800}, spot{"ankle", 230, 925}, spot{"heel", 232, 970})
	return d
}

func bodySide() Diagram {
	d := Diagram{View: "left", Width: 400, Height: 1000}
	d.draw(closed(`205,22 178,32 165,54 163,74 162,82 152,99! 161,104 158,111 161,116 159,122 163,135 174,141 187,144 189,158 184,174 167,200 153,236 150,264 157,300 159,350 155,400 154,440
160,490 153,540 156,600 166,680 164,712 170,742 175,800 183,860 188,912 174,942 146,962 130,974 131,986! 165,987 205,987 226,984 229,966 221,936 217,910 231,850 240,800 236,760 226,722 229,690
245,630 252,570 263,515 264,484 252,446 235,400 236,360 250,300 256,252 249,204 230,170 223,152 227,132 242,104 247,70 235,38`))
	d.draw(open(`178,250 182,222 194,204 210,200 224,212 229,246 227,300 223,350 222,378 216,430 206,480 201,505 205,530 202,562 194,590 184,604! 179,601 181,566 176,545 170,556 165,552 168,528 179,502 184,482 188,430 192,386 190,340 184,290 180,262`))
	d.draw(open("208,66 218,62 223,72 217,88 209,94"), faint("168,76 174,73 180,77"), faint("161,116 170,117"), faint("208,94 196,124 176,138"), faint("226,742 216,728 220,712"), faint("203,926 211,930 209,940"), faint("252,560 236,556 224,540"))
	d.named("left", spot{"temple", 190, 66}, spot{"ear", 215, 78}, spot{"cheek", 180, 98}, spot{"jaw", 186, 124}, spot{"neck", 206, 158}, spot{"shoulder", 206, 212}, spot{"chest", 166, 250}, spot{"upper_arm_outer", 206, 300},
		spot{"elbow_back", 220, 380}, spot{"forearm_back", 204, 440}, spot{"wrist", 192, 498}, spot{"hand_back", 190, 545}, spot{"flank", 240, 350}, spot{"hip", 236, 460}, spot{"buttock", 252, 510}, spot{"thigh_outer", 205, 610},
		spot{"knee", 176, 712}, spot{"leg_outer", 205, 800}, spot{"ankle", 204, 930}, spot{"foot_top", 168, 964}, spot{"heel", 218, 972})
	d.named("middle", spot{"forehead", 168, 54}, spot{"nose", 157, 97}, spot{"mouth", 163, 116}, spot{"scalp", 238, 66}, spot{"nape", 226, 150}, spot{"upper_back", 250, 250}, spot{"lower_back", 240, 390}, spot{"abdomen_lower", 160, 430})
	return d
}

const (
	headOutline = "200,30 254,38 296,72 314,126 314,190 309,250 298,306 276,356 244,396 220,412 200,415"
	headEar     = "314,196! 328,186 338,200 334,236 324,262 308,262!"
	headNeck    = "284,342! 283,380 290,420 326,446 384,462"
)

func headFront() Diagram {
	d := Diagram{View: "head_front", Width: 400, Height: 480}
	d.draw(whole(headOutline, 200))
	d.pairs(open(headEar), open(headNeck), faint("320,206 326,214 320,242"), open("228,208 242,198 260,198 276,210 260,217 242,216 228,208"), faint("222,182 248,170 280,182"), closed("252,200 245,208 252,216 259,208"),
		faint("212,312 196,308"), faint("272,80 232,62 200,60"))
	d.draw(open("188,208 186,250 176,274 188,284 200,282 212,284 224,274 214,250 212,208"), open("164,336 186,328 200,332 214,328 236,336 214,348 200,350 186,348 164,336"), faint("166,337 200,338 234,337"), faint("186,382 200,378 214,382"))
	d.named("middle", spot{"crown", 200, 44}, spot{"forehead", 200, 120}, spot{"nose", 200, 260}, spot{"mouth", 200, 338}, spot{"chin", 200, 396}, spot{"throat", 200, 444})
	d.paired("left", spot{"scalp", 276, 90}, spot{"temple", 302, 160}, spot{"eye", 252, 208}, spot{"cheek", 264, 270}, spot{"ear", 326, 222}, spot{"jaw", 274, 340}, spot{"neck", 264, 420})
	return d
}

func headBack() Diagram {
	d := Diagram{View: "head_back", Width: 400, Height: 480}
	d.pairs(open("200,30 254,38 296,72 314,126 314,190 309,250 298,300 284,340 278,372 284,410 304,434 384,462"), open(headEar), faint("276,336 240,350 214,344 200,348"), faint("232,362 228,430"))
	d.draw(faint("200,400 200,460"))
	d.named("middle", spot{"crown", 200, 60}, spot{"scalp", 200, 200}, spot{"nape", 200, 400})
	d.paired("right", spot{"scalp", 270, 180}, spot{"ear", 326, 222}, spot{"neck", 262, 400}, spot{"shoulder", 340, 458})
	return d
}

func headSide() Diagram {
	d := Diagram{View: "head_left", Width: 400, Height: 480}
	d.draw(open(`340,470 326,420 324,366 340,310 366,250 378,186 368,118 330,62 268,34 204,34 146,54 108,98 97,150 96,182 92,196 80,228 64,256 66,266! 82,272 96,274! 92,290 86,304 96,314! 88,326 94,340 92,362 100,384 124,396 158,394 188,396 204,412 206,440 196,470`))
	d.draw(open("234,204 246,180 272,178 284,200 276,232 262,250 256,274 240,274 236,250"), faint("250,206 262,194 272,206 266,228 252,240"), faint("238,276 226,330 196,362 150,388"),
		open("120,195 138,197 150,205 138,210 122,213"), faint("124,196 119,204 124,212"), faint("106,178 128,166 154,176"), faint("96,314 116,316 126,312"), faint("92,262 100,258 102,270"), faint("150,70 190,110 214,170 232,190"), faint("330,300 296,306 280,290"))
	d.named("left", spot{"temple", 180, 160}, spot{"eye", 134, 203}, spot{"cheek", 150, 270}, spot{"ear", 260, 224}, spot{"jaw", 200, 350}, spot{"neck", 262, 400}, spot{"scalp", 300, 140})
	d.named("middle", spot{"crown", 230, 44}, spot{"forehead", 112, 120}, spot{"nose", 78, 256}, spot{"mouth", 98, 316}, spot{"chin", 104, 378}, spot{"throat", 196, 430}, spot{"nape", 322, 380})
	return d
}

// handOutline has the thumb on the picture's left: the palm of a left hand, or the back of a right one.
const handOutline = `108,392 110,352 88,316 66,276 42,238 24,204 22,188 34,180 48,190 70,216 92,240! 97,222 94,176 87,118 84,78 91,62 103,64 109,88 115,134 121,180! 125,140 126,84 128,48 139,34 150,46 153,92 153,140 155,180!
163,138 170,92 177,62 188,54 197,64 195,104 189,146 186,190! 197,164 210,130 222,112 234,110 238,124 231,160 221,206 216,254 206,306 196,352 198,392`

func palm() Diagram {
	d := Diagram{View: "hand_left_palm", Width: 260, Height: 400}
	d.draw(open(handOutline), faint("94,240 120,262 132,300 126,344"), faint("96,238 140,246 178,262"), faint("216,224 180,222 140,214"), faint("112,352 150,360 196,352"), faint("90,128 108,126"), faint("94,172 116,170"),
		faint("127,100 152,100"), faint("126,146 153,146"), faint("170,110 193,112"), faint("165,150 188,154"), faint("212,142 230,148"), faint("203,170 226,178"), faint("38,204 50,196"))
	d.named("left", fingers(spot{"palm", 150, 270})...)
	return d
}

func handBack() Diagram {
	d := Diagram{View: "hand_right_back", Width: 260, Height: 400}
	d.draw(open(handOutline), open("90,72 96,66 103,70 104,84 91,84 90,72"), open("133,46 139,39 146,45 147,60 132,60 133,46"), open("181,66 188,59 194,66 192,80 179,78 181,66"), open("223,120 230,115 235,121 232,134 221,131 223,120"),
		open("28,194 34,186 42,192 44,204 34,206 28,194"), faint("100,214 110,208 120,214"), faint("134,206 145,201 156,207"), faint("168,212 178,208 187,216"), faint("198,228 206,226 212,234"), faint("92,128 107,126"), faint("129,100 150,100"), faint("172,110 192,112"), faint("213,144 229,148"))
	d.named("right", fingers(spot{"hand_back", 150, 280})...)
	return d.turned("hand_left_back")
}

// fingers are the parts of a hand that has its thumb on the picture's left.
func fingers(middle spot) []spot {
	return []spot{middle, {"thumb", 46, 218}, {"index", 102, 130}, {"middle_finger", 140, 110}, {"ring_finger", 180, 124}, {"little_finger", 214, 160}, {"wrist", 152, 374}}
}

// footOutline has the big toe on the picture's left: the sole of a left foot, or the top of a right one.
const footOutline = `118,478 82,466 64,430 68,386 84,334 86,286 62,228 44,180 40,140 46,96 58,66 78,58 94,72 99,102 98,128! 104,98 113,82 124,85 128,106 127,134! 134,112 143,98 153,103 155,124 152,146!
159,128 168,117 178,122 179,142 174,162! 181,148 190,140 199,147 200,166 195,188 197,236 190,304 182,372 178,430 158,466`

func footSole() Diagram {
	d := Diagram{View: "foot_left_sole", Width: 240, Height: 500}
	d.draw(closed(footOutline), faint("46,150 74,144 98,146 130,150 160,164 194,188"), faint("86,286 110,250 150,236 190,250"), faint("84,352 112,372 150,374 182,362"), faint("56,196 84,228 128,222"))
	d.named("left", spot{"big_toe", 72, 96}, spot{"toes", 150, 126}, spot{"ball", 110, 196}, spot{"arch", 112, 300}, spot{"heel", 122, 426})
	return d
}

func footTop() Diagram {
	d := Diagram{View: "foot_right_top", Width: 240, Height: 500}
	d.draw(closed(footOutline), open("62,76 76,66 88,78 87,96 63,94 62,76"), open("109,94 116,88 122,93 122,103 110,102 109,94"), open("139,109 146,104 151,110 150,119 139,117 139,109"), open("165,126 171,121 176,127 175,135 165,133 165,126"),
		open("187,150 192,145 197,150 196,158 187,156 187,150"), faint("80,140 92,210 98,270"), faint("112,148 116,210 116,268"), faint("140,156 138,216 134,272"), faint("164,172 160,226 152,276"), faint("78,360 96,332 126,322 158,334 178,366"), faint("78,384 124,352 178,388"))
	d.named("right", spot{"big_toe", 74, 110}, spot{"toes", 150, 134}, spot{"foot_top", 122, 230}, spot{"ankle", 126, 356}, spot{"heel", 120, 456})
	return d.turned("foot_left_top")
}
