package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// hierarchy is one cgroup mount: there is one with version 2, one per controller with version 1, and both in hybrid.
type hierarchy struct {
	root    string
	version int
}

func hierarchies() ([]hierarchy, error) {
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return nil, err
	}
	return parseHierarchies(string(mounts)), nil
}

func parseHierarchies(mounts string) []hierarchy {
	var found []hierarchy
	for line := range strings.Lines(mounts) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		switch fields[2] {
		case "cgroup":
			found = append(found, hierarchy{fields[1], 1})
		case "cgroup2":
			found = append(found, hierarchy{fields[1], 2})
		}
	}
	return found
}

// createCgroups makes the root under which the kubelet keeps those of the pods. It wants it to exist everywhere.
func createCgroups() error {
	all, err := hierarchies()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("no cgroups are mounted, and a kubelet cannot do without")
	}
	for _, each := range all {
		if each.version == 2 {
			if err := delegateControllers(each.root); err != nil {
				return err
			}
		}
		if err := os.MkdirAll(filepath.Join(each.root, cgroupRoot), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// delegateControllers lets the groups below the root limit what the kubelet limits.
func delegateControllers(root string) error {
	offered, err := os.ReadFile(filepath.Join(root, "cgroup.controllers"))
	if err != nil {
		return err
	}
	file := filepath.Join(root, "cgroup.subtree_control")
	enabled, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, controller := range strings.Fields(string(offered)) {
		if strings.Contains(" "+strings.TrimSpace(string(enabled))+" ", " "+controller+" ") {
			continue
		}
		switch controller {
		case "cpu", "cpuset", "memory", "pids", "io", "hugetlb":
			if err := os.WriteFile(file, []byte("+"+controller), 0); err != nil {
				return fmt.Errorf("cgroup controller %s cannot be delegated "+
					"(in a container, its root cgroup must hold no processes): %w", controller, err)
			}
		}
	}
	return nil
}

// thawCgroups lets frozen processes die: with version 1 not even SIGKILL ends them before.
func thawCgroups() error {
	all, err := hierarchies()
	if err != nil {
		return err
	}
	for _, each := range all {
		err := filepath.WalkDir(filepath.Join(each.root, cgroupRoot), func(path string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Base(path) == "freezer.state" {
				err = os.WriteFile(path, []byte("THAWED"), 0)
			}
			return ignoreMissing(err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// removeCgroups takes away the pods' cgroups. The kernel may count a dead process in for a moment longer.
func removeCgroups() error {
	all, err := hierarchies()
	if err != nil {
		return err
	}
	for _, each := range all {
		top := filepath.Join(each.root, cgroupRoot)
		var problem error
		removed := func() bool { problem = removeGroups(top); return problem == nil }
		if !waitUntil(removed, 5*time.Second) {
			return problem
		}
	}
	return nil
}

// removeGroups goes from the leaves up: a group's files are the kernel's, only folders can be removed.
func removeGroups(top string) error {
	entries, err := os.ReadDir(top)
	if err != nil {
		return ignoreMissing(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			if err := removeGroups(filepath.Join(top, entry.Name())); err != nil {
				return err
			}
		}
	}
	return ignoreMissing(os.Remove(top))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
