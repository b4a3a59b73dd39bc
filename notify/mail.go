package notify

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"ward/fault"
	"ward/locale"
)

// How the connection to a relay is kept from others.
const (
	StartTLS = "starttls" // begins in clear and must change to TLS before anything is said
	TLS      = "tls"      // from the first byte
	Open     = "none"     // in clear; only to a relay on this machine
)

// Relay is the one mail server to which Ward speaks; it carries mail on.
type Relay struct {
	Address  string // host:port
	From     string // the address that mail comes from
	User     string // "" = the relay asks nobody who they are
	Password string
	Security string         // StartTLS when empty
	Roots    *x509.CertPool // who may vouch for the relay; nil = whom this machine trusts
}

// Check is Invalid where no mail could be sent through the relay as it is described. It opens no connection.
func (r Relay) Check() error {
	host, port, err := net.SplitHostPort(r.Address)
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
		return fault.New(fault.Invalid, "%.80q is no address of a mail relay", r.Address).Keeping("no mail is sent").Do("write it as mail.example.org:587")
	}
	if _, err := mail.ParseAddress(r.From); err != nil {
		return fault.New(fault.Invalid, "the address that mail is to come from cannot be read").Keeping("no mail is sent").Do("write it as ward@example.org")
	}
	switch r.Security {
	case "", StartTLS, TLS:
		return nil
	case Open:
		if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
		return fault.New(fault.Invalid, "the relay is on another machine, and mail to it would travel in clear").Keeping("no mail is sent").Do("use %s or %s", StartTLS, TLS)
	}
	return fault.New(fault.Invalid, "%.20q is no way to keep a connection from others", r.Security).Keeping("no mail is sent").Do("use %s or %s", StartTLS, TLS)
}

// To is somebody who gets the mail, in their language.
type To struct {
	Address string
	Lang    locale.Lang
}

// Subject is that of every mail, whatever its language.
const Subject = "Ward"

// bodySize is the length of every mail's body in bytes; the longest sentence of any language has room in it.
const bodySize = 512

// Body is the whole text of a mail: one sentence, filled up with blanks to bodySize bytes.
func Body(lang locale.Lang) string {
	said := locale.For(lang).T("notices.mail") + "\r\n"
	return said + strings.Repeat(" ", max(0, bodySize-2-len(said))) + "\r\n"
}

// Send gives the relay one mail for each of to. It returns those to whom none went, and the first reason.
func (r Relay) Send(ctx context.Context, now time.Time, to ...To) (failed []To, err error) {
	if err := r.Check(); err != nil {
		return to, err
	}
	client, err := r.client()
	if err != nil {
		return to, fault.Wrap(err, fault.Invalid, "no mail can be sent through the relay")
	}
	messages := make([]*gomail.Msg, 0, len(to))
	carried := make([]To, 0, len(to))
	for _, one := range to {
		m, wrong := r.message(now, one)
		if wrong != nil {
			failed, err = append(failed, one), fault.New(fault.Invalid, "an account's address for mail cannot be used").Do("ask its holder to look at it")
			continue
		}
		messages, carried = append(messages, m), append(carried, one)
	}
	if len(messages) == 0 {
		return failed, err
	}
	if sent := client.DialAndSendWithContext(ctx, messages...); sent != nil {
		err = r.refused(sent)
	}
	for i, m := range messages {
		if !m.IsDelivered() {
			failed = append(failed, carried[i])
		}
	}
	return failed, err
}

// refused is why mail did not go, in words that name nobody and are the same each time.
func (r Relay) refused(cause error) error {
	var one *gomail.SendError
	if errors.As(cause, &one) {
		return fault.New(fault.Refused, "the mail relay %s did not take every mail (%d)", r.Address, one.ErrorCode()).Do("look into the relay's own log")
	}
	return fault.Wrap(cause, fault.Refused, "the mail relay %s cannot be reached", r.Address)
}

// client is a connection to be made. It tells the relay nothing of this machine: not its name, and not what program sends.
func (r Relay) client() (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(r.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(30 * time.Second), gomail.WithHELO(domain(r.From)),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12})}
	switch r.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case Open:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if r.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(r.User), gomail.WithPassword(r.Password))
	}
	return gomail.NewClient(host, options...)
}

// message is the mail to somebody. All of it but the address, the date and a random name is the same in every mail of a language, and
// its length is the same whatever the language.
func (r Relay) message(now time.Time, to To) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingB64))
	if err := m.From(r.From); err != nil {
		return nil, err
	}
	if err := m.To(to.Address); err != nil {
		return nil, err
	}
	m.Subject(Subject)
	m.SetDateWithValue(now.UTC())
	m.SetMessageIDWithValue(rand.Text() + "@" + domain(r.From))
	m.SetBodyString(gomail.TypeTextPlain, Body(to.Lang))
	return m, nil
}

// domain is what stands behind the @ of an address that was checked.
func domain(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return "localhost"
	}
	return parsed.Address[strings.LastIndexByte(parsed.Address, '@')+1:]
}
