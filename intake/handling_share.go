package intake

// Share is a report that is to be dealt out.
type Share struct {
	ID          string
	Distressing bool
}

// Deal gives reports to people in turn, the distressing ones first, so that neither the number of distressing reports nor the number of
// all reports differs by more than one between any two of them. It returns the ids by person; nobody gets anything where there are no people.
func Deal(reports []Share, people []string) map[string][]string {
	out := map[string][]string{}
	if len(people) == 0 {
		return out
	}
	turn := 0
	for _, distressing := range []bool{true, false} {
		for _, r := range reports {
			if r.Distressing == distressing {
				name := people[turn%len(people)]
				out[name] = append(out[name], r.ID)
				turn++
			}
		}
	}
	return out
}
