//go:build cluster

package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// look records what a node could leave behind on a machine.
func look(t *testing.T) map[string]string {
	t.Helper()
	seen := map[string]string{}
	output := func(name string, arguments ...string) {
		if _, err := exec.LookPath(arguments[0]); err != nil {
			return
		}
		content, err := exec.Command(arguments[0], arguments[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %s: %s", name, err, content)
		}
		var lines []string
		for line := range strings.Lines(string(content)) {
			if !strings.HasPrefix(line, "#") { // iptables-save writes the time
				lines = append(lines, line)
			}
		}
		seen[name] = strings.Join(lines, "")
	}
	output("links", "ip", "-o", "link")
	output("addresses", "ip", "-o", "address", "show", "scope", "global")
	output("routes", "ip", "route", "show", "table", "all")
	output("network namespaces", "ip", "netns")
	for _, tool := range []string{"iptables-nft-save", "iptables-legacy-save", "ip6tables-nft-save", "ip6tables-legacy-save"} {
		output(tool, tool)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	seen["mounts"] = string(mounts)
	seen["processes in other namespaces"] = strings.Join(processesElsewhere(t), "\n")
	seen["cgroups"] = strings.Join(matches(t, "/sys/fs/cgroup/"+cgroupRoot, "/sys/fs/cgroup/*/"+cgroupRoot,
		"/sys/fs/cgroup/kubepods*", "/sys/fs/cgroup/*/kubepods*"), "\n")
	seen["files"] = strings.Join(matches(t, "/etc/cni", "/opt/cni", "/opt/containerd", "/run/containerd/*", "/run/netns",
		"/run/xtables.lock", "/usr/libexec/kubernetes", "/var/lib/cni", "/var/lib/containerd/*", "/var/lib/kubelet",
		"/var/log/containers", "/var/log/pods"), "\n")
	settings := slices.Sorted(maps.Keys(kernelSettingsShown))
	for _, name := range append(settings, "net/ipv4/ip_forward", "net/ipv4/conf/all/route_localnet") {
		value, err := os.ReadFile("/proc/sys/" + name)
		if err != nil {
			t.Fatal(err)
		}
		seen["setting "+name] = string(value)
	}
	return seen
}

// processesElsewhere names the processes in other namespaces than this test's: all of a node's are.
func processesElsewhere(t *testing.T) []string {
	own, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range matches(t, "/proc/[0-9]*/ns/pid") {
		process := filepath.Dir(filepath.Dir(link))
		if theirs, err := os.Readlink(link); err == nil && theirs != own {
			name, _ := os.ReadFile(process + "/comm")
			found = append(found, filepath.Base(process)+" "+strings.TrimSpace(string(name)))
		}
	}
	return found
}

func matches(t *testing.T, patterns ...string) []string {
	var all []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}

func requireSame(t *testing.T, before, after map[string]string) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(before)) {
		if before[what] != after[what] {
			t.Errorf("%s differ.\nbefore:\n%s\nafter:\n%s", what, before[what], after[what])
		}
	}
}
