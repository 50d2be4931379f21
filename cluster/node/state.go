package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// marker is in every state folder, and a folder without it is never removed.
const marker = "agentservice-cluster"

// lockState creates the state folder and keeps other runs off it. The lock ends with the process, however that does.
func lockState(at paths) (*os.File, error) {
	for {
		if err := createState(at); err != nil {
			return nil, err
		}
		lock, err := lockFolder(at.state)
		if lock != nil || err != nil {
			return lock, err
		}
	}
}

func createState(at paths) error {
	entries, err := os.ReadDir(at.state)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return requireMarker(at)
	}
	if err := os.MkdirAll(at.state, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(at.inState(marker), nil, 0o644); err != nil {
		return err
	}
	return os.WriteFile(at.inState(".gitignore"), []byte("*\n"), 0o644)
}

func requireMarker(at paths) error {
	if _, err := os.Stat(at.inState(marker)); err != nil {
		return fmt.Errorf("%s holds something that is not a cluster's state: not touched", at.state)
	}
	return nil
}

// lockFolder returns nothing when the folder was removed by the one it waited for.
func lockFolder(folder string) (*os.File, error) {
	lock, err := os.Open(folder)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		say("waiting for another run on %s", folder)
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(err, lock.Close())
		}
	}
	locked, err := lock.Stat()
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if present, err := os.Stat(folder); err != nil || !os.SameFile(present, locked) {
		return nil, lock.Close()
	}
	return lock, nil
}

// writeEnv writes the file to source for using the cluster from a shell.
func writeEnv(at paths, components string) error {
	lines := []string{
		"export KUBECONFIG=" + quote(at.adminKubeconfig()),
		"export CONTAINERD_ADDRESS=" + quote(at.inState("containerd.sock")),
		"export CLUSTER_AUDIT_LOG=" + quote(at.inState("log/audit.log")),
		"export PATH=" + quote(components) + `:"$PATH"`,
	}
	if own := os.Getenv("AGENTSERVICE_CACHE"); own != "" {
		lines = append(lines, "export AGENTSERVICE_CACHE="+quote(at.cache))
	}
	return writeFile(at.inState("env"), []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// quote makes any path one word to a shell.
func quote(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
