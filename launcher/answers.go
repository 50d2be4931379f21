package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// reason is one of the fixed words for why a request was refused: nothing that was sent is ever repeated.
type reason string

const (
	unknownRequest    reason = "unknown-request"
	messageTooLarge   reason = "message-too-large"
	messageMalformed  reason = "message-malformed"
	messageCutShort   reason = "message-cut-short"
	nonceInvalid      reason = "nonce-invalid"
	nameInvalid       reason = "name-invalid"
	valueInvalid      reason = "value-invalid"
	envTooLarge       reason = "env-too-large"
	inputEnded        reason = "input-ended"
	alreadyStarted    reason = "started"
	commandNotFound   reason = "command-not-found"
	commandNotRunning reason = "command-not-runnable"
	systemRefused     reason = "system-refused"
)

// noNonce stands where the asker's is not known.
const noNonce = "-"

const (
	answersWaiting = 64
	lastAnswers    = time.Second
)

// answers writes lines to standard output. Whoever reads there may be slow; signals are not kept waiting for that.
type answers struct {
	lines   chan string
	written chan struct{}
}

func newAnswers() answers {
	a := answers{make(chan string, answersWaiting), make(chan struct{})}
	go func() {
		defer endOnPanic()
		defer close(a.written)
		for line := range a.lines {
			os.Stdout.WriteString(line) // one write(2), which a pipe keeps whole; nobody is left to tell of an error
		}
	}()
	return a
}

func (a answers) say(nonce, format string, values ...any) {
	select {
	case a.lines <- protocol + " " + nonce + " " + fmt.Sprintf(format, values...) + "\n":
	default: // nobody has been reading for long: who asks again is answered again
	}
}

func (a answers) started(nonce string, process int) {
	a.say(nonce, `{"event":"started","processId":%d}`, process)
}

func (a answers) serving(nonce string, process int) {
	a.say(nonce, `{"event":"serving","processId":%d}`, process)
}

func (a answers) exited(nonce string, code, restarts int) {
	a.say(nonce, `{"event":"exited","code":%d,"restarts":%d}`, code, restarts)
}

func (a answers) refused(nonce string, why reason) {
	if nonce == "" {
		nonce = noNonce
	}
	a.say(nonce, `{"event":"refused","reason":"%s"}`, why)
}

func (a answers) status(nonce string, process int, serving bool, restarts, lastExitCode int) {
	a.say(nonce, `{"event":"status","processId":%s,"serving":%t,"restarts":%d,"lastExitCode":%s}`,
		numberOrNull(process, noProcess), serving, restarts, numberOrNull(lastExitCode, noExit))
}

func numberOrNull(number, none int) string {
	if number == none {
		return "null"
	}
	return strconv.Itoa(number)
}

// finish gives the last lines a moment to be read before the process ends.
func (a answers) finish() {
	close(a.lines)
	select {
	case <-a.written:
	case <-time.After(lastAnswers):
	}
}
