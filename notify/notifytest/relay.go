// Package notifytest is a mail relay on this machine that keeps what it is given, for tests.
package notifytest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is what the relay was given.
type Mail struct {
	To     string // of the envelope
	Text   string // headers and body, lines ended by CR LF
	Sealed bool   // it came over TLS
	Said   string // how the sender greeted
}

// Relay listens on a loopback address until the test ends.
type Relay struct {
	Address string
	Roots   *x509.CertPool // those who vouch for it; nil where it speaks no TLS

	server *tls.Config
	mu     sync.Mutex
	mails  []Mail
	refuse string
}

// New starts a relay; a sealed one offers STARTTLS.
func New(t testing.TB, sealed bool) *Relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	r := &Relay{Address: listener.Addr().String()}
	if sealed {
		r.certify(t)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(conn)
		}
	}()
	return r
}

// Mails are those taken so far.
func (r *Relay) Mails() []Mail {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Mail(nil), r.mails...)
}

// Refuse makes the relay refuse an address from now on; "" ends it.
func (r *Relay) Refuse(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = address
}

func (r *Relay) refuses(line string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refuse != "" && strings.Contains(line, r.refuse)
}

func (r *Relay) certify(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	r.Roots = x509.NewCertPool()
	r.Roots.AddCert(made)
	r.server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// serve speaks as much SMTP (RFC 5321) as a sender needs.
func (r *Relay) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	in, mail := bufio.NewReader(conn), Mail{}
	fmt.Fprint(conn, "220 relay\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "EHLO", "HELO":
			mail.Said = rest
			if r.server != nil && !mail.Sealed {
				fmt.Fprint(conn, "250-relay\r\n250 STARTTLS\r\n")
			} else {
				fmt.Fprint(conn, "250-relay\r\n250 AUTH PLAIN\r\n")
			}
		case "STARTTLS":
			fmt.Fprint(conn, "220 go on\r\n")
			conn = tls.Server(conn, r.server)
			in, mail.Sealed = bufio.NewReader(conn), true
		case "AUTH":
			fmt.Fprint(conn, "235 known\r\n")
		case "RCPT":
			if r.refuses(rest) {
				fmt.Fprint(conn, "550 nobody here\r\n")
				continue
			}
			mail.To = strings.Trim(strings.TrimPrefix(rest, "TO:"), "<>")
			fmt.Fprint(conn, "250 yes\r\n")
		case "DATA":
			fmt.Fprint(conn, "354 write\r\n")
			if mail.Text, err = data(in); err != nil {
				return
			}
			r.mu.Lock()
			r.mails = append(r.mails, mail)
			r.mu.Unlock()
			fmt.Fprint(conn, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default: // MAIL, RSET, NOOP
			fmt.Fprint(conn, "250 yes\r\n")
		}
	}
}

// data reads a mail up to the point that ends it.
func data(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String(), err
		}
		b.WriteString(line)
	}
}
