package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

const (
	nonce      = "0123456789abcdef0123456789abcdef"
	canary     = "canary-7c1f93"
	podIP      = "10.9.8.7"
	sandboxUID = 123456

	beTheSandbox  = "TEST_PROCESS_IS_THE_SANDBOX"
	beTheLauncher = "TEST_PROCESS_IS_THE_LAUNCHER"
	patience      = 30 * time.Second
)

var built string // folder of the programs: launcher, agent

// TestMain builds the programs, and lets the test program start itself as what sets a sandbox up, or as a launcher that
// is less patient than the real one.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(beTheSandbox) != "":
		fmt.Fprintln(os.Stderr, "no sandbox:", enterSandbox(os.Getenv(beTheSandbox)))
		os.Exit(1)
	case os.Getenv(beTheLauncher) != "":
		restarting = restartPolicy{first: time.Millisecond, longest: 4 * time.Millisecond, steady: time.Hour, most: 3}
		messageTimeout = 200 * time.Millisecond
		main()
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if built, err = os.MkdirTemp("", "launcher-test-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(built)
	for program, source := range map[string]string{"launcher": ".", "agent": "./testdata/agent"} {
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -buildid=", "-o", filepath.Join(built, program), source)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			panic(fmt.Sprintf("%v: %s", err, out))
		}
	}
	return m.Run()
}

// sandbox is a launcher in surroundings like a pod's: process 1 of its own namespaces, an unknown user without privileges, a
// read-only root with nothing but launcher and agent.
type sandbox struct {
	t       *testing.T
	process *exec.Cmd
	stdin   io.WriteCloser
	lines   chan string
	unread  []string
	output  bytes.Buffer // all of it; whole after exitCode
}

// start runs `launcher run` with the given arguments.
func start(t *testing.T, arguments ...string) *sandbox {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("namespaces are made by root")
	}
	process := exec.Command(os.Args[0], append([]string{"run"}, arguments...)...)
	process.Env = []string{beTheSandbox + "=" + built, "TEMPLATE=own", "BOTH=own", "PATH=/bin"}
	process.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Pdeathsig:  syscall.SIGKILL,
	}
	return begin(t, process)
}

// startImpatient runs the launcher with a shorter patience, outside of any sandbox but for the network.
func startImpatient(t *testing.T, arguments ...string) *sandbox {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("namespaces are made by root")
	}
	process := exec.Command(os.Args[0], append([]string{"run"}, arguments...)...)
	process.Env = []string{beTheLauncher + "=1", "PATH=" + built}
	process.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	return begin(t, process)
}

func begin(t *testing.T, process *exec.Cmd) *sandbox {
	t.Helper()
	s := &sandbox{t: t, process: process, lines: make(chan string, 1000)}
	var err error
	if s.stdin, err = process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	process.Stdout, process.Stderr = in, in
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	go func() {
		defer close(s.lines)
		for reader := bufio.NewReader(out); ; {
			line, err := reader.ReadString('\n')
			s.output.WriteString(line)
			if err != nil {
				return
			}
			s.lines <- strings.TrimSuffix(line, "\n")
		}
	}()
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		out.Close()
	})
	return s
}

func (s *sandbox) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.stdin, text); err != nil {
		s.t.Fatal(err)
	}
}

func startMessage(env map[string]string) string {
	if env == nil {
		env = map[string]string{}
	}
	body, err := json.Marshal(map[string]any{"nonce": nonce, "env": env})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s start %d\n%s", protocol, len(body), body)
}

// await returns the oldest line with the given text that no earlier call has returned.
func (s *sandbox) await(text string) string {
	s.t.Helper()
	for i, line := range s.unread {
		if strings.Contains(line, text) {
			s.unread = slices.Delete(s.unread, i, i+1)
			return line
		}
	}
	deadline := time.After(patience)
	for {
		select {
		case line, open := <-s.lines:
			if !open {
				s.t.Fatalf("the output ended without %q; unread: %q", text, s.unread)
			}
			if strings.Contains(line, text) {
				return line
			}
			s.unread = append(s.unread, line)
		case <-deadline:
			s.t.Fatalf("no line with %q; unread: %q", text, s.unread)
		}
	}
}

type event struct {
	Event, Reason string
	ProcessID     *int `json:"processId"`
	Serving       bool
	Code          int
	Restarts      int
	LastExitCode  *int
}

// awaitEvent returns the launcher's next word under the nonce, as the operator reads it.
func (s *sandbox) awaitEvent(name string) event {
	s.t.Helper()
	return s.awaitEventUnder(nonce, name)
}

