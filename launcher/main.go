// Command launcher is the first process of a supervised sandbox: it waits for one message with the agent's env on standard
// input, starts the agent, and looks after it. docs/launcher.md describes what it says, keeps and promises.
package main

import (
	"fmt"
	"os"
)

// Exit codes of the launcher's own, by the names of sysexits.h; while an agent ran, the code is the agent's.
const (
	exitUsage       = 64  // wrong arguments
	exitRefused     = 65  // what came on standard input was not taken
	exitSoftware    = 70  // a fault of the launcher
	exitSystem      = 71  // the system refused something that the launcher cannot do without
	exitNotRunnable = 126 // the agent's command is there and cannot be run
	exitNotFound    = 127 // the agent's command is not there
)

const usage = `usage: launcher install DIR
       launcher run --port=PORT --check=http:PATH|tcp|none [--failure-threshold=N] [--probe-port=PORT]
                    --restart=Always|Never -- COMMAND [ARG...]
       launcher probe`

func main() {
	defer endOnPanic()
	os.Exit(command(os.Args[1:]))
}

func command(arguments []string) int {
	if len(arguments) == 0 {
		return fail(exitUsage, usage)
	}
	switch name, rest := arguments[0], arguments[1:]; {
	case name == "install" && len(rest) == 1:
		return install(rest[0])
	case name == "run":
		return run(rest)
	case name == "probe" && len(rest) == 0:
		return probe()
	case name == becomeAgent:
		return become(rest)
	}
	return fail(exitUsage, usage)
}

// fail says what is wrong; no caller hands it anything that came in a message.
func fail(code int, what string) int {
	fmt.Fprintln(os.Stderr, "launcher:", what)
	return code
}

// endOnPanic keeps Go from printing what a panic carries. Every goroutine begins by deferring it.
func endOnPanic() {
	if recover() != nil {
		os.Exit(fail(exitSoftware, "internal error"))
	}
}
