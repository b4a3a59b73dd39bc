package main

type demoCommand struct{}

func (c *demoCommand) Run(con *console) error { return nil }

type simulateCommand struct{}

func (c *simulateCommand) Run(con *console) error { return nil }
