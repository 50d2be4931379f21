package main

import (
	"errors"
	"sync"
)

// condition is what a probe has to know of the agent.
type condition struct {
	waiting       bool // for the message
	process       int
	serving       bool // the port has answered since the process began
	restartUntold bool // no probe has failed since the last restart
}

// readiness makes probes' answers out of checks. The kubelet asks once a second, at failureThreshold 1, so that it also
// notices a restart that took less; the template's own failureThreshold is counted here.
type readiness struct {
	threshold int
	lock      sync.Mutex
	process   int
	failures  int // in a row, of that process
}

var (
	errNotRunning = errors.New("the agent does not run")
	errRestarted  = errors.New("the agent was restarted")
)

// answer returns why the pod is not ready.
func (r *readiness) answer(look func() condition, ask func() error) error {
	r.lock.Lock() // one question after the other, or failures would not be in a row
	defer r.lock.Unlock()
	now := look()
	switch {
	case now.waiting:
		return nil
	case now.process == noProcess:
		return errNotRunning
	case now.restartUntold:
		return errRestarted
	}
	if now.process != r.process {
		r.process, r.failures = now.process, 0
	}
	err := ask()
	if err == nil {
		r.failures = 0
		return nil
	}
	r.failures++
	if now.serving && r.failures < r.threshold {
		return nil
	}
	return err
}
