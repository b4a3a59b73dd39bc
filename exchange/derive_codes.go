package exchange

import (
	"strings"
)

// compiled is a rule with its fields found in the open file.
type compiled struct {
	rule
	any, none []int
}

// compile finds the slots of a rule's fields; a rule whose fields the file does
// not have never holds.
func (r *Reader) compile(rules []rule) []compiled {
	slot := map[string][]int{}
	for i := range r.sources {
		s := &r.sources[i]
		slot[s.col.Field] = append(slot[s.col.Field], s.at)
	}
	var out []compiled
	for _, ru := range rules {
		c := compiled{rule: ru}
		for _, f := range ru.Any {
			c.any = append(c.any, slot[f]...)
		}
		for _, f := range ru.None {
			c.none = append(c.none, slot[f]...)
		}
		if len(ru.Any) == 0 || len(c.any) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// finishCodes applies the profile's rules and adds codes, resources, context.
func (r *Reader) finishCodes(d *draft) {
	for i := range r.rules {
		if c := &r.rules[i]; c.holds(d) {
			c.emit(d)
		}
	}
	if d.native {
		return
	}
	d.add("codes", r.joined(ordered(d.codes)), d.part[asAttack].raw)
	d.add("resources", r.joined(ordered(d.resource)), "")
	d.finishContext()
	if len(d.codes) == 0 && r.bound.profile.Scope == "health" {
		d.flag(FlagUncoded, "codes", "")
	}
}

// finishContext: the flag for conflict admits an armed conflict of unknown
// class; whatever else is unknown.
func (d *draft) finishContext() {
	context := "unknown"
	if c := ordered(d.context); len(c) == 1 {
		context = c[0]
	}
	d.add("context", context, "")
}

func (c *compiled) holds(d *draft) bool {
	if len(c.any) > 0 && !counts(d, c.any) || counts(d, c.none) {
		return false
	}
	if c.Uncoded && len(d.codes) > 0 {
		return false
	}
	if c.Location != "" && d.part[asLocation].value != c.Location {
		return false
	}
	if c.Explosive && d.part[asWeapon].num == 0 {
		return false
	}
	if c.Actor != "" && !d.actorIs(c.Actor) || c.Not != "" && d.actorIs(c.Not) {
		return false
	}
	return true
}

func counts(d *draft, slots []int) bool {
	for _, s := range slots {
		if d.num[s] > 0 {
			return true
		}
	}
	return false
}

// actorIs reports a kind of the row's actor that begins so.
func (d *draft) actorIs(prefix string) bool {
	for _, k := range d.kinds {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

func (c *compiled) emit(d *draft) {
	if c.Resource != "" {
		d.resource = append(d.resource, c.Resource)
	}
	switch {
	case c.Context != "":
		d.context = append(d.context, c.Context)
	case c.Drop != "":
		d.drop(c.Drop)
	case c.Emit != weaponClass:
		d.code(c.Emit, c.Doubt)
	case len(d.part[asWeapon].codes) > 0:
		doubt := c.Doubt
		if doubt == "" {
			doubt = d.part[asWeapon].doubt
		}
		for _, code := range d.part[asWeapon].codes {
			d.code(code, doubt)
		}
	case c.Else != "":
		d.code(c.Else, c.DoubtElse)
	}
}

// weaponClass stands in a rule for the codes of the row's weapon.
const weaponClass = "@weapon"

func (d *draft) code(code, doubt string) {
	if code == "" {
		return
	}
	d.codes = append(d.codes, code)
	if doubt != "" {
		d.flag(FlagDoubt, "codes", code+": "+doubt)
	}
}

// drop removes a broad code where the counts tell the narrower one.
func (d *draft) drop(code string) {
	kept := d.codes[:0]
	for _, c := range d.codes {
		if c != code {
			kept = append(kept, c)
		}
	}
	d.codes = kept
	flags := d.row.Flags[:0:0]
	for _, f := range d.row.Flags {
		if f.Code != FlagDoubt || !strings.HasPrefix(f.Detail, code) {
			flags = append(flags, f)
		}
	}
	d.row.Flags = flags
}
