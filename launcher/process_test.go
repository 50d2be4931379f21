package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// launch returns the arguments of `launcher run` for an agent that listens where it should.
func launch(restart string, agent ...string) []string {
	return append([]string{"--port=8080", "--check=http:/healthz", "--restart=" + restart, "--"}, agent...)
}

func digestOf(name, value string) string {
	return fmt.Sprintf("agent: %s is %x", name, sha256.Sum256([]byte(value)))
}

func TestWaitsThenRunsTheAgent(t *testing.T) {
	s := start(t, launch("Never", "agent", "digest=TOKEN", "digest=TEMPLATE", "digest=BOTH", "stdin", "listen=:8080")...)
	await(t, "a launcher that waits is ready", func() bool { code, _ := s.probe(); return code == 0 })
	s.send(startMessage(map[string]string{"TOKEN": canary, "BOTH": "brought", "EMPTY": ""}))
	said := s.awaitEvent("started")
	s.await(fmt.Sprintf("agent: process %d", *said.ProcessID))
	s.await(digestOf("TOKEN", canary))
	s.await(digestOf("TEMPLATE", "own"))
	s.await(digestOf("BOTH", "brought"))
	s.await("agent: stdin 0 EOF")
	if serving := s.awaitEvent("serving"); *serving.ProcessID != *said.ProcessID {
		t.Errorf("process %d serves, %d started", *serving.ProcessID, *said.ProcessID)
	}
	if code, why := s.probe(); code != 0 {
		t.Errorf("an agent that answers is not ready: %s", why)
	}
	s.send(protocol + " status " + nonce + "\n")
	if status := s.awaitEvent("status"); *status.ProcessID != *said.ProcessID || !status.Serving || status.Restarts != 0 || status.LastExitCode != nil {
		t.Errorf("status: %+v", status)
	}
	s.signal(syscall.SIGTERM)
	s.exitCode()
	if strings.Contains(s.output.String(), canary) {
		t.Error("a value was printed")
	}
}

func TestExitCodes(t *testing.T) {
	for name, test := range map[string]struct {
		agent []string
		code  int
		end   string
	}{
		"success":        {[]string{"agent"}, 0, "exited"},
		"failure":        {[]string{"agent", "exit=3"}, 3, "exited"},
		"by path":        {[]string{"/bin/agent", "exit=4"}, 4, "exited"},
		"killed":         {[]string{"agent", "kill"}, 137, "exited"},
		"not found":      {[]string{"agant"}, 127, "refused"},
		"path not found": {[]string{"/agant"}, 127, "refused"},
		"no program":     {[]string{"/bin/text"}, 126, "refused"},
		"a folder":       {[]string{"/bin"}, 126, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, launch("Never", test.agent...)...)
			s.send(startMessage(map[string]string{"TOKEN": canary}))
			if test.end == "exited" {
				s.awaitEvent("started")
				if said := s.awaitEvent("exited"); said.Code != test.code || said.Restarts != 0 {
					t.Errorf("said %+v", said)
				}
			} else {
				s.awaitEvent("refused")
			}
			if code := s.exitCode(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
		})
	}
}

func TestEnvThatTheKernelDoesNotTake(t *testing.T) {
	s := start(t, launch("Always", "agent")...)
	env := map[string]string{}
	for i := range 30 {
		env["BIG"+strconv.Itoa(i)] = strings.Repeat("x", 120<<10)
	}
	s.send(startMessage(env))
	if said := s.awaitEvent("refused"); said.Reason != string(envTooLarge) {
		t.Errorf("said %+v", said)
	}
	if code := s.exitCode(); code != exitNotRunnable {
		t.Errorf("exit code %d", code)
	}
}

func TestSignalsReachTheAgent(t *testing.T) {
	s := start(t, launch("Always", "agent", "signals")...)
	s.send(startMessage(nil))
	s.await("listening to signals")
	for _, one := range []syscall.Signal{syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGINT, syscall.SIGQUIT} {
		s.signal(one)
		s.await("agent: got " + one.String())
	}
	s.signal(syscall.SIGTERM)
	s.await("agent: got " + syscall.SIGTERM.String())
	s.awaitEvent("started")
	if said := s.awaitEvent("exited"); said.Code != 7 || said.Restarts != 0 {
		t.Errorf("said %+v: what was told to end is not restarted", said)
	}
	if code := s.exitCode(); code != 7 {
		t.Errorf("exit code %d, want the agent's 7", code)
	}
}

func TestSignalsWhileWaiting(t *testing.T) {
	for _, one := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT} {
		s := start(t, launch("Never", "agent")...)
		await(t, "the launcher waits", func() bool { code, _ := s.probe(); return code == 0 })
		s.signal(syscall.SIGUSR1) // nobody to hand it to, and no reason to end
		s.signal(one)
		if code := s.exitCode(); code != 128+int(one) {
			t.Errorf("%v: exit code %d", one, code)
		}
	}
}

