package exchange

import (
	"strings"
	"unicode"
)

// cellsWolfram names tables exported with each cell as an expression of the Wolfram language.
const cellsWolfram = "wolfram"

// plainExpression is what a cell says without the expression around it: Quantity[1000, "People"] is 1000,
// Entity["Country", "PuertoRico"] is Puerto Rico, DateObject[{2009, 10, 21}, ...] is 2009-10-21, Missing[...] is nothing, and a
// Failure[...] is the input that it names. Anything else stays as it is.
func plainExpression(cell string) string {
	head, args := expression(cell)
	if len(args) == 0 {
		return cell
	}
	switch head {
	case "Missing":
		return ""
	case "Quantity":
		return unquoted(args[0])
	case "Entity":
		return spaced(first(args[len(args)-1]))
	case "DateObject":
		return strings.Join(padded(list(args[0])), "-")
	case "Failure":
		_, input, _ := strings.Cut(cell, `"Input" -> "`)
		input, _, _ = strings.Cut(input, `"`)
		return input
	}
	return cell
}

func failedExpression(cell string) bool {
	return strings.HasPrefix(strings.TrimSpace(cell), "Failure[")
}

// expression takes Head[a, b] apart; no arguments for anything else.
func expression(cell string) (head string, args []string) {
	head, rest, ok := strings.Cut(cell, "[")
	if !ok || head == "" || len(head) > 20 || !strings.HasSuffix(rest, "]") || strings.IndexFunc(head, notLetter) >= 0 {
		return "", nil
	}
	return head, commas(rest[:len(rest)-1])
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// commas divides at commas that stand outside quotes and brackets.
func commas(s string) (out []string) {
	depth, quoted, from := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			out, from = append(out, strings.TrimSpace(s[from:i])), i+1
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// list is the inside of {a, b}, or the text itself.
func list(s string) []string {
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		return commas(s[1 : len(s)-1])
	}
	return []string{s}
}

func first(s string) string { return unquoted(list(s)[0]) }

func unquoted(s string) string { return strings.Trim(s, `"`) }

func padded(parts []string) []string {
	for i, p := range parts {
		if len(p) == 1 {
			parts[i] = "0" + p
		}
	}
	return parts
}

// spaced parts a name written as NorthCarolina.
func spaced(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return strings.ReplaceAll(b.String(), " Of ", " of ")
}
