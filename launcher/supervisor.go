package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	noProcess = 0
	noExit    = -1
)

// messageTimeout is for the whole of a request, once its first byte is there.
var messageTimeout = 10 * time.Second

// stopWindow is how long an INT or QUIT counts as the reason for an end: an image may have one of them as its stop signal,
// but a JVM asked by QUIT for its threads goes on.
const stopWindow = 30 * time.Second

// stops are the signals that end a launcher which has no agent to hand them to.
var stops = []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT}

// supervisor is the launcher's state. One goroutine, supervise, changes it; the others talk to that one by channels.
type supervisor struct {
	options options
	answers answers

	input    chan []byte   // what arrived on standard input; closed at its end
	taken    chan struct{} // the last of it has been looked at
	signals  chan os.Signal
	children chan os.Signal
	answered chan int // process id of an agent whose port answers
	looks    chan chan condition

	requests requests
	cutShort <-chan time.Time

	message      *message // nil until started
	process      int
	since        time.Time
	serving      bool
	stopWatching chan struct{}
	restarts     int
	row          int
	restart      <-chan time.Time
	untold       bool      // a restart that no probe has failed for
	stopUntil    time.Time // an end before this is not followed by a restart
	stopping     bool
	lastExitCode int

	ended bool
	code  int
}

func newSupervisor(wanted options) *supervisor {
	s := &supervisor{
		options: wanted, answers: newAnswers(), lastExitCode: noExit,
		input: make(chan []byte), taken: make(chan struct{}), answered: make(chan int), looks: make(chan chan condition),
		signals: make(chan os.Signal, 64), children: make(chan os.Signal, 1),
	}
	signal.Notify(s.signals, append(stops, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH)...)
	signal.Notify(s.children, syscall.SIGCHLD)
	return s
}

// supervise returns the code to exit with.
func (s *supervisor) supervise() int {
	for !s.ended {
		select {
		case arrived, open := <-s.input:
			if !open {
				s.input = nil
				s.endInput()
				continue
			}
			s.take(arrived)
			s.taken <- struct{}{}
		case <-s.cutShort:
			s.cutInput()
		case received := <-s.signals:
			s.signal(received.(syscall.Signal))
		case <-s.children:
			s.reap()
		case process := <-s.answered:
			if process == s.process {
				s.serving = true
				s.answers.serving(s.message.nonce, process)
			}
		case <-s.restart:
			s.restart = nil
			s.start()
		case answer := <-s.looks:
			answer <- condition{s.message == nil, s.process, s.serving, s.untold}
			s.untold = false
		}
	}
	return s.code
}

func (s *supervisor) end(code int) {
	s.ended, s.code = true, code
}

func (s *supervisor) readInput(in io.Reader) {
	defer close(s.input)
	buffer := make([]byte, 64<<10)
	for {
		count, err := in.Read(buffer)
		if count > 0 {
			s.input <- buffer[:count]
			<-s.taken
			clear(buffer[:count])
		}
		if err != nil {
			return
		}
	}
}

func (s *supervisor) take(arrived []byte) {
	for _, asked := range s.requests.feed(arrived) {
		if s.ended {
			return
		}
		s.answer(asked)
	}
	switch {
	case !s.requests.inside():
		s.cutShort = nil
	case s.cutShort == nil:
		s.cutShort = time.After(messageTimeout)
	}
}

func (s *supervisor) answer(asked request) {
	switch asked := asked.(type) {
	case startRequest:
		if s.message != nil {
			clear(asked.body)
			s.refuse(s.message.nonce, alreadyStarted)
			return
		}
		message, why := decode(asked.body)
		if why != "" {
			s.refuse(message.nonce, why)
			return
		}
		s.message = &message
		s.start()
	case statusRequest:
		if s.message != nil && asked.nonce == s.message.nonce {
			s.answers.status(s.message.nonce, s.process, s.serving, s.restarts, s.lastExitCode)
		}
	case badRequest:
		s.refuse(noNonce, asked.why)
	}
}

// refuse ends a launcher that has not started its agent: its sandbox is replaced, and the next message is a whole one.
func (s *supervisor) refuse(nonce string, why reason) {
	s.answers.refused(nonce, why)
	if s.message == nil {
		s.end(exitRefused)
	}
}

func (s *supervisor) cutInput() {
	s.cutShort = nil
	s.requests.drop()
	s.refuse(noNonce, messageCutShort)
}

func (s *supervisor) endInput() {
	switch {
	case s.requests.inside():
		s.cutInput()
	case s.message == nil:
		s.refuse(noNonce, inputEnded)
	}
}

func (s *supervisor) start() {
	process, failed := startAgent(s.options.command, s.message.env)
	if !s.options.restart || failed != nil {
		s.message.wipe()
	}
	if failed != nil {
		s.answers.refused(s.message.nonce, failed.why)
		s.end(failed.code)
		return
	}
	s.process, s.since = process, time.Now()
	s.answers.started(s.message.nonce, process)
	s.stopWatching = make(chan struct{})
	go s.watch(process, s.stopWatching)
}

// watch tells when the agent's port answers for the first time.
func (s *supervisor) watch(process int, stop <-chan struct{}) {
	defer endOnPanic()
	for pause := 5 * time.Millisecond; s.options.check.ask() != nil; pause = min(pause*5/4, time.Second) {
		select {
		case <-time.After(pause):
		case <-stop:
			return
		}
	}
	select {
	case s.answered <- process:
	case <-stop:
	}
}

// reap takes every child that ended: the agent, and orphans that it left.
func (s *supervisor) reap() {
	for {
		var status syscall.WaitStatus
		process, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil || process <= 0:
			return
		case process == s.process:
			s.agentEnded(exitCode(status))
		}
	}
}

func exitCode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

func (s *supervisor) agentEnded(code int) {
	ran := time.Since(s.since)
	killRest(s.process)
	close(s.stopWatching)
	s.process, s.serving, s.lastExitCode = noProcess, false, code
	again := s.options.restart && !s.stopping && time.Now().After(s.stopUntil)
	if again {
		var wait time.Duration
		if wait, s.row, again = restarting.next(s.row, ran); again {
			s.restarts++
			s.untold = true
			s.restart = time.After(wait)
		}
	}
	s.answers.exited(s.message.nonce, code, s.restarts)
	if !again {
		s.message.wipe()
		s.end(code)
	}
}

// killRest does what the end of a container does: nothing that the agent left behind lives on, or holds its port.
func killRest(process int) {
	if os.Getpid() == 1 {
		syscall.Kill(-1, syscall.SIGKILL)
	} else {
		syscall.Kill(-process, syscall.SIGKILL) // its process group: the rest may be other containers'
	}
}

func (s *supervisor) signal(received syscall.Signal) {
	switch received {
	case syscall.SIGTERM:
		s.stopping = true
	case syscall.SIGINT, syscall.SIGQUIT:
		s.stopUntil = time.Now().Add(stopWindow)
	}
	if s.process != noProcess {
		syscall.Kill(s.process, received) // not reaped yet, so the id is nobody else's
		return
	}
	for _, stop := range stops {
		if received == stop {
			s.end(128 + int(received))
		}
	}
}

// condition is asked for by each probe: the one that sees a restart untold tells it.
func (s *supervisor) condition() condition {
	answer := make(chan condition)
	s.looks <- answer
	return <-answer
}
