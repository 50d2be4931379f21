package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Programs the node needs from the system, and the Debian package that brings each.
var requiredPrograms = map[string]string{
	"containerd":              "containerd",
	"containerd-shim-runc-v2": "containerd",
	"ctr":                     "containerd",
	"runc":                    "runc",
	"iptables":                "iptables",
	"conntrack":               "conntrack",
	"ip":                      "iproute2",
	"nsenter":                 "util-linux",
}

// requiredPlugins are in a folder of their own, which differs between distributions.
var (
	requiredPlugins      = []string{"ptp", "host-local", "loopback"}
	pluginsPackage       = "containernetworking-plugins"
	pluginFolders        = []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"}
	errNoNetworkPlugins  = errors.New("no folder has the network plugins")
	nonInteractiveDebian = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
)

// ensurePackages installs what is missing, where it can, and returns the folder of the network plugins.
func ensurePackages() (plugins string, err error) {
	missing := missingPackages()
	if len(missing) == 0 {
		return findPlugins()
	}
	list := strings.Join(missing, " ")
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "", fmt.Errorf("install what these Debian packages hold, and run this again: %s", list)
	}
	say("installing Debian packages: %s", list)
	if err := install(missing); err != nil {
		return "", err
	}
	if still := missingPackages(); len(still) > 0 {
		return "", fmt.Errorf("installed, and yet something of these is missing: %s", strings.Join(still, " "))
	}
	return findPlugins()
}

func missingPackages() []string {
	var missing []string
	for program, owner := range requiredPrograms {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, owner)
		}
	}
	if _, err := findPlugins(); err != nil {
		missing = append(missing, pluginsPackage)
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

func findPlugins() (string, error) {
	for _, folder := range pluginFolders {
		hasAll := true
		for _, plugin := range requiredPlugins {
			_, err := os.Stat(filepath.Join(folder, plugin))
			hasAll = hasAll && err == nil
		}
		if hasAll {
			return folder, nil
		}
	}
	return "", errNoNetworkPlugins
}

// install tries with the package lists there are, and renews them only when that fails.
func install(packages []string) error {
	if aptGet(append([]string{"install", "--yes", "--no-install-recommends"}, packages...)...) == nil {
		return nil
	}
	if err := aptGet("update"); err != nil {
		return err
	}
	return aptGet(append([]string{"install", "--yes", "--no-install-recommends"}, packages...)...)
}

func aptGet(arguments ...string) error {
	command := exec.Command("apt-get", append([]string{"--quiet", "-o", "DPkg::Lock::Timeout=120"}, arguments...)...)
	command.Env = nonInteractiveDebian
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(arguments, " "), err, output)
	}
	return nil
}
