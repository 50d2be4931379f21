package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	holderVerb   = "hold"
	holderName   = "cluster-holder" // as ps shows it
	holderSocket = "holder.sock"
)

// holder is the running process 1 of the node, seen from the host.
type holder struct {
	process *os.Process
	state   string
}

// otherClusterError says that a cluster of another state folder has the addresses, of which a machine has one set.
type otherClusterError struct {
	state string
	pid   int
}

func (e *otherClusterError) Error() string {
	return fmt.Sprintf("another cluster runs on this machine: its state is in %s, process %d", e.state, e.pid)
}

// findHolder asks the process table, which unlike a pid file is never stale. A dying holder is waited for.
func findHolder(state string) (found *holder, err error) {
	settled := func() bool {
		var dying bool
		found, dying, err = searchHolder(state)
		return err != nil || !dying
	}
	if !waitUntil(settled, killTimeout) {
		return nil, errors.New("the processes of a killed cluster are still there: see ps for what keeps them")
	}
	return found, err
}

func searchHolder(state string) (found *holder, dying bool, err error) {
	names, err := filepath.Glob("/proc/[0-9]*/comm")
	if err != nil {
		return nil, false, err
	}
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			return nil, false, err
		}
		// Taken before the look, the handle cannot come to mean a later process of that number.
		process, err := os.FindProcess(pid)
		if err != nil {
			continue
		}
		switch owner, kind := holderKind(pid); {
		case kind == processDying:
			return nil, true, nil
		case kind == processHolding && owner == state:
			return &holder{process, state}, false, nil
		case kind == processHolding:
			return nil, false, &otherClusterError{owner, pid}
		}
		process.Release()
	}
	return nil, false, nil
}

type processKind int

const (
	processOther processKind = iota
	processHolding
	processDying
)

// holderKind tells a holder by its arguments. A killed one has lost those, but keeps its name until every process in its
// namespaces is gone. By then it is a zombie of one thread: the last thread to go is the one that sees to the others' end.
func holderKind(pid int) (state string, kind processKind) {
	at := fmt.Sprintf("/proc/%d/", pid)
	name, err := os.ReadFile(at + "comm")
	if err != nil || string(bytes.TrimSpace(name)) != holderName {
		return "", processOther
	}
	arguments, err := os.ReadFile(at + "cmdline")
	if err != nil {
		return "", processOther
	}
	if words := bytes.Split(arguments, []byte{0}); len(words) >= 4 && string(words[1]) == holderVerb {
		return string(words[2]), processHolding
	}
	threads, err := os.ReadDir(at + "task")
	if err != nil {
		return "", processOther
	}
	if stat, err := os.ReadFile(at + "stat"); err != nil || bytes.Contains(stat, []byte(") Z ")) && len(threads) == 1 {
		return "", processOther
	}
	return "", processDying
}

// startHolder runs this program again as process 1 of new namespaces.
func startHolder(at paths) (*holder, error) {
	log, err := os.Create(at.log("holder"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command("/proc/self/exe", holderVerb, at.state, at.cache)
	command.Dir, command.Env, command.Stdout, command.Stderr = "/", []string{}, log, log
	command.SysProcAttr = &syscall.SysProcAttr{
		Setsid:     true,
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET,
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("new namespaces: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	started := &holder{command.Process, at.state}
	for {
		if _, err := started.processes(); err == nil {
			return started, nil
		}
		select {
		case <-ended:
			return nil, fmt.Errorf("the namespaces' holder ended:\n%s", tail(at.log("holder")))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (h *holder) processes() (map[string]process, error) { return h.ask(request{Verb: "list"}) }

func (h *holder) start(c component) error {
	_, err := h.ask(request{Verb: "start", Name: c.name, Argv: c.argv})
	return err
}

func (h *holder) signal(name string, wanted syscall.Signal) error {
	_, err := h.ask(request{Verb: "signal", Name: name, Signal: wanted})
	return err
}

func (h *holder) ask(wanted request) (map[string]process, error) {
	folder, err := os.Open(h.state)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	// Through the descriptor, since a socket's path must be shorter than a work tree's may be.
	connection, err := net.DialTimeout("unix", filepath.Join(descriptor(folder), holderSocket), time.Second)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(connection).Encode(wanted); err != nil {
		return nil, err
	}
	var result answer
	if err := json.NewDecoder(connection).Decode(&result); err != nil {
		return nil, err
	}
	if result.Error != "" {
		return nil, errors.New(result.Error)
	}
	return result.Processes, nil
}

// inside prepares a command that runs within the node's namespaces.
func (h *holder) inside(argv ...string) *exec.Cmd {
	enter := []string{"--target", strconv.Itoa(h.process.Pid), "--mount", "--net", "--pid", "--"}
	return exec.Command("nsenter", append(enter, argv...)...)
}

const (
	killTimeout = 30 * time.Second
	reapTimeout = 3 * time.Second
)

// kill ends the node and returns once nothing of it runs.
func (h *holder) kill() error {
	if err := h.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	gone := func() bool { _, kind := holderKind(h.process.Pid); return kind == processOther }
	if !waitUntil(gone, killTimeout) {
		return fmt.Errorf("process %d was killed, but what it held is still there after %s", h.process.Pid, killTimeout)
	}
	// The zombie is the host's process 1 to take. Where that does not, nothing more can be done.
	waitUntil(func() bool { _, err := os.Stat(fmt.Sprintf("/proc/%d", h.process.Pid)); return err != nil }, reapTimeout)
	return nil
}

func waitUntil(done func() bool, patience time.Duration) bool {
	for deadline := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
