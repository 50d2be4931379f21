package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"text/template"
)

//go:embed config
var configTemplates embed.FS

// configPlaces are the components' configuration files: template, and place below the state folder's config/.
var configPlaces = map[string]string{
	"kubelet.yaml":      "kubelet.yaml",
	"containerd.toml":   "containerd.toml",
	"audit-policy.yaml": "audit-policy.yaml",
	"resolv.conf":       "resolv.conf",
	"pods.conflist":     "cni/pods.conflist",
}

type configValues struct {
	State            string
	DNSAddress       string
	CgroupRoot       string
	PauseImage       string
	NetworkPlugins   string
	Snapshotter      string
	RestrictOOMScore bool
}

func writeConfig(at paths, plugins string) error {
	restrict, err := lacksResourceCapability()
	if err != nil {
		return err
	}
	values := configValues{
		State: stateInside, DNSAddress: dnsServiceAddr, CgroupRoot: cgroupRoot, PauseImage: pauseImage,
		NetworkPlugins: plugins, Snapshotter: snapshotter(at.state), RestrictOOMScore: restrict,
	}
	for name, place := range configPlaces {
		content, err := renderConfig(name, values)
		if err != nil {
			return err
		}
		if err := writeFile(at.inState("config/"+place), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func renderConfig(name string, values configValues) ([]byte, error) {
	source, err := fs.ReadFile(configTemplates, "config/"+name)
	if err != nil {
		return nil, err
	}
	parsed, err := template.New(name).Parse(string(source))
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	err = parsed.Execute(&content, values)
	return content.Bytes(), err
}

// writeFile replaces a file whole, so that an interrupted run leaves the old or the new one.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	unfinished := path + ".new"
	if err := os.WriteFile(unfinished, content, mode); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}

const capSysResource = 24

func lacksResourceCapability() (bool, error) {
	own, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(own)) {
		if text, found := strings.CutPrefix(line, "CapEff:"); found {
			effective, err := strconv.ParseUint(strings.TrimSpace(text), 16, 64)
			return effective&(1<<capSysResource) == 0, err
		}
	}
	return false, fmt.Errorf("no CapEff in /proc/self/status")
}

const overlayMagic = 0x794c7630

// snapshotter is how containerd keeps images: an overlay cannot be stacked on the overlay that a container's disk is.
func snapshotter(folder string) string {
	var about syscall.Statfs_t
	if err := syscall.Statfs(folder, &about); err == nil && about.Type == overlayMagic {
		return "native"
	}
	return "overlayfs"
}
