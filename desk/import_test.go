package desk_test

import (
	"context"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/internal/realdata"
)

var ctx = context.Background()

func open(t testing.TB, target string) *desk.Desk {
	t.Helper()
	d, err := desk.Open(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func take(t testing.TB, d *desk.Desk, path string, opt desk.ImportOptions) desk.ImportResult {
	t.Helper()
	r, err := d.Import(ctx, access.Local(), path, opt)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return r
}

func TestSiNDGlobalTwice(t *testing.T) {
	d := open(t, t.TempDir())
	path := realdata.Path(t, "incidents/sind_global_2016-2023.xlsx")
	r := take(t, d, path, desk.ImportOptions{})
	if r.Rows != 8854 || r.New+r.Rejected+r.Duplicates != 8854 {
		t.Fatalf("%+v", r)
	}
	t.Logf("%+v", r)
	again := take(t, d, path, desk.ImportOptions{})
	if again.Unchanged != r.New || again.New != 0 || again.Changed != 0 || again.Gone != 0 {
		t.Fatalf("%+v", again)
	}
	o, err := d.Overview(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	var n, k, i, a, c int64
	for _, x := range o.Tallies {
		n, k, i, a, c = n+x.Incidents, k+x.People.Killed.Int64, i+x.People.Injured.Int64, a+x.People.Abducted.Int64, c+x.People.Arrested.Int64
	}
	if n != 8854 || k != 1634 || i != 2519 || a != 1212 || c != 1781 {
		t.Errorf("%d events, %d killed, %d injured, %d kidnapped, %d arrested", n, k, i, a, c)
	}
}
