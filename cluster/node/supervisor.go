package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A request to the holder, one per connection; the answer is what it then runs, or why it did not do it.
type request struct {
	Verb   string         `json:"verb"` // list, start, signal
	Name   string         `json:"name,omitempty"`
	Argv   []string       `json:"argv,omitempty"`
	Signal syscall.Signal `json:"signal,omitempty"`
}

type answer struct {
	Error     string             `json:"error,omitempty"`
	Processes map[string]process `json:"processes"`
}

// process is a component as the holder knows it.
type process struct {
	Pid     int       `json:"pid"` // as numbered inside
	Started time.Time `json:"started"`
	Ended   string    `json:"ended,omitempty"` // how, once it has
}

func (p process) running() bool { return p.Pid != 0 && p.Ended == "" }

// supervisor starts the components and notes how they end. It restarts none: faults made on purpose are to last.
type supervisor struct {
	mutex     sync.Mutex
	processes map[string]process
}

// hold is process 1 of the node: as long as it lives so do the namespaces, and when it dies the kernel kills all in them.
func hold(state, cache string) error {
	if os.Getpid() != 1 {
		return fmt.Errorf("%q is for `cluster up` alone", holderVerb)
	}
	if err := os.WriteFile("/proc/self/comm", []byte(holderName), 0); err != nil {
		return err
	}
	if err := isolate(state, cache); err != nil {
		return err
	}
	socket := stateInside + "/" + holderSocket
	if err := os.RemoveAll(socket); err != nil {
		return err
	}
	// Children may end at any time from here on.
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return err
	}
	s := &supervisor{processes: map[string]process{}}
	go func() {
		for range ended {
			s.reap()
		}
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go s.serve(connection)
	}
}

func (s *supervisor) serve(connection net.Conn) {
	defer connection.Close()
	var wanted request
	if err := json.NewDecoder(connection).Decode(&wanted); err != nil {
		return
	}
	var result answer
	if err := s.handle(wanted); err != nil {
		result.Error = err.Error()
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	result.Processes = s.processes
	// A caller that has left needs no answer.
	_ = json.NewEncoder(connection).Encode(result)
}

func (s *supervisor) handle(wanted request) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch wanted.Verb {
	case "list":
		return nil
	case "start":
		return s.start(wanted.Name, wanted.Argv)
	case "signal":
		known := s.processes[wanted.Name]
		if !known.running() {
			return fmt.Errorf("%s is not running", wanted.Name)
		}
		return syscall.Kill(known.Pid, wanted.Signal)
	}
	return fmt.Errorf("unknown verb %q", wanted.Verb)
}

// start is called with the mutex held, which keeps reap from seeing a child before it is noted.
func (s *supervisor) start(name string, argv []string) error {
	if known := s.processes[name]; known.running() {
		return syscall.Kill(known.Pid, syscall.SIGCONT)
	}
	log, err := os.OpenFile(stateInside+"/log/"+name+".log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer nothing.Close()
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Dir:   "/",
		Env:   []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
		Files: []uintptr{nothing.Fd(), log.Fd(), log.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", argv[0], err)
	}
	s.processes[name] = process{Pid: pid, Started: time.Now()}
	return nil
}

// reap takes every child that has ended: components, and the orphans that process 1 inherits.
func (s *supervisor) reap() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if pid <= 0 {
			return
		}
		for name, known := range s.processes {
			if known.running() && known.Pid == pid {
				known.Ended = describeEnd(status)
				s.processes[name] = known
			}
		}
	}
}

func describeEnd(status syscall.WaitStatus) string {
	if status.Signaled() {
		return "killed: " + status.Signal().String()
	}
	return fmt.Sprintf("exit status %d", status.ExitStatus())
}
