package intake

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"ward/fault"
	"ward/when"
)

// Mail is what an e-mail file says. Who sent it stands in Sender alone: that is T4 and goes to the officers, never into the report.
type Mail struct {
	Subject string
	Day     string // EDTF: the day its sender gave; "" where none can be read
	Body    string // as plain text, at most as long as a narrative may be
	Cut     bool   // the text was longer: the whole of it is kept as a file
	Partial bool   // a part of it could not be read
	Sender  Sender
}

// Sender is who an e-mail names as its source, and how to reach them (T4).
type Sender struct{ Name, Reach string }

// Bounds of an e-mail file. What exceeds them is passed over, and Partial says so.
const (
	maxHead  = 256 << 10 // bytes of headers
	maxDepth = 8         // of parts within parts
	maxParts = 200
	maxText  = 1 << 20 // bytes of text of one part
)

// ReadMail reads an e-mail file (RFC 5322, MIME) and hands each file in it to keep, whose error ends the reading. It is Invalid where this is
// no e-mail.
func ReadMail(r io.Reader, keep func(name, kind string, body io.Reader) error) (Mail, error) {
	m := mailReader{keep: keep}
	head, body, err := open(r)
	if err != nil {
		return Mail{}, fault.New(fault.Invalid, "this file is no e-mail that can be read").Keeping("nothing was written").
			Do("paste its text, and attach its files one by one")
	}
	m.out.Subject, m.out.Sender = decodedWords(head.Get("Subject")), senderOf(head)
	if at, err := head.Date(); err == nil {
		if day, err := when.Parse(when.DayOf(at.UTC()).String()); err == nil {
			m.out.Day = day.String()
		}
	}
	text, err := m.part(textproto.MIMEHeader(head), body, 0)
	if err != nil {
		return Mail{}, err
	}
	return m.out, m.settle(text)
}

// open reads the headers of a message and gives its body.
func open(r io.Reader) (mail.Header, io.Reader, error) {
	limited := &io.LimitedReader{R: r, N: maxHead}
	in := bufio.NewReader(limited)
	if first, err := in.Peek(1); err != nil || first[0] == ' ' || first[0] == '\t' {
		return nil, nil, errors.New("no header")
	}
	msg, err := mail.ReadMessage(in)
	if err != nil {
		return nil, nil, err
	}
	if len(msg.Header) == 0 || msg.Header.Get("From") == "" && msg.Header.Get("Subject") == "" && msg.Header.Get("Date") == "" {
		return nil, nil, errors.New("no e-mail")
	}
	limited.N = MaxFileBytes
	return msg.Header, msg.Body, nil
}

// senderOf gathers who the headers name as the source.
func senderOf(head mail.Header) (s Sender) {
	var names, reach []string
	for _, field := range []string{"From", "Sender", "Reply-To"} {
		value := decodedWords(head.Get(field))
		list, err := (&mail.AddressParser{WordDecoder: wordDecoder}).ParseList(head.Get(field))
		if err != nil && value != "" {
			list = []*mail.Address{{Address: value}}
		}
		for _, a := range list {
			names, reach = addOnce(names, cleanLine(a.Name)), addOnce(reach, cleanLine(a.Address))
		}
	}
	return Sender{clip(strings.Join(names, ", "), maxLine), clip(strings.Join(reach, ", "), maxLine)}
}

func addOnce(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	if s == "" {
		return list
	}
	return append(list, s)
}

// mailReader is one reading under way.
type mailReader struct {
	out   Mail
	keep  func(name, kind string, body io.Reader) error
	parts int
}

// part reads one part and gives its text; files in it are kept.
func (m *mailReader) part(head textproto.MIMEHeader, body io.Reader, depth int) (string, error) {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		m.out.Partial = true
		return "", nil
	}
	kind, param, err := mime.ParseMediaType(head.Get("Content-Type"))
	if err != nil {
		kind, param = "text/plain", map[string]string{}
	}
	name := partName(head, param)
	switch {
	case strings.HasPrefix(kind, "multipart/") && param["boundary"] != "":
		return m.several(kind, multipart.NewReader(body, param["boundary"]), depth)
	case kind == "message/rfc822" && depth < maxDepth:
		return m.forwarded(decodedBody(head, body), depth)
	case name == "" && (kind == "text/plain" || kind == "text/html"):
		return m.text(kind, param["charset"], decodedBody(head, body)), nil
	}
	return "", m.file(name, kind, decodedBody(head, body))
}

