package main

import (
	"cmp"
	"io"
	"strings"

	"ward/desk"
	"ward/facility"
	"ward/fault"
	"ward/when"
)

type facilityCommand struct {
	Add    facilityAddCommand    `cmd:"" help:"Put on record what a facility is; with --id one that is there."`
	Damage facilityDamageCommand `cmd:"" help:"Put on record what was stated about a facility: damage, function, access, need, cost, compensation."`
	Import facilityImportCommand `cmd:"" help:"Take facilities and damage in from a CSV file (docs/facilities-csv.md), all or none."`
	List   facilityListCommand   `cmd:"" help:"List facilities as they stood on a day."`
	Show   facilityShowCommand   `cmd:"" help:"Show one facility with everything that was stated about it."`
	Report facilityReportCommand `cmd:"" help:"A State's facilities on a day: how many work, what is damaged, what it costs, what is not known."`
}

// facilityDay is the day of which a command tells.
type facilityDay struct {
	AsOf string `help:"As they stood on a day, 2026-06-30; today when left out." name:"as-of" placeholder:"DAY"`
}

func (f facilityDay) day() (when.Day, error) {
	if f.AsOf == "" {
		return 0, nil
	}
	day, err := when.Parse(f.AsOf)
	return day.To(), err
}

// facilityLeaving is a file of facilities.
type facilityLeaving struct {
	Others bool `help:"For others: facilities whose names are not public stand in sums alone, and words are left out."`
	leaving
}

func (l facilityLeaving) file(format string) desk.FacilityFile {
	return desk.FacilityFile{Format: format, Others: l.Others, To: l.Recipient, Why: l.Why}
}

type facilityAddCommand struct {
	workspace
	ID           string   `help:"Id of a facility that is there: the whole description is stated anew." placeholder:"ID"`
	Type         string   `help:"Code of the type: hospital.general, primary_care, ems_base, ..." required:"" placeholder:"CODE"`
	Name         string   `help:"Name." required:"" placeholder:"TEXT"`
	State        string   `help:"Three-letter code of the State or territory." required:"" placeholder:"ISO3"`
	Adm1         string   `help:"Region." placeholder:"TEXT"`
	Place        string   `help:"Place, as exact as you may keep it." placeholder:"TEXT"`
	Operator     string   `help:"Who runs it." placeholder:"TEXT"`
	Emblem       string   `help:"Does it bear a protective emblem: yes, no or unknown." placeholder:"ANSWER"`
	Deconflicted string   `help:"Was its place notified to the parties: yes, no or unknown. Leaves by no file." placeholder:"ANSWER"`
	PCode        string   `help:"P-code of the place." name:"pcode" placeholder:"CODE"`
	Published    string   `help:"Where its name and place are public already." placeholder:"LINK"`
	External     []string `help:"Id elsewhere; several times for several." placeholder:"ID" sep:"none"`
}

func (c *facilityAddCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	id, err := d.PutFacility(con.ctx, con.who(), c.ID, facility.Facility{Type: c.Type, Name: c.Name, State: strings.ToUpper(c.State), Adm1: c.Adm1, Place: c.Place, Operator: c.Operator,
		Emblem: c.Emblem, Deconflicted: c.Deconflicted, PCode: c.PCode, Published: c.Published, External: c.External})
	if err == nil {
		con.printf("%s\n", id)
	}
	return err
}

