// Command agent is the example agent: a small HTTP server that behaves well by default and badly on request,
// so that examples, demo and tests all run one real program. README.md beside this file lists its routes and flags.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const drainTime = 3 * time.Second

var (
	release         = flag.String("release", "unnamed", "what the agent says its release is")
	debug           = flag.Bool("debug", false, "serve POST /debug/...")
	listenAfter     = flag.Duration("listen-after", 0, "wait this long before listening")
	exitAfter       = flag.Duration("exit-after", 0, "exit by itself this long after the start (0: never)")
	exitCode        = flag.Int("exit-code", 0, "exit code for --exit-after")
	termDelay       = flag.Duration("term-delay", 0, "serve on this long after SIGTERM")
	leakEnvHealthz  = flag.Int("leak-env-in-healthz", 0, "answer /healthz with this status and the whole env (0: never)")
	leakEnvAndCrash = flag.Bool("leak-env-and-crash", false, "print the whole env where it does not belong, then exit 1")
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "digest" {
		os.Exit(printDigest(os.Args[2]))
	}
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2) // as package flag does for an unknown flag
	}
	os.Exit(serve())
}

// serve runs the agent until somebody ends it, and returns its exit code.
func serve() int {
	// Before anything slow: the kernel gives process 1 of a container no default action for SIGTERM.
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM, syscall.SIGINT)

	if *leakEnvAndCrash {
		leakEnv(terminationLog, os.Stderr)
		return 1
	}

	exits := make(chan int, 1)
	exit := func(code int) {
		select {
		case exits <- code:
		default: // already ending: the first reason stands
		}
	}
	if *exitAfter > 0 {
		time.AfterFunc(*exitAfter, func() { exit(*exitCode) })
	}
	go func() {
		slog.Info("stopping", "signal", (<-terminate).String(), "delay", *termDelay)
		time.Sleep(*termDelay)
		exit(0)
	}()

	select {
	case code := <-exits:
		return code
	case <-time.After(*listenAfter):
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		slog.Error("cannot listen", "error", err)
		return 1
	}
	slog.Info("listening", "address", listener.Addr().String(), "release", *release, "debug", *debug)
	agent := newAgent(*release, exit)
	agent.leakStatus = *leakEnvHealthz
	server := &http.Server{Handler: agent.routes(*debug), ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener) // ends when Shutdown closes the listener

	code := <-exits
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		slog.Warn("requests were cut off", "error", err)
	}
	slog.Info("exiting", "code", code)
	return code
}

// printDigest is for scripts that know a value and want to compare it with GET /env/{name}/digest.
// The value comes by standard input, since everybody on the machine can read a command line.
func printDigest(nonce string) int {
	value, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot read the value:", err)
		return 1
	}
	fmt.Println(keyedDigest(value, nonce))
	return 0
}
