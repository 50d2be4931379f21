package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The kernel settings the kubelet insists on are global: it would change the host's. It is shown them as already set.
var kernelSettingsShown = map[string]string{
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/keys/root_maxbytes": "25000000",
}

// isolate turns a fresh mount namespace into the node's: the host's root file system read-only, and what a node writes
// (/run, /var, /tmp) either in memory or in the state folder. All of it goes when the last process in it does.
func isolate(state, cache string) error {
	stateFolder, err := os.Open(state)
	if err != nil {
		return err
	}
	defer stateFolder.Close()
	cacheFolder, err := os.Open(cache)
	if err != nil {
		return err
	}
	defer cacheFolder.Close()

	// The descriptors reach the two folders even where /run or /tmp, about to be covered, hold them.
	steps := []struct {
		what string
		do   func() error
	}{
		{"keep mounts from the host", func() error { return mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE) }},
		{"/proc", func() error { return mount("proc", "/proc", "proc", 0) }},
		{"/run", func() error { return mountMemory("/run", 0o755) }},
		{stateInside, func() error { return bind(descriptor(stateFolder), stateInside) }},
		{cacheInside, func() error { return bind(descriptor(cacheFolder), cacheInside) }},
		{"/var", coverVar},
		{"/tmp", func() error { return mountMemory("/tmp", 0o1777) }},
		{"kernel settings", showKernelSettings},
		{"/", func() error { return mount("", "/", "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY) }},
		// Mounts the kubelet makes for a pod have to show in its containers.
		{"share mounts", func() error { return mount("", "/", "", syscall.MS_REC|syscall.MS_SHARED) }},
		{"forwarding", func() error { return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0) }},
		// Who connects to where nobody answers is told every time, and does not wait for a timeout instead.
		{"refusals", func() error { return os.WriteFile("/proc/sys/net/ipv4/icmp_ratelimit", []byte("0"), 0) }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// coverVar gives the node a /var that outlives it until `down`: containerd's images, the kubelet's volumes, pod logs.
func coverVar() error {
	own := filepath.Join(stateInside, "var")
	for _, folder := range []string{"lib", "log", "tmp"} {
		if err := os.MkdirAll(filepath.Join(own, folder), 0o755); err != nil {
			return err
		}
	}
	if err := os.Symlink("/run", filepath.Join(own, "run")); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return mount(own, "/var", "", syscall.MS_BIND)
}

func showKernelSettings() error {
	const shown = "/run/kernel-settings"
	if err := os.Mkdir(shown, 0o755); err != nil {
		return err
	}
	for name, value := range kernelSettingsShown {
		file := filepath.Join(shown, strings.ReplaceAll(name, "/", "."))
		if err := os.WriteFile(file, []byte(value+"\n"), 0o444); err != nil {
			return err
		}
		if err := mount(file, "/proc/sys/"+name, "", syscall.MS_BIND); err != nil {
			return err
		}
	}
	return nil
}

func descriptor(file *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", file.Fd()) }

func bind(source, target string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	return mount(source, target, "", syscall.MS_BIND)
}

func mountMemory(target string, mode uint32) error {
	return syscall.Mount("tmpfs", target, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, fmt.Sprintf("mode=%o", mode))
}

func mount(source, target, kind string, flags uintptr) error {
	return syscall.Mount(source, target, kind, flags, "")
}