type facilityDamageCommand struct {
	workspace
	ID             string   `arg:"" help:"Id of the facility."`
	Date           string   `help:"When it was so: 2024-05-07, 2024-05 or 2024." required:"" placeholder:"DATE"`
	Component      string   `help:"building, equipment, utilities, supplies, transport or staff." placeholder:"CODE"`
	Damage         string   `help:"Damage to the component: none, partial or destroyed." placeholder:"CODE"`
	Functionality  string   `help:"How far the facility works: full, partial or none." placeholder:"CODE"`
	Access         string   `help:"How far it can be reached: full, partial or none." placeholder:"CODE"`
	Services       []string `help:"Service lost; several times for several." placeholder:"TEXT" sep:"none"`
	Cause          string   `help:"attack, closure or other." placeholder:"CODE"`
	Incident       string   `help:"Public id of the incident, WRD-..." placeholder:"ID"`
	Need           string   `help:"What restoration needs." placeholder:"TEXT"`
	CostLow        string   `help:"Lowest cost of restoring the component, in whole units." placeholder:"NUMBER"`
	CostBest       string   `help:"Best value of that cost; alone it is exact." placeholder:"NUMBER"`
	CostHigh       string   `help:"Highest cost." placeholder:"NUMBER"`
	Currency       string   `help:"Currency of the cost: EUR." placeholder:"CODE"`
	Prices         string   `help:"Date of the prices: 2024-05 or 2024." placeholder:"DATE"`
	Compensation   string   `help:"none, claimed, partial or full." placeholder:"CODE"`
	Amount         string   `help:"Claimed so far, or received so far, in whole units." placeholder:"NUMBER"`
	AmountCurrency string   `help:"Currency of that amount." placeholder:"CODE"`
	Evidence       []string `help:"Link, incident, or words that say where to look; several times for several." placeholder:"TEXT" sep:"none"`
	Source         string   `help:"Who says so." placeholder:"TEXT"`
	Note           string   `help:"Note." placeholder:"TEXT"`
	Corrects       string   `help:"Id of the entry that this takes the place of; the history keeps both." placeholder:"ID"`
}

func (c *facilityDamageCommand) entry() (facility.Damage, error) {
	cost, why := facility.ReadCost(c.CostLow, c.CostBest, c.CostHigh, c.Currency, c.Prices)
	money, wrong := facility.ReadMoney(c.Amount, c.AmountCurrency)
	if why = cmp.Or(why, wrong); why != "" {
		return facility.Damage{}, fault.New(fault.Invalid, "%s", why).Keeping("nothing was written")
	}
	return facility.Damage{Date: c.Date, Component: c.Component, Damage: c.Damage, Functionality: c.Functionality, Access: c.Access, Services: c.Services,
		Cause: c.Cause, Incident: c.Incident, Need: c.Need, Cost: cost, Compensation: c.Compensation, Compensated: money, Evidence: c.Evidence,
		Source: c.Source, Note: c.Note, Corrects: c.Corrects}, nil
}

func (c *facilityDamageCommand) Run(con *console) error {
	made, err := c.entry()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	id, err := d.StateDamage(con.ctx, con.who(), c.ID, made)
	if err == nil {
		con.printf("%s\n", id)
	}
	return err
}

type facilityImportCommand struct{ statedFile }

func (c *facilityImportCommand) Run(con *console) error {
	return importStated(con, c.statedFile, (*desk.Desk).ImportFacilities)
}

type facilityListCommand struct {
	workspace
	facilityDay
	facilityLeaving
	State         string `help:"Only those of one State: ISO3 or name." placeholder:"STATE"`
	Type          string `help:"Only those of one type." placeholder:"CODE"`
	Functionality string `help:"Only those that work so, as last stated: full, partial, none, unstated." enum:",full,partial,none,unstated" default:""`
	Incident      string `help:"Only those that an incident touched, WRD-..." placeholder:"ID"`
	CSV           bool   `help:"Print as CSV with every entry; a line in the ledger." name:"csv"`
}

func (c *facilityListCommand) query() (q desk.FacilityQuery, err error) {
	q = desk.FacilityQuery{Type: c.Type, Functionality: c.Functionality, Incident: c.Incident}
	if c.State != "" {
		if q.State, err = desk.StateCode(c.State); err != nil {
			return q, err
		}
	}
	q.On, err = c.day()
	return q, err
}

func (c *facilityListCommand) Run(con *console) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if c.CSV || c.Out != "" {
		return c.write(con, func(w io.Writer) error { return d.ExportFacilities(con.ctx, con.who(), w, q, c.file("csv")) })
	}
	list, err := d.Facilities(con.ctx, con.who(), q)
	if err != nil {
		return err
	}
	for _, s := range list {
		con.printf("%s  %s  %-20s works %-8s reached %-8s %s\n", s.ID, s.State, s.Type, said(s.Functionality), said(s.Access), s.Name)
	}
	n := facility.Count(list)
	con.printf("%d facilities: %d work fully, %d in part, %d not; of %d nobody said. As last stated; nothing is inferred.\n", n.Facilities, n.Full, n.Partial, n.None, n.Unstated)
	return nil
}

// said is an axis as it was last stated.
func said(s facility.Said) string { return cmp.Or(s.Code, "?") }
