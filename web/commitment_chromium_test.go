package web

import (
	"net/http/httptest"
	"testing"

	"ward/access"
	"ward/commitment"
)

// The pages of commitments shut nobody out either, their forms unfolded.
func TestCommitmentsShutNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d := workspace(t)
	g := commitment.Grading{Grade: "C", Why: "too little", Review: "2020-01-01", Evidence: []string{"https://example.org/a-rather-long-address/that-must-not-widen-a-phone/whatever-it-holds", "cell:XAA/AP1:16.1/2024"}}
	for id, addressee := range map[string]string{"WMA-GAZA-2025:4": "State:XAA", "WMA-KUNI-2017:release": "NMA"} {
		if err := d.GradeCommitment(ctx, access.Local(), id, addressee, g); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(pagesOf(t, d))
	defer server.Close()
	for _, lang := range []string{"en", "fa"} {
		b := browse(t, server.URL+"/"+lang)
		for _, path := range []string{"/commitments", "/commitments/text/WMA-GAZA-2025", "/commitments/to/State:XAA", "/commitments/WMA-GAZA-2025:4/State:XAA",
			"/commitments/WMA-KUNI-2017:release/NMA"} {
			b.judge(axe, path)
		}
	}
}
