// Command ward takes incident files of several publishers to an audit of a State that a third party can recheck.
//
// Run without arguments it serves its default directory on this machine and opens the browser.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"

	"ward/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it, so that tests can call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		args = []string{"serve", "--open"} // the double click
	}
	var commands commandLine
	exit := -1
	parser, err := kong.New(&commands, kong.Name("ward"), kong.Description(about), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		fmt.Fprintln(stderr, "ward:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		fmt.Fprintf(stderr, "ward: %v; ward --help lists commands and flags\n", err)
		return exitUsage
	}
	err = parsed.Run(&console{ctx: ctx, in: bufio.NewReader(os.Stdin), out: stdout, err: stderr})
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = fault.New(fault.Cancelled, "stopped").Keeping("what was committed before is kept").Do("run the same command again")
	}
	if code := verified(0); errors.As(err, &code) {
		return int(code) // it has been told in sentences
	}
	if err != nil {
		fmt.Fprintln(stderr, "ward:", err)
	}
	return exitCode(err)
}

// Exit codes, the same for every command.
const (
	exitFailed    = 1   // it could not be done, or a check found a difference
	exitUsage     = 2   // the command line cannot be read
	exitUndecided = 3   // nothing was written: a person must decide first
	exitCancelled = 130 // stopped by the person; what was committed is kept
)

func exitCode(err error) int {
	switch fault.KindOf(err) {
	case "":
		return 0
	case fault.Undecided:
		return exitUndecided
	case fault.Cancelled:
		return exitCancelled
	}
	return exitFailed
}
