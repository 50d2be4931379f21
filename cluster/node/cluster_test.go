//go:build cluster

// The cluster's own test on a real machine, as root: make cluster-test.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is the cluster under test, in a state folder of its own.
type machine struct {
	*testing.T
	at paths
}

// TestMain lets the test's own program be the holder, as `up` starts its own program again for that.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == holderVerb {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestCluster(t *testing.T) {
	if err := requireRoot(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", "")
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	at, err := newPaths("../..", filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	// Packages and builds stay on the machine, so they come before the first look at it.
	if _, err := ensurePackages(); err != nil {
		t.Fatal(err)
	}
	if _, err := buildAll(at); err != nil {
		t.Fatal(err)
	}
	if _, err := buildSimulator(at); err != nil {
		t.Fatal(err)
	}
	if _, err := findHolder(at.state); err != nil {
		t.Fatal(err)
	}
	before := look(t)
	t.Cleanup(func() { _ = down(at) })

	m := machine{t, at}
	m.timed("first up", 60*time.Second, m.up)
	m.timed("second up", 3*time.Second, m.up)
	m.deployProbe()
	m.step("network", (*machine).network)
	m.step("logs, exec, port-forward", (*machine).streams)
	m.step("memory limit", (*machine).memoryLimit)
	m.step("secrets encrypted and unlogged", (*machine).secrets)
	m.step("user's own cluster", (*machine).foreign)
	m.step("simulated nodes", (*machine).simulated)
	for _, name := range componentNames() {
		m.step("kill -9 "+name, func(m *machine) {
			m.check(stopOne(at, name, syscall.SIGKILL))
			m.timed("up", 60*time.Second, m.up)
			m.awaitProbe()
		})
	}
	m.step("stopped API server", func(m *machine) {
		m.check(stopOne(at, "kube-apiserver", syscall.SIGSTOP))
		m.timed("up", 60*time.Second, m.up)
	})
	m.step("kill -9 of the holder", func(m *machine) {
		h, err := findHolder(at.state)
		m.check(err)
		m.check(h.process.Kill())
		m.timed("up", 90*time.Second, m.up)
		m.awaitProbe()
	})
	m.timed("down", 20*time.Second, m.down)
	m.timed("second down", 5*time.Second, m.down)
	requireSame(t, before, look(t))

	for _, after := range []time.Duration{50, 300, 1000, 4000, 8000} {
		m.step(fmt.Sprintf("up killed after %d ms", after), func(m *machine) { m.interruptUp(after * time.Millisecond) })
	}
	m.timed("up after all these", 90*time.Second, m.up)
	m.timed("down", 20*time.Second, m.down)
	requireSame(t, before, look(t))

	m.step("state folder removed under a running cluster", func(m *machine) {
		m.up()
		h, err := findHolder(at.state)
		m.check(err)
		_ = os.RemoveAll(at.state) // as far as it goes, against processes that write there
		_ = os.RemoveAll(at.state)
		m.down()
		if _, kind := holderKind(h.process.Pid); kind != processOther {
			m.Error("the holder survived")
		}
	})
	requireSame(t, before, look(t))
}

func (m *machine) step(name string, do func(*machine)) {
	if !m.Run(name, func(t *testing.T) { do(&machine{t, m.at}) }) {
		m.FailNow()
	}
}

func (m *machine) timed(what string, limit time.Duration, do func()) {
	m.Helper()
	begun := time.Now()
	do()
	took := time.Since(begun)
	m.Logf("%s took %s", what, took.Round(10*time.Millisecond))
	if took > limit {
		m.Errorf("%s took longer than %s", what, limit)
	}
}

func (m *machine) check(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *machine) up()   { m.Helper(); m.check(up(m.at)) }
func (m *machine) down() { m.Helper(); m.check(down(m.at)) }

// interruptUp kills the program itself, which has then to be one of its own.
func (m *machine) interruptUp(after time.Duration) {
	program := filepath.Join(m.TempDir(), "cluster")
	output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	if err != nil {
		m.Fatalf("%s: %s", err, output)
	}
	command := exec.Command(program, "--tree", "../..", "--state", m.at.state, "up")
	m.check(command.Start())
	time.Sleep(after)
	m.check(command.Process.Kill())
	_ = command.Wait()
}

func (m *machine) kubectl(arguments ...string) (string, error) {
	folder, err := buildComponents(m.at)
	m.check(err)
	command := exec.Command(filepath.Join(folder, "kubectl"), arguments...)
	command.Env = append(os.Environ(), "KUBECONFIG="+m.at.adminKubeconfig())
	output, err := command.CombinedOutput()
	return string(output), err
}

func (m *machine) mustKubectl(arguments ...string) string {
	m.Helper()
	output, err := m.kubectl(arguments...)
	if err != nil {
		m.Fatalf("kubectl %s: %s: %s", strings.Join(arguments, " "), err, output)
	}
	return output
}