func (s *sandbox) awaitEventUnder(nonce, name string) event {
	s.t.Helper()
	prefix := protocol + " " + nonce + " "
	_, text, _ := strings.Cut(s.await(prefix), prefix)
	var said event
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	if said.Event != name {
		s.t.Fatalf("said %s, want %s", text, name)
	}
	return said
}

func (s *sandbox) signal(one syscall.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(one); err != nil {
		s.t.Fatal(err)
	}
}

// exitCode waits for the end.
func (s *sandbox) exitCode() int {
	s.t.Helper()
	for range s.lines {
	}
	err := s.process.Wait()
	if exit, ended := errors.AsType[*exec.ExitError](err); ended {
		return exit.ExitCode()
	}
	return 0
}

// inside runs a program in the sandbox, as `kubectl exec` and exec probes do.
func (s *sandbox) inside(command ...string) (code int, output string) {
	s.t.Helper()
	target := strconv.Itoa(s.process.Process.Pid)
	user := strconv.Itoa(sandboxUID)
	run := exec.Command("nsenter", append([]string{"--target", target, "--mount", "--net", "--pid", "--ipc", "--root=/proc/" + target + "/root",
		"--setuid", user, "--setgid", user, "--"}, command...)...)
	out, err := run.CombinedOutput()
	if exit, ended := errors.AsType[*exec.ExitError](err); ended {
		return exit.ExitCode(), string(out)
	} else if err != nil {
		s.t.Fatal(err)
	}
	return 0, string(out)
}

func (s *sandbox) probe() (code int, output string) {
	s.t.Helper()
	return s.inside("/agentservice/launcher", "probe")
}

// get asks by HTTP in the sandbox's network, and returns 0 where nobody answers.
func (s *sandbox) get(address string) (status int) {
	s.t.Helper()
	_, output := s.inside("/bin/agent", "get="+address)
	if _, found, ok := strings.Cut(output, "status "); ok {
		fmt.Sscan(found, &status)
	}
	return status
}

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
	}
}

// enterSandbox turns this process, the first of new namespaces, into the launcher in a sandbox.
func enterSandbox(programs string) error {
	root := filepath.Join(programs, "root")
	os.Unsetenv(beTheSandbox)
	if err := errors.Join(
		os.MkdirAll(root, 0o755),
		syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		syscall.Mount("sandbox", root, "tmpfs", 0, "mode=755"),
		giveAddress(),
	); err != nil {
		return err
	}
	for _, folder := range []string{"agentservice", "bin", "dev", "proc"} {
		if err := os.Mkdir(filepath.Join(root, folder), 0o755); err != nil {
			return err
		}
	}
	if err := errors.Join(
		exec.Command(filepath.Join(programs, "launcher"), "install", filepath.Join(root, "agentservice")).Run(),
		copyFile(filepath.Join(programs, "agent"), filepath.Join(root, "bin/agent"), 0o755),
		os.WriteFile(filepath.Join(root, "bin/text"), []byte("no program"), 0o644),
		os.WriteFile(filepath.Join(root, "dev/null"), nil, 0o666),
		syscall.Mount("/dev/null", filepath.Join(root, "dev/null"), "", syscall.MS_BIND, ""),
		syscall.Mount("proc", filepath.Join(root, "proc"), "proc", 0, ""),
		syscall.Mount("", root, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""),
		syscall.Chroot(root),
		os.Chdir("/"),
		syscall.Setgroups(nil),
		syscall.Setgid(sandboxUID),
		syscall.Setuid(sandboxUID),
		prctl(38, 1), // PR_SET_NO_NEW_PRIVS
	); err != nil {
		return err
	}
	return syscall.Exec("/agentservice/launcher", append([]string{"launcher"}, os.Args[1:]...), os.Environ())
}

func copyFile(from, to string, mode os.FileMode) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, mode)
}

// giveAddress brings the loopback interface up, with the pod's address as a second one.
func giveAddress() error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	type interfaceRequest struct {
		name    [16]byte
		family  uint16
		port    uint16
		address [4]byte
		rest    [16]byte
	}
	up := interfaceRequest{family: syscall.IFF_UP} // flags are where the family is
	copy(up.name[:], "lo")
	second := interfaceRequest{family: syscall.AF_INET}
	copy(second.name[:], "lo:1")
	copy(second.address[:], net.ParseIP(podIP).To4())
	for _, call := range []struct {
		request uintptr
		value   *interfaceRequest
	}{{syscall.SIOCSIFFLAGS, &up}, {syscall.SIOCSIFADDR, &second}} {
		if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), call.request, uintptr(unsafe.Pointer(call.value))); failed != 0 {
			return failed
		}
	}
	return nil
}