// partName is the file name that a part bears; "attachment" where it is marked as one and bears none.
func partName(head textproto.MIMEHeader, param map[string]string) string {
	disposition, given, err := mime.ParseMediaType(head.Get("Content-Disposition"))
	name := decodedWords(param["name"])
	if err == nil && given["filename"] != "" {
		name = decodedWords(given["filename"])
	}
	if name == "" && err == nil && disposition == "attachment" {
		return "attachment"
	}
	return name
}

// several reads the parts of a part. Of alternatives the plain text is taken, else the other.
func (m *mailReader) several(kind string, parts *multipart.Reader, depth int) (string, error) {
	var texts []string
	plain := ""
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || m.parts >= maxParts {
			m.out.Partial = true
			break
		}
		text, err := m.part(p.Header, p, depth+1)
		if err != nil {
			return "", err
		}
		if text = strings.TrimSpace(text); text != "" {
			texts = append(texts, text)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") && plain == "" {
			plain = text
		}
	}
	if kind != "multipart/alternative" || len(texts) == 0 {
		return strings.Join(texts, "\n\n"), nil
	}
	if plain != "" {
		return plain, nil
	}
	return texts[len(texts)-1], nil
}

// forwarded reads a message within the message: its text joins the text, and whoever it names as its sender goes with the sender.
func (m *mailReader) forwarded(body io.Reader, depth int) (string, error) {
	head, inner, err := open(body)
	if err != nil {
		m.out.Partial = true
		return "", nil
	}
	if s := senderOf(head); s != (Sender{}) {
		m.out.Sender.Name = clip(joined(m.out.Sender.Name, s.Name), maxLine)
		m.out.Sender.Reach = clip(joined(m.out.Sender.Reach, s.Reach), maxLine)
	}
	text, err := m.part(textproto.MIMEHeader(head), inner, depth+1)
	return strings.TrimSpace(decodedWords(head.Get("Subject")) + "\n\n" + text), err
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// text reads a part of text into plain text.
func (m *mailReader) text(kind, charset string, body io.Reader) string {
	raw, err := io.ReadAll(io.LimitReader(body, maxText+1))
	if err != nil || len(raw) > maxText {
		m.out.Partial, raw = true, raw[:min(len(raw), maxText)]
	}
	text := decoded(raw, charset)
	if kind == "text/html" {
		text = stripped(text)
	}
	return cleaned(text)
}

// file hands a file to keep. What of it cannot be decoded is left out, and what came before is kept.
func (m *mailReader) file(name, kind string, body io.Reader) error {
	if name == "" {
		name = fmt.Sprintf("part-%d", m.parts)
	}
	tolerant := &tolerant{r: body}
	if err := m.keep(FileName(name), kind, tolerant); err != nil {
		return err
	}
	m.out.Partial = m.out.Partial || tolerant.broken
	return nil
}

// settle puts the text where it belongs: what is longer than a narrative may be is cut there and kept whole as a file.
func (m *mailReader) settle(text string) error {
	text = strings.TrimSpace(text)
	if m.out.Body = clip(text, maxNarrative); m.out.Body == text {
		return nil
	}
	m.out.Cut = true
	return m.keep("message.txt", "text/plain; charset=utf-8", strings.NewReader(text))
}

// tolerant ends where its reader fails.
type tolerant struct {
	r      io.Reader
	broken bool
}

func (t *tolerant) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		t.broken, err = true, io.EOF
	}
	return n, err
}

// decodedBody undoes a part's transfer encoding; an unknown one is read as it is.
func decodedBody(head textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(head.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}
