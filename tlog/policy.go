package tlog

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ward/fault"
)

const maxParties = 64 // logs, witnesses and groups each; C2SP tlog-policy asks for at least 32

// Policy says which logs are known, which witnesses, and how many of them must have cosigned.
type Policy struct {
	logs      []party
	witnesses []party
	quorum    quorum
}

// party is a log or a witness.
type party struct {
	name string // what the policy calls a witness; a log has none
	key  key
	url  string
}

// Witness is somebody whom the policy asks to cosign.
type Witness struct {
	Name, Verifier string
	URL            string // "" when the policy gives none
}

// Logs are the verifying keys of the policy's logs, in its order.
func (p *Policy) Logs() []string {
	var keys []string
	for _, l := range p.logs {
		keys = append(keys, l.key.String())
	}
	return keys
}

// Witnesses are the policy's witnesses, in its order.
func (p *Policy) Witnesses() []Witness {
	var out []Witness
	for _, w := range p.witnesses {
		out = append(out, Witness{w.name, w.key.String(), w.url})
	}
	return out
}

// ParsePolicy reads C2SP tlog-policy: lines "log KEY [URL]", "witness NAME KEY [URL]", "group NAME N|any|all MEMBER..." and one
// "quorum NAME|none". Names are defined before they are used; lines that begin with # are passed over. Beyond the specification the
// text must be valid UTF-8, at most 64 KiB, with at most 64 logs, witnesses and groups each.
func ParsePolicy(text string) (*Policy, error) {
	if len(text) > maxInput {
		return nil, fault.New(fault.Limit, "a policy is larger than %d bytes", maxInput)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0x7f }) {
		return nil, fault.New(fault.Invalid, "the policy is not plain text with lines ended as on Unix").Do("save it as UTF-8 with LF line ends")
	}
	r := policyReader{rules: map[string]quorum{}, member: map[string]bool{}}
	for i, line := range strings.Split(text, "\n") {
		words := strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' })
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := r.line(words); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "line %d of the policy cannot be followed", i+1)
		}
	}
	if !r.decided {
		return nil, fault.New(fault.Invalid, "the policy has no quorum line").Do("add one, such as: quorum none")
	}
	return &r.policy, nil
}

// policyReader is a policy half read.
type policyReader struct {
	policy  Policy
	rules   map[string]quorum // by name of witness or group
	member  map[string]bool   // names that stand in a group already
	groups  int
	decided bool
}

func (r *policyReader) line(words []string) error {
	switch kind, rest := words[0], words[1:]; {
	case kind == "log" && (len(rest) == 1 || len(rest) == 2):
		return add(&r.policy.logs, "", algEd25519, rest)
	case kind == "witness" && (len(rest) == 2 || len(rest) == 3):
		if err := add(&r.policy.witnesses, rest[0], algCosignature, rest[1:]); err != nil {
			return err
		}
		return r.define(rest[0], quorum{witness: rest[0]})
	case kind == "group" && len(rest) >= 3:
		return r.group(rest[0], rest[1], rest[2:])
	case kind == "quorum" && len(rest) == 1:
		return r.decide(rest[0])
	}
	return fault.New(fault.Invalid, "it is no whole line of a log, witness, group or quorum").
		Do("write comments on lines of their own")
}

// add takes in a log or witness: a key of the right kind that is not there yet, and perhaps a URL.
func add(list *[]party, name string, alg byte, words []string) error {
	k, err := parseVerifier(words[0])
	if err != nil {
		return err
	}
	if k.alg != alg {
		return fault.New(fault.Invalid, "the key is of the wrong kind").Do("a log's key is of type 1, a witness's of type 4 (cosignature/v1)")
	}
	if slices.ContainsFunc(*list, func(p party) bool { return string(p.key.raw) == string(k.raw) }) {
		return fault.New(fault.Invalid, "the key stands there already")
	}
	if len(*list) == maxParties {
		return fault.New(fault.Limit, "there are more than %d of a kind", maxParties)
	}
	p := party{name: name, key: k}
	if len(words) == 2 {
		p.url = words[1]
	}
	*list = append(*list, p)
	return nil
}

// define gives a rule its name.
func (r *policyReader) define(name string, q quorum) error {
	if _, taken := r.rules[name]; taken || name == "none" {
		return fault.New(fault.Invalid, "the name is taken")
	}
	r.rules[name] = q
	return nil
}

func (r *policyReader) group(name, threshold string, members []string) error {
	if r.groups++; r.groups > maxParties {
		return fault.New(fault.Limit, "there are more than %d of a kind", maxParties)
	}
	q := quorum{}
	for _, m := range members {
		rule, known := r.rules[m]
		if !known || r.member[m] {
			return fault.New(fault.Invalid, "a member is not defined above or stands in a group already")
		}
		r.member[m] = true
		q.of = append(q.of, rule)
	}
	switch threshold {
	case "any":
		q.k = 1
	case "all":
		q.k = len(members)
	default:
		k, ok := number(threshold)
		if !ok || k < 1 || k > int64(len(members)) {
			return fault.New(fault.Invalid, "the group asks for more members than it has, or for none").Do("write any, all or a number")
		}
		q.k = int(k)
	}
	return r.define(name, q)
}

func (r *policyReader) decide(name string) error {
	rule, known := r.rules[name]
	if r.decided || !known && name != "none" {
		return fault.New(fault.Invalid, "the quorum is not defined above or is stated twice")
	}
	r.policy.quorum, r.decided = rule, true
	return nil
}

// quorum is a rule over cosigners: one witness, or at least k of several rules. The zero quorum holds always.
type quorum struct {
	witness string
	k       int
	of      []quorum
}

// holds tells whether the witnesses of these names satisfy the rule. Each stands in one place of it only, so this takes one walk.
func (q quorum) holds(cosigned map[string]bool) bool {
	if q.witness != "" {
		return cosigned[q.witness]
	}
	held := 0
	for _, rule := range q.of {
		if rule.holds(cosigned) {
			held++
		}
	}
	return held >= q.k
}

// String writes the rule as "2 of (a, b, c)".
func (q quorum) String() string {
	switch {
	case q.witness != "":
		return q.witness
	case q.k == 0:
		return "none"
	}
	parts := make([]string, len(q.of))
	for i, rule := range q.of {
		parts[i] = rule.String()
	}
	return strconv.Itoa(q.k) + " of (" + strings.Join(parts, ", ") + ")"
}
