package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func up(at paths) error {
	if foreign := foreignKubeconfig(at); foreign != "" {
		return useForeignCluster(at, foreign)
	}
	if err := requireRoot(); err != nil {
		return err
	}
	if _, err := findHolder(at.state); err != nil { // now, and not after minutes of building
		return err
	}
	begun := time.Now()
	plugins, err := ensurePackages()
	if err != nil {
		return err
	}
	made, err := buildAll(at)
	if err != nil {
		return err
	}
	lock, err := lockState(at)
	if err != nil {
		return err
	}
	defer lock.Close()
	h, err := findHolder(at.state)
	if err != nil {
		return err
	}
	if err := prepareState(at, plugins); err != nil {
		return err
	}
	if h == nil {
		say("creating the node's namespaces")
		if h, err = startHolder(at); err != nil {
			return err
		}
	}
	if err := h.connect(); err != nil {
		return err
	}
	if err := createCgroups(); err != nil {
		return err
	}
	if err := startAll(at, h, made); err != nil {
		return err
	}
	if err := writeEnv(at, made.components); err != nil {
		return err
	}
	say("up after %s; to use it: source %s", time.Since(begun).Round(100*time.Millisecond), relative(at.inState("env")))
	return nil
}

// startAll starts what does not run, in the order in which one rests on the other, and waits until the whole answers.
func startAll(at paths, h *holder, made built) error {
	api, err := newAPIClient(at)
	if err != nil {
		return err
	}
	start := func(names ...string) error {
		for _, name := range names {
			wanted, err := findComponent(components(at.insideCache(made.components)), name)
			if err != nil {
				return err
			}
			if err := h.start(wanted); err != nil {
				return err
			}
		}
		return nil
	}
	if err := start("containerd", "etcd", "kube-apiserver"); err != nil {
		return err
	}
	say("waiting for the API server")
	if err := loadMissing(at, h, made); err != nil {
		return err
	}
	if err := awaitReady(at, h, "the API server", api.apiServerReady, "etcd", "kube-apiserver"); err != nil {
		return err
	}
	if err := start("kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"); err != nil {
		return err
	}
	if err := applyManifests(at, made); err != nil {
		return err
	}
	say("waiting for the node and its DNS")
	processes, err := h.processes()
	if err != nil {
		return err
	}
	nodeReady := func() error { return api.nodeReady(processes["kubelet"].Started) }
	if err := awaitReady(at, h, "the node", nodeReady, componentNames()...); err != nil {
		return err
	}
	return awaitReady(at, h, "the cluster's DNS", namesResolve, componentNames()...)
}

// loadMissing imports the images that nothing runs without.
func loadMissing(at paths, h *holder, made built) error {
	var present string
	list := func() error {
		output, err := h.containerd("images", "list", "--quiet").CombinedOutput()
		present = string(output)
		if err != nil {
			return fmt.Errorf("%w: %s", err, present)
		}
		return nil
	}
	if err := awaitReady(at, h, "containerd", list, "containerd"); err != nil {
		return err
	}
	for reference, archive := range made.images {
		if !strings.Contains(present, reference+"\n") {
			if err := h.importImage(archive, snapshotter(at.state)); err != nil {
				return err
			}
		}
	}
	return nil
}

func applyManifests(at paths, made built) error {
	apply := exec.Command(filepath.Join(made.components, "kubectl"), "--kubeconfig", at.adminKubeconfig(),
		"apply", "--server-side", "--force-conflicts", "--filename", at.source("manifests"))
	if output, err := apply.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl apply: %w: %s", err, output)
	}
	return nil
}

// prepareState writes what the components read. What a cluster already has of secrets is kept.
func prepareState(at paths, plugins string) error {
	if err := os.MkdirAll(at.inState("log"), 0o755); err != nil {
		return err
	}
	if err := createSecrets(at); err != nil {
		return err
	}
	admin, err := os.ReadFile(filepath.Join(at.secrets(), "admin.kubeconfig"))
	if err != nil {
		return err
	}
	return errors.Join(writeFile(at.adminKubeconfig(), admin, 0o600), writeConfig(at, plugins))
}

// relative shortens a path for the reader's eye.
func relative(path string) string {
	folder, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(folder, path); err == nil && len(short) < len(path) {
		return short
	}
	return path
}
