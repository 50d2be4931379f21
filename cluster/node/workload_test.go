//go:build cluster

package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const probeAddress = "10.96.0.100" // of the Service in testdata/probe.yaml

func (m *machine) deployProbe() {
	folder := m.TempDir()
	program, archive := filepath.Join(folder, "probe"), filepath.Join(folder, "probe.tar")
	m.check(goBuild("testdata/probe", ".", program, ""))
	made, err := buildAll(m.at)
	m.check(err)
	pack := exec.Command(made.imageTool, archive, "localhost/probe:1", "--entrypoint", `["/probe"]`, program+"=/probe")
	if output, err := pack.CombinedOutput(); err != nil {
		m.Fatalf("%s: %s", err, output)
	}
	m.check(load(m.at, []string{archive}))
	m.mustKubectl("apply", "-f", "testdata/probe.yaml")
	m.mustKubectl("wait", "--for=condition=Ready", "pod/probe", "--timeout=60s")
	m.awaitProbe()
}

func get(url string) (string, error) {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return string(content), err
}

func (m *machine) await(what string, limit time.Duration, try func() error) {
	m.Helper()
	for deadline := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			m.Fatalf("%s: %s", what, err)
		}
	}
}

// awaitProbe asks the pod from the host, by way of its Service.
func (m *machine) awaitProbe() {
	m.Helper()
	m.await("the probe's Service", 60*time.Second, func() error {
		content, err := get("http://" + probeAddress)
		if err == nil && !strings.Contains(content, "hello") {
			err = fmt.Errorf("answered %q", content)
		}
		return err
	})
}

func (m *machine) network() {
	inside := func(arguments ...string) (string, error) {
		return m.kubectl(append([]string{"exec", "probe", "--", "/probe"}, arguments...)...)
	}
	for _, name := range []string{"probe.default", "probe.default.svc.cluster.local", "kubernetes.default.svc"} {
		if output, err := inside("lookup", name); err != nil {
			m.Errorf("%s does not resolve: %s", name, output)
		}
	}
	begun := time.Now()
	if output, err := inside("lookup", "example.com"); err == nil || !strings.Contains(output, "no such host") {
		m.Errorf("a name of the outside: %s", output)
	}
	if took := time.Since(begun); took > 2*time.Second {
		m.Errorf("a name of the outside took %s to be refused", took)
	}
	for _, address := range []string{apiServiceAddr + ":443", probeAddress + ":80", dnsServiceAddr + ":53"} {
		if output, err := inside("dial", address); err != nil {
			m.Errorf("a pod cannot reach %s: %s", address, output)
		}
	}
	if output, err := inside("dial", "203.0.113.1:80"); err == nil || !strings.Contains(output, "unreachable") {
		m.Errorf("a packet to the outside: %s", output)
	}
}

func (m *machine) streams() {
	if output := m.mustKubectl("logs", "probe"); !strings.Contains(output, "serving") {
		m.Errorf("logs: %q", output)
	}
	m.mustKubectl("exec", "probe", "--", "/probe", "lookup", "probe")
	folder, err := buildComponents(m.at)
	m.check(err)
	forward := exec.Command(filepath.Join(folder, "kubectl"), "--kubeconfig", m.at.adminKubeconfig(),
		"port-forward", "pod/probe", "18080:8080")
	m.check(forward.Start())
	defer func() {
		_ = forward.Process.Kill()
		_ = forward.Wait()
	}()
	m.await("port-forward", 10*time.Second, func() error { _, err := get("http://127.0.0.1:18080"); return err })
}

func (m *machine) memoryLimit() {
	m.await("the glutton's end", 30*time.Second, func() error {
		reason := m.mustKubectl("get", "pod", "glutton",
			"-o", "jsonpath={.status.containerStatuses[0].state.terminated.reason}")
		if reason != "OOMKilled" {
			return fmt.Errorf("reason %q", reason)
		}
		return nil
	})
}

func (m *machine) secrets() {
	const canary = "canary-5f1c9d"
	m.mustKubectl("create", "secret", "generic", "canary", "--from-literal=value="+canary)
	encrypted := false
	m.check(filepath.WalkDir(m.at.inState("etcd"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(canary)) {
			m.Errorf("%s holds a Secret in the clear", path)
		}
		encrypted = encrypted || bytes.Contains(content, []byte("k8s:enc:secretbox:v1:"))
		return err
	}))
	if !encrypted {
		m.Error("etcd holds no encrypted Secret")
	}
	audit, err := os.ReadFile(m.at.inState("log/audit.log"))
	m.check(err)
	if !bytes.Contains(audit, []byte(`"resource":"secrets","namespace":"default","name":"canary"`)) {
		m.Error("the audit log has no record of the Secret")
	}
	if bytes.Contains(audit, []byte(canary)) {
		m.Error("the audit log has the Secret's value")
	}
}

func (m *machine) foreign() {
	own, err := os.ReadFile(m.at.adminKubeconfig())
	m.check(err)
	elsewhere := filepath.Join(m.TempDir(), "users.kubeconfig")
	m.check(os.WriteFile(elsewhere, own, 0o600))
	m.Setenv("KUBECONFIG", elsewhere)
	users := machine{m.T, paths{m.at.sources, filepath.Join(m.TempDir(), "state"), m.at.cache}}
	users.up()
	env, err := os.ReadFile(users.at.inState("env"))
	m.check(err)
	if !strings.Contains(string(env), "KUBECONFIG='"+elsewhere+"'") {
		m.Errorf("env: %s", env)
	}
	users.down()
	m.awaitProbe()

	m.check(os.WriteFile(elsewhere, bytes.ReplaceAll(own, []byte(nodeAddress), []byte("127.0.0.1")), 0o600))
	if err := up(users.at); err == nil || !strings.Contains(err.Error(), "does not answer") {
		m.Errorf("an unreachable cluster: %v", err)
	}
}

// simulated wants a pod that starts and ends as on a kubelet, also one that is never started again, and nodes that go.
func (m *machine) simulated() {
	m.check(simulate(m.at, "2"))
	m.mustKubectl("apply", "-f", "testdata/simulated.yaml")
	m.mustKubectl("wait", "--for=condition=Ready", "pod/simulated", "--timeout=30s")
	m.await("an endpoint", 10*time.Second, func() error {
		endpoints := m.mustKubectl("get", "endpointslices", "-l", "kubernetes.io/service-name=simulated",
			"-o", "jsonpath={.items[*].endpoints[*].conditions.ready}")
		if endpoints != "true" {
			return fmt.Errorf("ready: %q", endpoints)
		}
		return nil
	})
	m.mustKubectl("delete", "pod", "simulated", "--timeout=10s")

	m.mustKubectl("apply", "-f", "testdata/simulated.yaml")
	m.mustKubectl("wait", "--for=condition=Ready", "pod/simulated", "--timeout=30s")
	m.check(simulate(m.at, "1"))
	if nodes := m.mustKubectl("get", "nodes", "-o", "name"); nodes != "node/node1\nnode/simulated-0\n" {
		m.Errorf("nodes after simulate 1: %s", nodes)
	}
	m.check(simulate(m.at, "0"))
	if left := m.mustKubectl("get", "nodes,pods", "-o", "name"); strings.Contains(left, "simulated") {
		m.Errorf("left after simulate 0: %s", left)
	}
	m.check(simulate(m.at, "0"))
}
