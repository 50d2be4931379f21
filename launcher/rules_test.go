package main

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"
)

func TestRestartPolicy(t *testing.T) {
	var waits []string
	row := 0
	for {
		wait, next, again := restarting.next(row, time.Second)
		if !again {
			break
		}
		waits = append(waits, wait.String())
		row = next
	}
	if want := "[100ms 200ms 400ms 800ms 1.6s 3.2s 6.4s 10s 10s 10s]"; fmt.Sprint(waits) != want {
		t.Errorf("waits %v, want %s", waits, want)
	}
	for ran, want := range map[time.Duration]bool{59 * time.Second: false, time.Minute: true} {
		if wait, next, again := restarting.next(10, ran); again != want || want && (wait != 100*time.Millisecond || next != 1) {
			t.Errorf("after %s: %s, %d, %t", ran, wait, next, again)
		}
	}
}

func TestReadiness(t *testing.T) {
	bad := errors.New("bad")
	agent := func(process int, serving, untold bool) condition {
		return condition{process: process, serving: serving, restartUntold: untold}
	}
	r := readiness{threshold: 3}
	for i, test := range []struct {
		now         condition
		check, want error
	}{
		{condition{waiting: true}, bad, nil},
		{agent(7, false, false), bad, bad}, // before the first answer one failure counts
		{agent(7, true, false), nil, nil},
		{agent(7, true, false), bad, nil},
		{agent(7, true, false), bad, nil},
		{agent(7, true, false), nil, nil}, // not three in a row
		{agent(7, true, false), bad, nil},
		{agent(7, true, false), bad, nil},
		{agent(7, true, false), bad, bad},
		{agent(7, true, false), bad, bad},
		{agent(0, false, true), nil, errNotRunning},
		{agent(8, true, true), nil, errRestarted},
		{agent(8, true, false), bad, nil}, // another process, another row
		{agent(8, true, false), nil, nil},
	} {
		if got := r.answer(func() condition { return test.now }, func() error { return test.check }); got != test.want {
			t.Errorf("%d: got %v, want %v", i, got, test.want)
		}
	}
}

func TestStatusCode(t *testing.T) {
	for line, want := range map[string]int{
		"HTTP/1.1 200 OK\r\n": 200, "HTTP/1.0 302 Found\r\n": 302, "HTTP/1.1 503\r\n": 503, "HTTP/1.1 204\n": 204,
		"HTTP/1.1 2000 OK\r\n": 0, "HTTP/1.1 20 OK\r\n": 0, "HTTP/2 200 OK\r\n": 0, "SSH-2.0-x\r\n": 0, "\n": 0, "HTTP/1.1 \n": 0, "HTTP/1.1 2x0 OK\n": 0,
	} {
		if got := statusCode([]byte(line)); got != want {
			t.Errorf("%q: got %d, want %d", line, got, want)
		}
	}
}

func TestParseCheck(t *testing.T) {
	for text, want := range map[string]string{
		"http:/": "/", "http:/healthz": "/healthz", "http:/a?b=c:d": "/a?b=c:d", "http:/with space": "/with%20space",
		"http:/a\r\nX: y": "/a%0D%0AX:%20y", "tcp": "", "none": "",
		"": "refused", "http": "refused", "http:healthz": "refused", "tcp:/": "refused", "none:": "refused", "HTTP:/": "refused",
	} {
		got, err := parseCheck(text, 8080)
		if path := got.path; err != nil && want != "refused" || err == nil && path != want {
			t.Errorf("%q: got %q %v, want %q", text, path, err, want)
		}
	}
}

func TestAddressOf(t *testing.T) {
	const fromKubelet = "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost\nfe00::0\tip6-localnet\n10.244.0.7\tpod\n2001:db8::7\tpod\n"
	for name, test := range map[string]struct{ host, hosts, want string }{
		"kubelet's":   {"pod", fromKubelet, "10.244.0.7"},
		"IPv6 first":  {"pod", "2001:db8::7 pod\n10.244.0.7 pod\n", "2001:db8::7"},
		"not alone":   {"pod", "10.244.0.7\tpod.sub.ns.svc.cluster.local\tpod\n", "10.244.0.7"},
		"Debian's":    {"pod", "127.0.1.1 pod\n", ""},
		"a comment":   {"pod", "#10.244.0.7 pod\n10.244.0.8 pod # first\n", "10.244.0.8"},
		"no such":     {"other", fromKubelet, ""},
		"not one":     {"pod", "pod pod\n", ""},
		"empty lines": {"pod", "\n \n", ""},
	} {
		if got := addressOf(test.host, test.hosts); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestOverlay(t *testing.T) {
	got := overlay([]string{"A=1", "B=2", "ODD"}, []byte("B=3\x00C=\x00D=x=y\x00"))
	if want := []string{"A=1", "ODD", "B=3", "C=", "D=x=y"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := overlay([]string{"A=1"}, nil); !slices.Equal(got, []string{"A=1"}) {
		t.Errorf("got %q", got)
	}
}

func TestFailureOf(t *testing.T) {
	for err, want := range map[syscall.Errno]failure{
		syscall.ENOENT: {commandNotFound, 127}, syscall.ENOTDIR: {commandNotFound, 127}, syscall.EACCES: {commandNotRunning, 126},
		syscall.ENOEXEC: {commandNotRunning, 126}, syscall.E2BIG: {envTooLarge, 126},
	} {
		if got := *failureOf(err); got != want {
			t.Errorf("%v: got %v, want %v", err, got, want)
		}
	}
}
