package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// The agent's process begins as this program with other arguments, which gets the env by a pipe and then executes the agent.
// Started directly, a copy of the env would stay in the launcher's memory, where Go's runtime made it and nobody can wipe it.
const becomeAgent = "become-agent"

// The descriptors of that process, besides the standard ones.
const (
	envDescriptor     = 3
	failureDescriptor = 4
)

// failure is why an agent's process does not exist.
type failure struct {
	why  reason
	code int
}

// startAgent returns once the agent's program runs as the process, or could not be.
func startAgent(command []string, env []byte) (process int, failed *failure) {
	system := &failure{systemRefused, exitSystem}
	itself, err := os.Executable()
	if err != nil {
		return noProcess, system
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return noProcess, system
	}
	defer null.Close()
	var envPipe, failurePipe [2]int
	if err := syscall.Pipe2(envPipe[:], syscall.O_CLOEXEC); err != nil {
		return noProcess, system
	}
	envOut := os.NewFile(uintptr(envPipe[1]), "env")
	defer envOut.Close()
	if err := syscall.Pipe2(failurePipe[:], syscall.O_CLOEXEC); err != nil {
		syscall.Close(envPipe[0])
		return noProcess, system
	}
	failureIn := os.NewFile(uintptr(failurePipe[0]), "failure")
	defer failureIn.Close()

	process, err = syscall.ForkExec(itself, append([]string{"launcher", becomeAgent}, command...), &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{null.Fd(), 1, 2, envDescriptor: uintptr(envPipe[0]), failureDescriptor: uintptr(failurePipe[1])},
		Sys:   &syscall.SysProcAttr{Setsid: true}, // as the first process of a container has it
	})
	syscall.Close(envPipe[0])
	syscall.Close(failurePipe[1])
	if err != nil {
		return noProcess, system
	}
	envOut.Write(env) // an error means that the process is gone: how it ended says more
	envOut.Close()
	report, _ := io.ReadAll(failureIn) // ends when the agent is executed, or its process ends
	if number, err := strconv.Atoi(string(report)); err == nil {
		return noProcess, failureOf(syscall.Errno(number))
	}
	return process, nil
}

func failureOf(err syscall.Errno) *failure {
	switch err {
	case syscall.ENOENT, syscall.ENOTDIR:
		return &failure{commandNotFound, exitNotFound}
	case syscall.E2BIG:
		return &failure{envTooLarge, exitNotRunnable}
	}
	return &failure{commandNotRunning, exitNotRunnable}
}

// become turns this process into the agent.
func become(command []string) int {
	if err := hide(); err != nil { // until the agent's memory takes the place of this
		return exitSystem
	}
	block, err := io.ReadAll(os.NewFile(envDescriptor, "env"))
	if err != nil || len(command) == 0 {
		return exitSystem
	}
	syscall.Close(envDescriptor)
	syscall.CloseOnExec(failureDescriptor)
	err = execute(command, overlay(os.Environ(), block))
	number := syscall.EACCES // found, and no program: the same to who looks for it
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		number = syscall.ENOENT
	}
	errors.As(err, &number)
	os.NewFile(failureDescriptor, "failure").WriteString(strconv.Itoa(int(number)))
	return failureOf(number).code
}

// execute looks for the command as container runtimes do: by the PATH that it is started with.
func execute(command, env []string) error {
	path := ""
	for _, entry := range env {
		if value, ok := strings.CutPrefix(entry, "PATH="); ok {
			path = value
		}
	}
	if err := os.Setenv("PATH", path); err != nil {
		return err
	}
	program, err := exec.LookPath(command[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return err
	}
	return syscall.Exec(program, command, env)
}

// overlay returns the container's own env with the message's in front where both have a name.
func overlay(own []string, block []byte) []string {
	var brought []string
	names := map[string]bool{}
	for entry := range bytes.SplitSeq(bytes.TrimSuffix(block, []byte{0}), []byte{0}) {
		if name, _, ok := strings.Cut(string(entry), "="); ok {
			names[name] = true
			brought = append(brought, string(entry))
		}
	}
	var env []string
	for _, entry := range own {
		if name, _, _ := strings.Cut(entry, "="); !names[name] {
			env = append(env, entry)
		}
	}
	return append(env, brought...)
}
