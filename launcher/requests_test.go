package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func show(asked []request) string {
	var shown []string
	for _, one := range asked {
		switch one := one.(type) {
		case startRequest:
			shown = append(shown, "start:"+string(one.body))
		case statusRequest:
			shown = append(shown, "status:"+one.nonce)
		case badRequest:
			shown = append(shown, string(one.why))
		}
	}
	return strings.Join(shown, " ")
}

func TestRequests(t *testing.T) {
	for name, test := range map[string]struct{ input, want string }{
		"start":               {protocol + " start 3\n{ }", "start:{ }"},
		"lines in a body":     {protocol + " start 4\na\nb\n", "start:a\nb\n"},
		"two in a row":        {protocol + " start 2\n{}" + protocol + " status " + nonce + "\n", "start:{} status:" + nonce},
		"not ended":           {protocol + " start 3\n{}", ""},
		"empty line":          {"\n", "unknown-request"},
		"another version":     {"agentservice-launcher/2 start 3\n", "unknown-request"},
		"longer version":      {"agentservice-launcher/10 start 3\n", "unknown-request"},
		"no length":           {protocol + " start \n", "unknown-request"},
		"nothing to read":     {protocol + " start 0\n", "unknown-request"},
		"negative":            {protocol + " start -1\n", "unknown-request"},
		"leading zero":        {protocol + " start 07\n", "unknown-request"},
		"hexadecimal":         {protocol + " start 0x7\n", "unknown-request"},
		"carriage return":     {protocol + " start 3\r\n", "unknown-request"},
		"the longest":         {fmt.Sprintf("%s start %d\n", protocol, maxMessageBytes), ""},
		"longer":              {fmt.Sprintf("%s start %d\n", protocol, maxMessageBytes+1), "message-too-large"},
		"longer than numbers": {protocol + " start 99999999999999999999999\n", "message-too-large"},
		"upper case nonce":    {protocol + " status " + strings.ToUpper(nonce) + "\n", "unknown-request"},
		"short nonce":         {protocol + " status " + nonce[1:] + "\n", "unknown-request"},
		"endless line":        {strings.Repeat("x", 10*maxLineBytes), ""},
		"long line, then one": {strings.Repeat("x", 10*maxLineBytes) + "\n" + protocol + " status " + nonce + "\n", "unknown-request status:" + nonce},
	} {
		var r requests
		if got := show(r.feed([]byte(test.input))); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if cap(r.line) > 2*maxLineBytes {
			t.Errorf("%s: a line of %d bytes is kept", name, cap(r.line))
		}
	}
}

func TestDroppedRequestIsForgotten(t *testing.T) {
	for _, half := range []string{protocol[:5], protocol + " start 9\n{", strings.Repeat("x", maxLineBytes+1)} {
		var r requests
		r.feed([]byte(half))
		if !r.inside() {
			t.Errorf("%q: not inside a request", half)
		}
		r.drop()
		if r.inside() {
			t.Errorf("%q: still inside", half)
		}
		if got := show(r.feed([]byte(protocol + " status " + nonce + "\n"))); got != "status:"+nonce {
			t.Errorf("%q: then %q", half, got)
		}
	}
}

// However the input is cut, the requests are the same.
func FuzzRequests(f *testing.F) {
	f.Add([]byte(protocol+" start 2\n{}"+protocol+" status "+nonce+"\n"), uint8(1))
	f.Add([]byte(protocol+" start 4194304\n{}"), uint8(3))
	f.Add([]byte(strings.Repeat("x", 300)+"\n\n"), uint8(7))
	f.Fuzz(func(t *testing.T, input []byte, size uint8) {
		if bytes.Contains(input, []byte(" start ")) && len(input) > 1<<12 {
			return // many announced megabytes
		}
		var whole, cut requests
		want := show(whole.feed(input))
		var pieces []request
		for rest := input; len(rest) > 0; {
			piece := bytes.Clone(rest[:min(len(rest), int(size)+1)])
			rest = rest[len(piece):]
			pieces = append(pieces, cut.feed(piece)...)
			clear(piece) // nothing may depend on what was handed over
		}
		if got := show(pieces); got != want {
			t.Errorf("in pieces %q, whole %q", got, want)
		}
		if whole.inside() != cut.inside() {
			t.Errorf("inside: in pieces %t, whole %t", cut.inside(), whole.inside())
		}
	})
}
