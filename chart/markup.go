package chart

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// markup writes elements that are well-formed as XML and as HTML; it is the only place where text meets tags.
type markup struct{ b strings.Builder }

// open starts an element; attributes come as name, value, name, value. An empty value leaves its attribute out.
func (m *markup) open(tag string, attributes ...string) { m.start(tag, attributes, ">") }

// void writes an element of a drawing without content.
func (m *markup) void(tag string, attributes ...string) { m.start(tag, attributes, "/>") }

func (m *markup) start(tag string, attributes []string, closing string) {
	m.b.WriteString("<" + tag)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			m.b.WriteString(" " + attributes[i] + `="` + escape(attributes[i+1]) + `"`)
		}
	}
	m.b.WriteString(closing)
}

func (m *markup) end(tag string) { m.b.WriteString("</" + tag + ">") }

// close ends an element that was opened only perhaps.
func (m *markup) close(opened bool, tag string) {
	if opened {
		m.end(tag)
	}
}

func (m *markup) text(s string) { m.b.WriteString(escape(s)) }

func (m *markup) element(tag, text string, attributes ...string) {
	m.open(tag, attributes...)
	m.text(text)
	m.end(tag)
}

// link opens a link when href is one that a page may follow, and tells whether it did.
func (m *markup) link(href string, attributes ...string) bool {
	if !safe(href) {
		return false
	}
	m.open("a", append([]string{"href", href}, attributes...)...)
	return true
}

// html hands the finished text on; all of it was written through escape.
func (m *markup) html() template.HTML { return template.HTML(m.b.String()) }

// escape makes text safe between tags and in quoted attributes, and drops what XML cannot hold.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return template.HTMLEscapeString(s)
}

// safe accepts paths, fragments, queries and http(s) addresses; a scheme such as javascript: is refused.
func safe(href string) bool {
	if href == "" || strings.ContainsAny(href, "\\\t\r\n") || strings.HasPrefix(href, "//") {
		return false
	}
	scheme, _, found := strings.Cut(href, ":")
	return !found || strings.ContainsAny(scheme, "/?#") || scheme == "https" || scheme == "http"
}

// coord writes a length of a drawing to a tenth.
func coord(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64)
}

// precise writes a length to a thousandth, where heights must stay in proportion.
func precise(x float64) string {
	return strconv.FormatFloat(math.Round(x*1000)/1000+0, 'f', -1, 64)
}

// svg opens a drawing of the given size with a title for readers of the screen. A drawing with links is a group, so
// that the links stay reachable; one without is an image.
func (m *markup) svg(f Frame, class string, width, height float64, title string, links bool) {
	role, direction := "img", "ltr"
	if links {
		role = "group"
	}
	if f.RTL {
		direction = "rtl"
	}
	m.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", class, "viewBox", "0 0 "+coord(width)+" "+coord(height),
		"width", coord(width), "height", coord(height), "role", role, "direction", direction, "aria-labelledby", f.id("t"))
	m.element("title", title, "id", f.id("t"))
}

// hatch defines the one pattern of a drawing; fill="url(#...)" with f.id("h") uses it.
func (m *markup) hatch(f Frame) {
	m.open("defs")
	m.open("pattern", "id", f.id("h"), "width", "5", "height", "5", "patternUnits", "userSpaceOnUse", "patternTransform", "rotate(45)")
	m.void("rect", "class", "ch-hb", "width", "5", "height", "5")
	m.void("line", "class", "ch-hl", "x1", "0.5", "y1", "0", "x2", "0.5", "y2", "5")
	m.end("pattern")
	m.end("defs")
}

func (f Frame) hatched() string { return "url(#" + f.id("h") + ")" }
