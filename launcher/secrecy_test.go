package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestValuesAreNowhereButInTheAgent(t *testing.T) {
	for _, test := range []struct {
		restart string
		copies  bool // of a value in the launcher's memory
	}{{"Never", false}, {"Always", true}} {
		t.Run(test.restart, func(t *testing.T) {
			s := start(t, launch(test.restart, "agent", "snoop=TOKEN", "signals")...)
			s.send(startMessage(map[string]string{"TOKEN": canary, "OTHER": "\u00e9" + canary}))
			agent := *s.awaitEvent("started").ProcessID
			s.await("agent: looked around")
			s.await("listening to signals")
			if inMemory := bytes.Contains(memory(t, s.process.Process.Pid), []byte(canary)); inMemory != test.copies {
				t.Errorf("the launcher's memory holds a value: %t, want %t", inMemory, test.copies)
			}
			if environ := read(t, fmt.Sprintf("/proc/%d/environ", s.process.Process.Pid)); strings.Contains(environ, canary) {
				t.Error("process 1 has a value in its environ")
			}
			if limits := read(t, fmt.Sprintf("/proc/%d/limits", s.process.Process.Pid)); !strings.Contains(limits, "Max core file size        0 ") {
				t.Errorf("the launcher may dump core: %s", limits)
			}
			children := childrenOf(t, s.process.Process.Pid)
			if len(children) != 1 || !strings.Contains(read(t, "/proc/"+children[0]+"/environ"), "TOKEN="+canary) {
				t.Errorf("agent %d (%v outside) has no value", agent, children)
			}
			s.signal(syscall.SIGTERM)
			s.exitCode()
			for _, leak := range []string{canary, "can be read", "can be traced"} {
				if strings.Contains(s.output.String(), leak) {
					t.Errorf("%q in the output: %s", leak, s.output.String())
				}
			}
		})
	}
}

func TestRefusedMessageIsWiped(t *testing.T) {
	s := start(t, launch("Always", "agent", "signals")...)
	s.send(startMessage(nil))
	s.awaitEvent("started")
	s.send(startMessage(map[string]string{"TOKEN": canary}))
	s.awaitEvent("refused")
	s.send("TOKEN=" + canary + "\n")
	s.awaitEventUnder(noNonce, "refused")
	await(t, "what was refused is wiped", func() bool {
		return !bytes.Contains(memory(t, s.process.Process.Pid), []byte(canary))
	})
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// memory returns all that a process has written, as root of the node sees it.
func memory(t *testing.T, process int) []byte {
	t.Helper()
	var all []byte
	file, err := os.Open(fmt.Sprintf("/proc/%d/mem", process))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for line := range strings.Lines(read(t, fmt.Sprintf("/proc/%d/maps", process))) {
		var from, to int64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil || !strings.HasPrefix(rights, "rw") {
			continue
		}
		content := make([]byte, to-from)
		if count, err := file.ReadAt(content, from); err == nil || count > 0 {
			all = append(all, content[:count]...)
		}
	}
	if len(all) < 1<<16 {
		t.Fatal("the launcher's memory could not be read")
	}
	return all
}

func TestProgram(t *testing.T) {
	for _, architecture := range []string{"amd64", "arm64"} {
		program := filepath.Join(t.TempDir(), "launcher")
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -buildid=", "-o", program, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+architecture)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		info, err := os.Stat(program)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 3_000_000 {
			t.Errorf("%s: %d bytes, 3 MB are allowed", architecture, info.Size())
		}
		file, err := elf.Open(program)
		if err != nil {
			t.Fatal(err)
		}
		if file.Section(".interp") != nil || file.Section(".dynamic") != nil {
			t.Errorf("%s: not static", architecture)
		}
		file.Close()
	}
}

func TestInstall(t *testing.T) {
	folder := t.TempDir()
	for range 2 { // a second time over the first
		if out, err := exec.Command(filepath.Join(built, "launcher"), "install", folder).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	info, err := os.Stat(filepath.Join(folder, "launcher"))
	if err != nil || info.Mode() != 0o555 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if read(t, filepath.Join(folder, "launcher")) != read(t, filepath.Join(built, "launcher")) {
		t.Error("the copy differs")
	}
	if files, _ := os.ReadDir(folder); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
	if err := exec.Command(filepath.Join(built, "launcher"), "install", filepath.Join(folder, "missing")).Run(); err == nil {
		t.Error("installed into a folder that is not there")
	}
}

func TestArguments(t *testing.T) {
	for name, arguments := range map[string]string{
		"none":         "",
		"unknown":      "fly",
		"no command":   "run --port=8080 --check=tcp --restart=Never --",
		"no port":      "run --check=tcp --restart=Never -- agent",
		"large port":   "run --port=65536 --check=tcp --restart=Never -- agent",
		"no check":     "run --port=8080 --restart=Never -- agent",
		"check's path": "run --port=8080 --check=http:healthz --restart=Never -- agent",
		"probe port":   "run --port=8080 --probe-port=8080 --check=tcp --restart=Never -- agent",
		"restart":      "run --port=8080 --check=tcp --restart=OnFailure -- agent",
		"threshold":    "run --port=8080 --check=tcp --failure-threshold=0 --restart=Never -- agent",
	} {
		if code := command(strings.Fields(arguments)); code != exitUsage {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}
