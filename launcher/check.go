package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

const (
	checkTimeout = time.Second
	drainedBytes = 10 << 10
)

// check is the template's readiness check, done as a kubelet does it.
type check struct {
	kind string // "http", "tcp" or "none"
	path string
	port int
}

func parseCheck(text string, port int) (check, error) {
	kind, path, hasPath := strings.Cut(text, ":")
	switch {
	case kind == "http" && strings.HasPrefix(path, "/"):
		asked, err := url.Parse(path)
		if err != nil {
			asked = &url.URL{Path: path}
		}
		return check{kind, asked.RequestURI(), port}, nil
	case (kind == "tcp" || kind == "none") && !hasPath:
		return check{kind: kind, port: port}, nil
	}
	return check{}, errors.New("--check is http:/PATH, tcp or none")
}

// ask returns why the agent is not ready, in words of its own: nothing of what the agent answers.
func (c check) ask() error {
	if c.kind == "none" {
		return nil
	}
	address, err := podAddress()
	if err != nil {
		return err
	}
	target := net.JoinHostPort(address, fmt.Sprint(c.port))
	deadline := time.Now().Add(checkTimeout)
	connection, err := (&net.Dialer{Deadline: deadline}).Dial("tcp", target)
	if err != nil {
		return errors.New("the port takes no connection")
	}
	if c.kind == "tcp" {
		connection.Close()
		return nil
	}
	connection.SetDeadline(deadline)
	return askHTTP(connection, target, c.path)
}

func askHTTP(connection net.Conn, host, path string) error {
	_, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: agentservice-launcher\r\nAccept: */*\r\nConnection: close\r\n\r\n", path, host)
	if err != nil {
		connection.Close()
		return errors.New("the request was not taken")
	}
	answer := bufio.NewReader(io.LimitReader(connection, drainedBytes))
	line, err := answer.ReadSlice('\n')
	// Closing on an agent that is still writing would be an error in its log.
	go func() {
		defer endOnPanic()
		defer connection.Close()
		io.Copy(io.Discard, answer)
	}()
	if err != nil {
		return errors.New("no answer in time")
	}
	if code := statusCode(line); code < 200 || code >= 400 {
		return fmt.Errorf("answered with status %d", code)
	}
	return nil
}

// statusCode returns 0 for what is no status line.
func statusCode(line []byte) int {
	version, rest, _ := bytes.Cut(line, []byte(" "))
	if !bytes.HasPrefix(version, []byte("HTTP/1.")) || len(rest) < 4 || rest[3] != ' ' && rest[3] != '\r' && rest[3] != '\n' {
		return 0
	}
	code := 0
	for _, digit := range rest[:3] {
		if digit < '0' || digit > '9' {
			return 0
		}
		code = code*10 + int(digit-'0')
	}
	return code
}
