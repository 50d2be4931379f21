package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const beTheAgent = "TEST_PROCESS_IS_THE_AGENT"

// TestMain lets the test program start itself as the agent: a real process with real signals and exit codes.
func TestMain(m *testing.M) {
	if os.Getenv(beTheAgent) != "" {
		main()
	}
	os.Exit(m.Run())
}

func agentProcess(t *testing.T, args ...string) *exec.Cmd {
	process := exec.CommandContext(t.Context(), os.Args[0], args...)
	process.Env = []string{beTheAgent + "=1", "PORT=0", "API_TOKEN=hunter2"}
	return process
}

func exitCodeOf(err error) int {
	if exit, ended := errors.AsType[*exec.ExitError](err); ended {
		return exit.ExitCode()
	}
	return 0
}

var loggedPort = regexp.MustCompile(`listening address=\S+:(\d+)`)

// startListening returns once the agent listens, with its base URL.
func startListening(t *testing.T, args ...string) (process *exec.Cmd, url string) {
	process = agentProcess(t, args...)
	log, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if found := loggedPort.FindStringSubmatch(lines.Text()); found != nil {
			go io.Copy(io.Discard, log)
			return process, fmt.Sprintf("http://127.0.0.1:%s", found[1])
		}
	}
	t.Fatal("the agent ended without listening")
	return nil, ""
}

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
	}{
		{[]string{"--exit-after", "1ms", "--exit-code", "3"}, 3},
		{[]string{"--exit-after", "1ms"}, 0},
		{[]string{"--exit-after", "1ms", "--exit-code", "4", "--listen-after", "1h"}, 4},
		{[]string{"--leak-env-and-crash"}, 1},
		{[]string{"--no-such-flag"}, 2},
		{[]string{"no-such-command"}, 2},
	} {
		if code := exitCodeOf(agentProcess(t, test.args...).Run()); code != test.code {
			t.Errorf("%v: exit code %d, want %d", test.args, code, test.code)
		}
	}
}

func TestTerminatesOnSignal(t *testing.T) {
	process, _ := startListening(t)
	process.Process.Signal(syscall.SIGTERM)
	if code := exitCodeOf(process.Wait()); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestServesDuringTermDelay(t *testing.T) {
	const delay = 500 * time.Millisecond
	process, url := startListening(t, "--term-delay", delay.String())
	signalled := time.Now()
	process.Process.Signal(syscall.SIGTERM)
	time.Sleep(delay / 5)
	if response, err := http.Get(url + "/healthz"); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("not serving after SIGTERM: %v", err)
	}
	if code := exitCodeOf(process.Wait()); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if took := time.Since(signalled); took < delay {
		t.Errorf("ended after %s, before its delay of %s", took, delay)
	}
}

func TestExitOnRequestAnswersFirst(t *testing.T) {
	process, url := startListening(t, "--debug")
	if response, err := http.Post(url+"/debug/exit?code=9", "", nil); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("no answer: %v", err)
	}
	if code := exitCodeOf(process.Wait()); code != 9 {
		t.Errorf("exit code %d, want 9", code)
	}
}

func TestLogsNoValue(t *testing.T) {
	process := agentProcess(t, "--exit-after", "100ms")
	log, err := process.CombinedOutput()
	if err != nil || !bytes.Contains(log, []byte("listening")) {
		t.Fatalf("%v: %s", err, log)
	}
	if bytes.Contains(log, []byte("hunter2")) {
		t.Errorf("the log shows a value: %s", log)
	}
}

func TestDigestCommandAgreesWithRoute(t *testing.T) {
	process := agentProcess(t, "digest", "nonce-1")
	process.Stdin = strings.NewReader("hunter2")
	out, err := process.Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != digestOfHunter2 {
		t.Errorf("got %q (%v), want %s", got, err, digestOfHunter2)
	}
}
