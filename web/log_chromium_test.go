package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
)

// logged is a workspace whose log holds every kind of act that the pages tell apart, and the tour through them.
func logged(t testing.TB) (*desk.Desk, []string) {
	t.Helper()
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"), event("2", "2022-04-09"), event("3", "2022-05-01"))
	publish(t, d, "awsd", "awsd-2020", cells{"Incident ID": "9001", "Year": "2021", "Month": "3", "Day": "4", "Country": "Arcadia", "Total killed": "1", "Nationals killed": "1",
		"Details": "A convoy was stopped.", "Verified": "Yes"})
	letOut(t, d, "csv", strings.Repeat("An invented office with a long name ", 4), "انجمن پزشکان (ساختگی)")
	work(t, d, 1)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 4})
	if err != nil {
		t.Fatal(err)
	}
	flush(t, d)
	paths := []string{"/log", "/log?before=1", "/log/1", "/log/2", "/ledger", "/ledger?exit=export", "/ledger?page=9", "/ledger/readings", "/ledger/readings?who=nobody", "/verify"}
	for _, inc := range page.Incidents {
		paths = append(paths, "/incidents/"+inc.PublicID)
	}
	if _, err := d.Erase(ctx, access.Local(), page.Incidents[0].PublicID, "other"); err != nil {
		t.Fatal(err)
	}
	flush(t, d)
	return d, paths
}

// Nobody is shut out of the log, the ledger and the proofs, nor of a workspace that was locked.
func TestTheLogShutsNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d, paths := logged(t)
	full, bare := pagesOf(t, d), pagesOf(t, workspace(t))
	dir := t.TempDir()
	shut := pagesOf(t, unlocked(t, dir))
	if _, err := unlocked(t, dir).Rotate(ctx, access.Local(), []byte("another invented passphrase")); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fa"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			sites := map[*httptest.Server][]string{httptest.NewServer(full): paths, httptest.NewServer(bare): {"/log", "/ledger", "/ledger/readings"}, httptest.NewServer(shut): {"/ledger"}}
			b := browse(t, "")
			for server, paths := range sites {
				defer server.Close()
				for _, path := range paths {
					b.judge(axe, server.URL+"/"+lang+path)
				}
			}
		})
	}
}
