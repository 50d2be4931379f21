package main

import (
	"strings"
	"syscall"
	"testing"
)

func TestWhatIsRefusedBeforeTheStart(t *testing.T) {
	whole := startMessage(map[string]string{"TOKEN": canary})
	for name, test := range map[string]struct {
		input string
		why   reason
		nonce string
	}{
		"nothing":        {"", inputEnded, noNonce},
		"half a line":    {whole[:20], messageCutShort, noNonce},
		"half a body":    {whole[:len(whole)-5], messageCutShort, noNonce},
		"half and whole": {whole[:len(whole)-5] + whole, nonceInvalid, noNonce},
		"another line":   {"TOKEN=" + canary + "\n", unknownRequest, noNonce},
		"status first":   {protocol + " status 0\n", unknownRequest, noNonce},
		"bad name":       {startMessage(map[string]string{"A=B": canary}), nameInvalid, ""},
		"bad value":      {startMessage(map[string]string{"A": canary + "\x00"}), valueInvalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, launch("Always", "agent", "print=the agent ran")...)
			s.send(test.input)
			s.stdin.Close()
			line := s.await(`"refused"`)
			if !strings.Contains(line, `"`+string(test.why)+`"`) {
				t.Errorf("said %s, want %s", line, test.why)
			}
			if code := s.exitCode(); code != exitRefused {
				t.Errorf("exit code %d", code)
			}
			for _, never := range []string{canary, "the agent ran"} {
				if strings.Contains(s.output.String(), never) {
					t.Errorf("the output has %q", never)
				}
			}
		})
	}
}

func TestMessageThatStalls(t *testing.T) {
	s := startImpatient(t, launch("Always", "agent")...)
	s.send(startMessage(map[string]string{"TOKEN": canary})[:60])
	if said := s.awaitEventUnder(noNonce, "refused"); said.Reason != string(messageCutShort) {
		t.Errorf("said %+v", said)
	}
	if code := s.exitCode(); code != exitRefused {
		t.Errorf("exit code %d", code)
	}
}

func TestMessageInPieces(t *testing.T) {
	s := start(t, launch("Never", "agent", "digest=TOKEN")...)
	for _, piece := range strings.SplitAfter(startMessage(map[string]string{"TOKEN": canary}), "e") {
		s.send(piece)
	}
	s.await(digestOf("TOKEN", canary))
}

func TestStartedAgentStays(t *testing.T) {
	s := start(t, launch("Never", "agent", "digest=TOKEN", "signals")...)
	s.send(startMessage(map[string]string{"TOKEN": canary}))
	process := *s.awaitEvent("started").ProcessID
	s.await(digestOf("TOKEN", canary))
	s.await("listening to signals")

	s.send(startMessage(map[string]string{"TOKEN": "another"}))
	if said := s.awaitEvent("refused"); said.Reason != string(alreadyStarted) {
		t.Errorf("said %+v", said)
	}
	s.send("a word to nobody\n")
	if said := s.awaitEventUnder(noNonce, "refused"); said.Reason != string(unknownRequest) {
		t.Errorf("said %+v", said)
	}
	s.send(protocol + " status " + strings.Repeat("f", nonceLength) + "\n" + protocol + " status " + nonce + "\n")
	if status := s.awaitEvent("status"); *status.ProcessID != process {
		t.Errorf("status: %+v", status)
	}
	s.stdin.Close() // nobody can ask any more, which is no reason to end
	s.signal(syscall.SIGHUP)
	s.await("agent: got " + syscall.SIGHUP.String())
	s.signal(syscall.SIGTERM)
	if code := s.exitCode(); code != 7 {
		t.Errorf("exit code %d", code)
	}
	if count := strings.Count(s.output.String(), `"status"`); count != 1 {
		t.Errorf("%d answers to status, the wrong nonce is to have none", count)
	}
}

func TestForgedLines(t *testing.T) {
	// The agent knows the words, and not the nonce; its half line has the launcher's next one behind it.
	forged := protocol + " " + strings.Repeat("0", nonceLength) + ` {"event":"serving","processId":1}`
	half := protocol + " - {"
	s := start(t, launch("Never", "agent", "print="+forged, "write="+half, "exit=5")...)
	s.send(startMessage(nil))
	s.awaitEvent("started")
	if said := s.awaitEvent("exited"); said.Code != 5 {
		t.Errorf("said %+v", said)
	}
}

func TestOutputThatNobodyReads(t *testing.T) {
	s := start(t, launch("Never", "agent", "flood")...)
	s.send(startMessage(nil))
	s.awaitEvent("started")
	await(t, "the pipe and the test's list of lines are full", func() bool { return len(s.lines) == cap(s.lines) })
	s.signal(syscall.SIGTERM)
	if code := s.exitCode(); code != 143 {
		t.Errorf("exit code %d", code)
	}
}
