// A real single-node Kubernetes cluster on a bare machine, in namespaces of its own: see ../README.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"syscall"
)

const usage = `usage: cluster [--tree DIR] [--state DIR] COMMAND

  up                         bring the cluster up, or back up; with KUBECONFIG set: check that cluster and use it
  down                       take the cluster away, with everything it made on this machine
  status                     what runs
  load IMAGE.tar...          import image archives into the node
  image OUT.tar REF ...      write an image archive from files (without arguments: how)
  start COMPONENT            start a component, or continue a stopped one
  stop COMPONENT [SIGNAL]    send it a signal (TERM unless told); waits until it is gone if it is to go
  simulate N                 have N simulated nodes (0: none) beside the real one
  build                      build the components and images into the cache, and print where they are

components: %s
`

func main() {
	// Debian keeps iptables and its like where a plain user's PATH does not look.
	os.Setenv("PATH", os.Getenv("PATH")+":/usr/local/sbin:/usr/sbin:/sbin")
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 3 && arguments[0] == holderVerb {
		return hold(arguments[1], arguments[2])
	}
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprintf(os.Stderr, usage, strings.Join(append(componentNames(), simulatorName), " ")) }
	tree := flags.String("tree", ".", "the work tree")
	state := flags.String("state", "", "where the cluster keeps its state (default: .cluster in the work tree)")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	at, err := newPaths(*tree, *state)
	if err != nil {
		return err
	}
	return dispatch(at, flags.Args(), flags.Usage)
}

func dispatch(at paths, words []string, printUsage func()) error {
	if len(words) == 0 {
		printUsage()
		return errors.New("no command given")
	}
	command, rest := words[0], words[1:]
	switch {
	case command == "up" && len(rest) == 0:
		return up(at)
	case command == "down" && len(rest) == 0:
		return down(at)
	case command == "status" && len(rest) == 0:
		return status(at)
	case command == "load" && len(rest) > 0:
		return load(at, rest)
	case command == "image":
		return image(at, rest)
	case command == "start" && len(rest) == 1:
		return startOne(at, rest[0])
	case command == "stop" && len(rest) == 1:
		return stopOne(at, rest[0], syscall.SIGTERM)
	case command == "stop" && len(rest) == 2:
		wanted, err := parseSignal(rest[1])
		if err != nil {
			return err
		}
		return stopOne(at, rest[0], wanted)
	case command == "simulate" && len(rest) == 1:
		return simulate(at, rest[0])
	case command == "build" && len(rest) == 0:
		return printBuilt(at)
	}
	printUsage()
	return fmt.Errorf("not understood: %s", strings.Join(words, " "))
}

// say reports progress; results go to standard output only where a command's purpose is to print.
func say(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "cluster: "+format+"\n", values...)
}

func requireRoot() error {
	if os.Geteuid() != 0 {
		return errors.New("a node needs root (namespaces, mounts, cgroups): run this with sudo, " +
			"or set KUBECONFIG to use a cluster you already have")
	}
	return nil
}
