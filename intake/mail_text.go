package intake

import (
	"html"
	"io"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// wordDecoder reads the encoded words of headers (RFC 2047) in every character set that browsers know.
var wordDecoder = &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxHead))
	return strings.NewReader(decoded(raw, charset)), err
}}

// decodedWords is a header as one line of text.
func decodedWords(s string) string {
	words, err := wordDecoder.DecodeHeader(s)
	if err != nil {
		words = decoded([]byte(s), "")
	}
	return clip(cleanLine(words), maxLine)
}

// decoded turns bytes of a character set into text. A set that is not known, or not said, is UTF-8 where the bytes are, else Windows-1252.
func decoded(raw []byte, charset string) string {
	if enc, err := htmlindex.Get(strings.TrimSpace(charset)); err == nil {
		if out, err := enc.NewDecoder().Bytes(raw); err == nil {
			return strings.ToValidUTF8(string(out), "\ufffd")
		}
	}
	if utf8.Valid(raw) {
		return string(raw)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	return string(out)
}

// cleaned keeps of a text what people can see: no control characters, line ends of one kind, no more than one blank line.
func cleaned(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError || steers(r) {
			return -1
		}
		return r
	}, s)
	lines, out := strings.Split(s, "\n"), []string{}
	for _, l := range lines {
		if l = strings.TrimRightFunc(l, unicode.IsSpace); l != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, l)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// steers reports a character that turns the direction of what follows it: in a name it makes one file look like another.
func steers(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// cleanLine is cleaned on one line.
func cleanLine(s string) string { return strings.Join(strings.Fields(cleaned(s)), " ") }

// clip cuts a text to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// FileName is a name that a file was sent under, fit to be shown and to be offered for a download: its last part, one line, no character
// that steers, at most maxName bytes with its ending kept. It is never the name of a file on this disk.
func FileName(sent string) string {
	name := cleanLine(path.Base(strings.ReplaceAll(decoded([]byte(sent), ""), `\`, "/")))
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"<>|:*?/`, r) {
			return '_'
		}
		return r
	}, name), ". ")
	if name == "" {
		return "file"
	}
	if end := path.Ext(name); len(name) > maxName && len(end) < 20 {
		return clip(strings.TrimSuffix(name, end), maxName-len(end)) + end
	}
	return clip(name, maxName)
}

// silent are the elements whose content nobody reads; breaking those that begin a line.
var (
	silent   = []string{"script", "style", "head", "title", "noscript", "template", "svg"}
	breaking = map[string]bool{"br": true, "p": true, "div": true, "li": true, "tr": true, "h1": true, "h2": true, "h3": true, "h4": true, "blockquote": true, "table": true, "ul": true, "ol": true, "hr": true}
)

// stripped is the text of a page in HTML. It need not be well formed: a "<" that begins no tag is text, and what never ends is left out. It
// takes time in proportion to its length.
func stripped(s string) string {
	var b strings.Builder
	for s != "" {
		text, rest, found := strings.Cut(s, "<")
		b.WriteString(html.UnescapeString(text))
		if !found {
			break
		}
		if !begins(rest) {
			b.WriteByte('<')
			s = rest
			continue
		}
		var name string
		if name, s = tag(rest); breaking[strings.TrimPrefix(name, "/")] {
			b.WriteByte('\n')
		}
		if slices.Contains(silent, name) {
			s = past(s, name)
		}
	}
	return b.String()
}

// begins reports that a tag or a comment follows a "<".
func begins(s string) bool {
	return s != "" && (strings.IndexByte("/!?", s[0]) >= 0 || s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z')
}

// tag reads a tag or comment behind its "<": its name in lower case ("/p" where it closes) and what follows it.
func tag(s string) (name, after string) {
	if strings.HasPrefix(s, "!--") {
		_, after, _ = strings.Cut(s, "-->")
		return "!", after
	}
	name, after, _ = strings.Cut(s, ">")
	if cut := strings.IndexAny(name, " \t\n\r"); cut >= 0 {
		name = name[:cut]
	}
	return strings.ToLower(strings.TrimSuffix(name, "/")), after
}

// past is what follows the end of an element; nothing where it has none.
func past(s, element string) string {
	for {
		_, rest, found := strings.Cut(s, "</")
		if !found {
			return ""
		}
		if s = rest; len(s) >= len(element) && strings.EqualFold(s[:len(element)], element) {
			_, after, _ := strings.Cut(s, ">")
			return after
		}
	}
}
