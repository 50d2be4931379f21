package main

import (
	"io"
	"net"
	"strings"
	"time"
)

// probeSocket is in the abstract name space, which belongs to the pod's network: it needs no file system, and exists once.
const (
	probeSocket  = "@agentservice-launcher"
	probeTimeout = checkTimeout + 500*time.Millisecond
	maxAnswer    = 256
	ready        = "ready"
)

// probe asks the launcher that runs in this pod.
func probe() int {
	connection, err := net.DialTimeout("unix", probeSocket, probeTimeout)
	if err != nil {
		return fail(1, "no launcher runs here")
	}
	connection.SetDeadline(time.Now().Add(probeTimeout))
	answer, err := io.ReadAll(io.LimitReader(connection, maxAnswer))
	if err != nil || len(answer) == 0 {
		return fail(1, "the launcher does not answer")
	}
	if text := strings.TrimSpace(string(answer)); text != ready {
		return fail(1, text)
	}
	return 0
}

// answerProbes answers one after the other, as kubelets ask.
func answerProbes(socket net.Listener, look func() error) {
	for {
		connection, err := socket.Accept()
		if err != nil {
			time.Sleep(100 * time.Millisecond) // short of descriptors, say
			continue
		}
		answer := ready
		if err := look(); err != nil {
			answer = err.Error()
		}
		connection.SetWriteDeadline(time.Now().Add(time.Second))
		io.WriteString(connection, answer+"\n")
		connection.Close()
	}
}
