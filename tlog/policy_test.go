package tlog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// panel is a log with three witnesses and a policy over them.
type panel struct {
	log       pair
	witnesses []pair
}

func newPanel(t testing.TB) panel {
	t.Helper()
	p := panel{log: logKey(t, origin)}
	for i := range 3 {
		p.witnesses = append(p.witnesses, witnessKey(t, fmt.Sprint("witness.example/", i)))
	}
	return p
}

// text is a policy whose witnesses are w0, w1 and w2.
func (p panel) text(rules string) string {
	out := "# invented\nlog " + p.log.verifier + "\n"
	for i, w := range p.witnesses {
		out += fmt.Sprintf("witness w%d %s https://w%d.example/\n", i, w.verifier, i)
	}
	return out + rules
}

func (p panel) policy(t testing.TB, rules string) *Policy {
	t.Helper()
	policy, err := ParsePolicy(p.text(rules))
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func TestQuorums(t *testing.T) {
	p := newPanel(t)
	b := signed(t, p.log, inventedCheckpoint())
	for _, c := range []struct {
		rules, needed string
		enough        []string // sets of witnesses
		tooFew        []string
	}{
		{"quorum none\n", "none", []string{"", "0", "012"}, nil},
		{"quorum w1", "w1", []string{"1", "01"}, []string{"", "0", "02"}},
		{"group g 2 w0 w1 w2\nquorum g\n", "2 of (w0, w1, w2)", []string{"01", "02", "12", "012"}, []string{"", "0", "1", "2"}},
		{"group g any w0 w1\nquorum g\n", "1 of (w0, w1)", []string{"0", "1"}, []string{"", "2"}},
		{"group g all w0 w1\nquorum g\n", "2 of (w0, w1)", []string{"01"}, []string{"0", "1", "12"}},
		{"group g 1 w0 w1\ngroup h all g w2\nquorum h\n", "2 of (1 of (w0, w1), w2)", []string{"02", "12"}, []string{"01", "2"}},
		{"group g 1 w0 w1\n\t group  h  all w2\nquorum h", "1 of (w2)", []string{"2"}, []string{"01"}},
	} {
		policy := p.policy(t, c.rules)
		judge := func(set string, want bool) {
			t.Helper()
			b := b
			var names []string
			for _, i := range set {
				b = cosignedBy(t, b, p.witnesses[i-'0'])
				names = append(names, "w"+string(i))
			}
			v, err := policy.Judge(b)
			if err != nil || v.Quorum != want || v.Needed != c.needed || !slices.Equal(v.Cosigners, names) || len(v.Times) != len(names) ||
				v.Checkpoint != inventedCheckpoint() {
				t.Errorf("%q with %q: %+v, %v", c.rules, set, v, err)
			}
		}
		for _, set := range c.enough {
			judge(set, true)
		}
		for _, set := range c.tooFew {
			judge(set, false)
		}
	}
}

func TestJudgeTellsErrorsApart(t *testing.T) {
	p := newPanel(t)
	policy := p.policy(t, "group g 2 w0 w1 w2\nquorum g\n")
	b := cosignedBy(t, signed(t, p.log, inventedCheckpoint()), p.witnesses[0], p.witnesses[1])
	lines := strings.SplitAfter(string(b), "\n")
	withoutLog := strings.Join(slices.Delete(slices.Clone(lines), 4, 5), "")
	stranger := cosignedBy(t, b, witnessKey(t, "stranger.example"))
	if v, err := policy.Judge(stranger); err != nil || !v.Quorum || len(v.Cosigners) != 2 {
		t.Errorf("a stranger's cosignature: %+v, %v", v, err)
	}
	twice := cosignedBy(t, signed(t, p.log, inventedCheckpoint()), p.witnesses[0], p.witnesses[0])
	if v, err := policy.Judge(twice); err != nil || v.Quorum || len(v.Cosigners) != 1 {
		t.Errorf("one witness counts twice: %+v, %v", v, err)
	}
	other := signed(t, p.log, Checkpoint{origin, 9, Hash{}})
	borrowed := string(other) + lines[5] + lines[6]
	for name, c := range map[string]struct {
		signed string
		want   error
	}{
		"no signature of the log":         {withoutLog, ErrUnknownKey},
		"another log":                     {string(signed(t, logKey(t, "other.example"), Checkpoint{"other.example", 1, Hash{}})), ErrUnknownKey},
		"the same origin, another key":    {string(signed(t, logKey(t, origin), inventedCheckpoint())), ErrUnknownKey},
		"altered":                         {strings.Replace(string(b), "20852163", "20852164", 1), ErrSignature},
		"cosignatures of another history": {borrowed, ErrSignature},
		"nothing":                         {"", ErrMalformed},
	} {
		if v, err := policy.Judge([]byte(c.signed)); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

// Two logs of one policy: each signs for its own origin only.
func TestALogOfThePolicyDoesNotSignForAnother(t *testing.T) {
	p, other := newPanel(t), logKey(t, "other.example")
	policy := p.policy(t, "log "+other.verifier+" https://other.example/log\nquorum none\n")
	b, err := SignText(other.signer, inventedCheckpoint().text())
	if err != nil {
		t.Fatal(err)
	}
	if v, err := policy.Judge(b); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("%+v, %v", v, err)
	}
	if !slices.Equal(policy.Logs(), []string{p.log.verifier, other.verifier}) {
		t.Error(policy.Logs())
	}
	if w := policy.Witnesses(); len(w) != 3 || w[1] != (Witness{"w1", p.witnesses[1].verifier, "https://w1.example/"}) {
		t.Error(w)
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	p := newPanel(t)
	more := witnessKey(t, "witness.example/more").verifier
	for name, rules := range map[string]string{
		"no quorum":                 "",
		"two quorums":               "quorum w1\nquorum w1\n",
		"unknown quorum":            "quorum w9\n",
		"defined later":             "quorum g\ngroup g any w1\n",
		"unknown member":            "group g any w9\nquorum g\n",
		"itself":                    "group g any g\nquorum g\n",
		"none as a member":          "group g any none\nquorum g\n",
		"none as a group":           "group none any w1\nquorum w1\n",
		"none as a witness":         "witness none " + more + "\nquorum w1\n",
		"no members":                "group g all\nquorum w1\n",
		"zero":                      "group g 0 w1\nquorum g\n",
		"negative":                  "group g -1 w1\nquorum g\n",
		"too many":                  "group g 3 w0 w1\nquorum g\n",
		"leading zero":              "group g 01 w0 w1\nquorum g\n",
		"huge":                      "group g 99999999999999999999 w0 w1\nquorum g\n",
		"a member twice":            "group g 2 w0 w0\nquorum g\n",
		"in two groups":             "group g any w0 w1\ngroup h any w0 w2\nquorum h\n",
		"a name twice":              "group w0 any w1\nquorum w0\n",
		"a key twice":               "witness w9 " + p.witnesses[0].verifier + "\nquorum w0\n",
		"a log twice":               "log " + p.log.verifier + "\nquorum w0\n",
		"a witness's key as a log":  "log " + more + "\nquorum w0\n",
		"a log's key as a witness":  "witness w9 " + logKey(t, "l.example").verifier + "\nquorum w0\n",
		"no key":                    "witness w9\nquorum w0\n",
		"a mistyped key":            "witness w9 " + more[:len(more)-5] + "AAAA=\nquorum w0\n",
		"a comment behind":          "quorum w0 # so it is\n",
		"another word":              "quorums w0\n",
		"carriage returns":          "# so\r\nquorum w0\n",
		"a form feed":               "# so\fquorum w0\nquorum w0\n",
		"a byte that is not UTF-8":  "# \xff\nquorum w0\n",
		"more than it says":         "log " + logKey(t, "m.example").verifier + " https://m.example/ more\nquorum w0\n",
		"larger than 64 KiB":        strings.Repeat("#", maxInput) + "\nquorum w0\n",
		"more groups than it holds": manyGroups(maxParties+1) + "quorum w0\n",
	} {
		if policy, err := ParsePolicy(p.text(rules)); err == nil {
			t.Errorf("%s: accepted as %v", name, policy.quorum)
		}
	}
	if _, err := ParsePolicy(p.text(manyGroups(maxParties) + "quorum g63\n")); err != nil {
		t.Error(err)
	}
}

// manyGroups nests groups, each in the next.
func manyGroups(n int) string {
	text, inner := "", "w0"
	for i := range n {
		text += fmt.Sprintf("group g%d all %s\n", i, inner)
		inner = fmt.Sprintf("g%d", i)
	}
	return text
}

func TestAPolicyHoldsAsManyPartiesAsTheSpecificationAsks(t *testing.T) {
	var text strings.Builder
	for i := range maxParties + 1 {
		if i == maxParties {
			if _, err := ParsePolicy(text.String() + "quorum w0\n"); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&text, "log %s\nwitness w%d %s\n", logKey(t, fmt.Sprint("l", i)).verifier, i, witnessKey(t, fmt.Sprint("k", i)).verifier)
	}
	if _, err := ParsePolicy(text.String() + "quorum w0\n"); err == nil {
		t.Error("no bound on the parties")
	}
}
