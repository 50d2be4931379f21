package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
)

type options struct {
	check            check
	failureThreshold int
	probePort        int // 0: none
	restart          bool
	command          []string
}

// run is the life of a sandbox.
func run(arguments []string) int {
	wanted, err := parseOptions(arguments)
	if err != nil {
		return fail(exitUsage, err.Error()+"\n"+usage)
	}
	if err := hide(); err != nil {
		return fail(exitSystem, "cannot hide its memory: "+err.Error())
	}
	if err := adoptOrphans(); err != nil && os.Getpid() != 1 {
		return fail(exitSystem, "cannot adopt orphans: "+err.Error())
	}
	socket, err := net.Listen("unix", probeSocket)
	if err != nil {
		return fail(exitSystem, "another launcher runs in this pod, or: "+err.Error())
	}
	var port net.Listener
	if wanted.probePort != 0 {
		if port, err = net.Listen("tcp", fmt.Sprintf(":%d", wanted.probePort)); err != nil {
			return fail(exitSystem, "cannot listen for probes: "+err.Error())
		}
	}
	// A write to an output that nobody reads any more must not end the sandbox; ignoring it would be inherited by the agent.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	s := newSupervisor(wanted)
	ready := readiness{threshold: wanted.failureThreshold}
	look := func() error { return ready.answer(s.condition, wanted.check.ask) }
	go answerProbes(socket, func(asker net.Conn) { answerProgram(asker, look) })
	if port != nil {
		go answerProbes(port, func(asker net.Conn) { answerKubelet(asker, look) })
	}
	go func() {
		defer endOnPanic()
		s.readInput(os.Stdin)
	}()
	code := s.supervise()
	s.answers.finish()
	return code
}

func parseOptions(arguments []string) (options, error) {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	port := flags.Int("port", 0, "")
	checked := flags.String("check", "", "")
	probePort := flags.Int("probe-port", 0, "")
	threshold := flags.Int("failure-threshold", 1, "")
	restart := flags.String("restart", "", "")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	check, err := parseCheck(*checked, *port)
	switch {
	case err != nil:
		return options{}, err
	case *port < 1 || *port > 65535:
		return options{}, errors.New("--port is 1 to 65535")
	case *probePort < 0 || *probePort > 65535 || *probePort == *port:
		return options{}, errors.New("--probe-port is 1 to 65535, and not the agent's")
	case *threshold < 1:
		return options{}, errors.New("--failure-threshold is 1 or more")
	case *restart != "Always" && *restart != "Never":
		return options{}, errors.New("--restart is Always or Never")
	case flags.NArg() == 0 || flags.Arg(0) == "":
		return options{}, errors.New("a command is missing")
	}
	return options{check, *threshold, *probePort, *restart == "Always", flags.Args()}, nil
}
