package witness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ward/fault"
)

// posing answers every request in one way, and counts them.
func posing(t *testing.T, answer http.HandlerFunc) (url string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func saying(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// Each answer has its meaning: a judgement with its kind, or none.
func TestAskTellsJudgementsFromSilence(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	silence := fault.Kind("")
	for name, c := range map[string]struct {
		answer http.HandlerFunc // to a request from size 8 to 16
		held   int64
		kind   fault.Kind // silence: ErrUnreachable of whatever kind
	}{
		"it holds less":         {saying(409, SizeType, "3\n"), 3, fault.Conflict},
		"it holds more":         {saying(409, SizeType, "17\n"), 17, fault.Conflict},
		"with a charset":        {saying(409, SizeType+"; charset=utf-8", "17\n"), 17, fault.Conflict},
		"it holds the old size": {saying(409, SizeType, "8\n"), Unknown, silence},
		"it holds the new size": {saying(409, SizeType, "16\n"), 16, fault.Conflict},
		"not watched":           {saying(404, "text/plain", "no"), Unknown, fault.NotFound},
		"another key":           {saying(403, "text/plain", "no"), Unknown, fault.Refused},
		"inconsistent":          {saying(422, "text/plain", "no"), Unknown, fault.Refused},
		"not understood":        {saying(400, "text/plain", "no"), Unknown, fault.Invalid},
		"a conflict of no type": {saying(409, "text/plain", "17\n"), Unknown, silence},
		"a conflict of no size": {saying(409, SizeType, "many\n"), Unknown, silence},
		"a negative size":       {saying(409, SizeType, "-1\n"), Unknown, silence},
		"a signed size":         {saying(409, SizeType, "+17\n"), Unknown, silence},
		"a size past 64 bits":   {saying(409, SizeType, "18446744073709551617\n"), Unknown, silence},
		"busy":                  {saying(503, "text/plain", "no"), Unknown, silence},
		"too often":             {saying(429, "text/plain", "no"), Unknown, silence},
		"a wall":                {saying(500, "text/html", "<html>"), Unknown, silence},
		"endless":               {saying(200, "text/plain", strings.Repeat("x", maxAnswer+1)), Unknown, silence},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "— ")
		}, Unknown, silence},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := posing(t, c.answer)
			lines, held, err := Ask(ctx, http.DefaultClient, url, l.request(8))
			if lines != nil || held != c.held || err == nil {
				t.Errorf("%q, held %d, %v", lines, held, err)
			}
			if c.kind == silence && !errors.Is(err, ErrUnreachable) || c.kind != silence && (!fault.Is(err, c.kind) || errors.Is(err, ErrUnreachable)) {
				t.Errorf("got %v (%s)", err, fault.KindOf(err))
			}
		})
	}
}

// From the checkpoint's own size a conflict means another tree.
func TestAskSeesAForkAtTheSameSize(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	url, _ := posing(t, saying(409, SizeType, "16\n"))
	_, held, err := Ask(ctx, http.DefaultClient, url, l.request(16))
	if held != 16 || !fault.Is(err, fault.Refused) || errors.Is(err, ErrUnreachable) {
		t.Errorf("%d %v", held, err)
	}
}

func TestAskSendsTheRequestUnderThePrefix(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	want := string(l.request(8).Marshal())
	for _, tail := range []string{"/w/1", "/w/1/"} {
		url, _ := posing(t, func(w http.ResponseWriter, r *http.Request) {
			if got := read(t, &http.Response{Body: r.Body}).body; r.Method != "POST" || r.URL.Path != "/w/1/add-checkpoint" || got != want {
				t.Errorf("%s %s %q", r.Method, r.URL.Path, got)
			}
			fmt.Fprint(w, "lines")
		})
		lines, held, err := Ask(ctx, http.DefaultClient, url+tail, l.request(8))
		if string(lines) != "lines" || held != 16 || err != nil {
			t.Errorf("%q %d %v", lines, held, err)
		}
	}
}

func TestAskFollowsNoRedirect(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	elsewhere, asked := posing(t, saying(200, "text/plain", "lines"))
	for _, status := range []int{301, 302, 303, 307, 308} {
		url, _ := posing(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, status) })
		if lines, _, err := Ask(ctx, http.DefaultClient, url, l.request(0)); lines != nil || !errors.Is(err, ErrUnreachable) {
			t.Errorf("%d: %q %v", status, lines, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("%d requests arrived elsewhere", asked.Load())
	}
}

func TestAskEndsWhenNobodyAnswers(t *testing.T) {
	l := newTree(t, "log.example/xaa")
	l.grow(16, "a")
	release := make(chan bool)
	url, _ := posing(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	if _, held, err := Ask(ctx, &http.Client{Timeout: time.Millisecond}, url, l.request(0)); !errors.Is(err, ErrUnreachable) || held != Unknown {
		t.Errorf("a silent witness: %d %v", held, err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, _, err := Ask(stopped, http.DefaultClient, url, l.request(0)); !fault.Is(err, fault.Cancelled) {
		t.Errorf("stopped by a person: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if _, _, err := Ask(ctx, http.DefaultClient, "http://"+listener.Addr().String(), l.request(0)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("a closed port: %v", err)
	}
	for _, bad := range []string{"", "witness.example", "file:///etc/hosts", "https://", "http://%zz"} {
		if _, _, err := Ask(ctx, http.DefaultClient, bad, l.request(0)); !fault.Is(err, fault.Invalid) || !errors.Is(err, ErrUnreachable) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
