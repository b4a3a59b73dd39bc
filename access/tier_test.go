package access

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"testing"
)

// exits is the table as standards and design write it: each way out with the highest tier that leaves by it unasked.
var exits = map[Exit]Tier{Page: T3, RejectFile: T3, ChangeFile: T3, AuditFile: T1, ExportFile: T0, BundleFile: T0, OriginalFile: T3, OwnFile: T3, PackageFile: T3, ErrorText: T0, LogFile: T0, OfficerBox: T4}

func TestEveryExitHasItsCeiling(t *testing.T) {
	if !maps.Equal(ceilings, exits) {
		t.Errorf("the table has %v, want %v: an exit was added or moved without this test", ceilings, exits)
	}
	for _, exit := range declared(t) {
		if _, ok := ceilings[exit]; !ok {
			t.Errorf("%s has no ceiling", exit)
		}
	}
	for exit, ceiling := range exits {
		if got := exit.Ceiling(); got != ceiling {
			t.Errorf("%s reaches %s, want %s", exit, got, ceiling)
		}
	}
	if got := Exit("fax").Ceiling(); got != T0 {
		t.Errorf("an unknown exit reaches %s", got)
	}
}

func TestATierLeavesByAnExitUpToItsCeilingOrWhenPublished(t *testing.T) {
	all := append(slices.Collect(maps.Keys(exits)), "fax")
	for _, exit := range all {
		for tier := T0; tier <= T4; tier++ {
			below := tier <= exits[exit]
			if got := exit.Lets(tier, false); got != below {
				t.Errorf("unpublished %s by %s: %v", tier, exit, got)
			}
			if got, want := exit.Lets(tier, true), below || tier != T4; got != want {
				t.Errorf("published %s by %s: %v", tier, exit, got)
			}
			if tier == T4 && exit != OfficerBox && (exit.Lets(tier, false) || exit.Lets(tier, true)) {
				t.Errorf("what is sealed to the officers leaves by %s", exit)
			}
		}
	}
}

func TestTiersAreReadAndWrittenAsInTheCodeList(t *testing.T) {
	for tier := T0; tier <= T4; tier++ {
		if got := ParseTier(tier.String()); got != tier {
			t.Errorf("%s is read as %s", tier, got)
		}
	}
	for _, word := range []string{"", "t0", "T5", "T", "0", "T0 ", "public"} {
		if got := ParseTier(word); got != T4 {
			t.Errorf("%q is read as %s, want the most careful", word, got)
		}
	}
}

func TestCodesThatPointAtAPersonAreForTheCaseAlone(t *testing.T) {
	for code, want := range map[string]Tier{
		"TOR": T3, "TOR.BEA": T3, "CUS.X": T3, "ETH": T3, "ETH.REF.X": T3, "PER.SEX": T3,
		"PER.KIL": T0, "PER": T0, "PER.SEXX": T0, "ATT.HVY": T0, "TORX.A": T0, "": T0,
	} {
		if got := CodeTier(code); got != want {
			t.Errorf("%q is %s, want %s", code, got, want)
		}
	}
}

// declared are the constants of type Exit in this package's source.
func declared(t *testing.T) (out []Exit) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "tier.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Exit" && len(spec.Values) == 1 {
				word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, Exit(word))
			}
		}
		return true
	})
	if len(out) < len(exits) {
		t.Fatalf("only %d exits are found in the source", len(out))
	}
	return out
}
