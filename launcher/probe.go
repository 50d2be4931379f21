package main

import (
	"bufio"
	"bytes"
	"fmt"
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
	maxHead      = 16 << 10
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

// probesAtOnce bounds what a flood of questions costs.
const probesAtOnce = 4

// answerProbes hands each connection to answer, which is to leave it to be closed.
func answerProbes(socket net.Listener, answer func(net.Conn)) {
	defer endOnPanic()
	free := make(chan struct{}, probesAtOnce)
	for {
		free <- struct{}{}
		connection, err := socket.Accept()
		if err != nil {
			<-free
			time.Sleep(100 * time.Millisecond) // short of descriptors, say
			continue
		}
		connection.SetDeadline(time.Now().Add(probeTimeout))
		go func() {
			defer endOnPanic()
			defer func() { <-free }()
			defer connection.Close()
			answer(connection)
		}()
	}
}

// answerProgram answers `launcher probe`.
func answerProgram(connection net.Conn, look func() error) {
	answer := ready
	if err := look(); err != nil {
		answer = err.Error()
	}
	io.WriteString(connection, answer+"\n")
}

// answerKubelet answers the kubelet's GET, whatever its path. A program started in the container for each question costs
// a node some 40 ms of CPU, this next to nothing.
func answerKubelet(connection net.Conn, look func() error) {
	for head := bufio.NewReader(io.LimitReader(connection, maxHead)); ; {
		line, err := head.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	status, answer := "200 OK", ready
	if err := look(); err != nil {
		status, answer = "503 Service Unavailable", err.Error()
	}
	fmt.Fprintf(connection, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n", status, len(answer)+1, answer)
}