func TestOrphansAreReaped(t *testing.T) {
	s := start(t, launch("Never", "agent", "orphan=sleep:300ms", "orphan=sleep:1ms", "print=orphans are there", "signals")...)
	s.send(startMessage(nil))
	s.await("listening to signals")
	process := *s.awaitEvent("started").ProcessID
	await(t, "only launcher and agent are left", func() bool {
		return len(childrenOf(t, s.process.Process.Pid)) == 1
	})
	s.send(protocol + " status " + nonce + "\n")
	if status := s.awaitEvent("status"); *status.ProcessID != process {
		t.Errorf("status: %+v", status)
	}
	s.signal(syscall.SIGTERM)
	if code := s.exitCode(); code != 7 {
		t.Errorf("exit code %d, want the agent's 7", code)
	}
}

func childrenOf(t *testing.T, process int) []string {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", process))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, list := range lists {
		content, err := os.ReadFile(list)
		if err == nil {
			found = append(found, strings.Fields(string(content))...)
		}
	}
	return found
}

func TestRestart(t *testing.T) {
	s := start(t, launch("Always", "agent", "digest=TOKEN", "orphan=sleep:1h", "listen=:8080")...)
	s.send(startMessage(map[string]string{"TOKEN": canary}))
	first := *s.awaitEvent("started").ProcessID
	s.awaitEvent("serving")
	if code, why := s.probe(); code != 0 {
		t.Fatal(why)
	}
	s.inside("/bin/agent", fmt.Sprintf("killother=%d", first))
	if said := s.awaitEvent("exited"); said.Code != 137 || said.Restarts != 1 {
		t.Errorf("said %+v", said)
	}
	second := *s.awaitEvent("started").ProcessID
	if second == first {
		t.Errorf("process %d again", second)
	}
	s.awaitEvent("serving")
	s.await(digestOf("TOKEN", canary))
	s.await(digestOf("TOKEN", canary))
	if code, _ := s.probe(); code == 0 {
		t.Error("no probe told of the restart")
	}
	if code, why := s.probe(); code != 0 {
		t.Errorf("not ready after the restart: %s", why)
	}
	if children := childrenOf(t, s.process.Process.Pid); len(children) != 2 {
		t.Errorf("children %v: the agent and its orphan, and nothing of the first agent", children)
	}
	s.send(protocol + " status " + nonce + "\n")
	if status := s.awaitEvent("status"); *status.ProcessID != second || status.Restarts != 1 || *status.LastExitCode != 137 {
		t.Errorf("status: %+v", status)
	}
}

func TestGivesUpAfterARow(t *testing.T) {
	s := startImpatient(t, "--port=8080", "--check=tcp", "--restart=Always", "--", "agent", "exit=9")
	s.send(startMessage(nil))
	for restarts := range 4 {
		s.awaitEvent("started")
		said := s.awaitEvent("exited")
		if want := min(restarts+1, 3); said.Code != 9 || said.Restarts != want {
			t.Errorf("said %+v, want %d restarts", said, want)
		}
	}
	if code := s.exitCode(); code != 9 {
		t.Errorf("exit code %d, want the agent's 9", code)
	}
}

func TestFailureThreshold(t *testing.T) {
	s := start(t, append([]string{"--failure-threshold=3"}, launch("Never", "agent", "listen=:8080")...)...)
	s.send(startMessage(nil))
	s.awaitEvent("started")
	s.awaitEvent("serving")
	s.signal(syscall.SIGUSR1)
	s.await("unhealthy from now on")
	var codes []int
	for range 4 {
		code, _ := s.probe()
		codes = append(codes, code)
	}
	if fmt.Sprint(codes) != "[0 0 1 1]" {
		t.Errorf("probes ended with %v", codes)
	}
}

// A kubelet asks from outside the pod; here the test program, in the pod's network.
func TestProbesByHTTP(t *testing.T) {
	s := start(t, append([]string{"--probe-port=8079"}, launch("Always", "agent", "listen=:8080")...)...)
	await(t, "a launcher that waits is ready", func() bool { return s.get(podIP+":8079") == 200 })
	s.send(startMessage(nil))
	process := *s.awaitEvent("started").ProcessID
	s.awaitEvent("serving")
	if status := s.get(podIP + ":8079"); status != 200 {
		t.Errorf("%d, and the agent serves", status)
	}
	s.inside("/bin/agent", fmt.Sprintf("killother=%d", process))
	s.awaitEvent("exited")
	s.awaitEvent("started")
	s.awaitEvent("serving")
	if first, second := s.get(podIP+":8079"), s.get(podIP+":8079"); first != 503 || second != 200 {
		t.Errorf("%d and %d: the first is to tell of the restart", first, second)
	}
}

func TestOnlyThePodsAddressCounts(t *testing.T) {
	s := start(t, launch("Never", "agent", "print=up", "listen=127.0.0.1:8080")...)
	s.send(startMessage(nil))
	s.await("up")
	if code, why := s.probe(); code != 1 || !strings.Contains(why, "takes no connection") {
		t.Errorf("%d %s: Services do not lead to 127.0.0.1", code, why)
	}
}

func TestProbeWithoutLauncher(t *testing.T) {
	s := startImpatient(t, launch("Never", "agent")...)
	s.stdin.Close()
	if code := s.exitCode(); code != exitRefused {
		t.Errorf("input that ends before a message: exit code %d", code)
	}
	if code := probe(); code == 0 {
		t.Error("ready, and there is no launcher")
	}
}
