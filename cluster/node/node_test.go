package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestConflictingRoute(t *testing.T) {
	for routes, conflict := range map[string]string{
		"":                                     "",
		"default via 192.0.2.1 dev eth0":       "",
		"192.0.2.0/24 dev eth0 proto kernel":   "",
		"10.0.0.0/8 via 192.0.2.7 dev tun0":    "10.0.0.0/8 via 192.0.2.7 dev tun0",
		"blackhole 10.244.0.0/16":              "blackhole 10.244.0.0/16",
		"10.96.0.1 dev wg0 scope link":         "10.96.0.1 dev wg0 scope link",
		"default dev a\n198.51.100.0/24 dev b": "198.51.100.0/24 dev b",
	} {
		if got := conflictingRoute(routes); got != conflict {
			t.Errorf("routes %q: conflict %q, want %q", routes, got, conflict)
		}
	}
}

func TestParseHierarchies(t *testing.T) {
	got := parseHierarchies("tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n" +
		"cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n")
	want := []hierarchy{{"/sys/fs/cgroup/cpu", 1}, {"/sys/fs/cgroup/unified", 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRemoveGroups(t *testing.T) {
	top := filepath.Join(t.TempDir(), "top")
	if err := os.MkdirAll(filepath.Join(top, "kubepods/burstable/pod1"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := removeGroups(top); err != nil {
		t.Fatal(err)
	}
	if err := removeGroups(top); err != nil {
		t.Errorf("removed twice: %v", err)
	}
}

func TestParseSignal(t *testing.T) {
	for text, want := range map[string]syscall.Signal{
		"KILL": syscall.SIGKILL, "SIGKILL": syscall.SIGKILL, "-9": syscall.SIGKILL, "9": syscall.SIGKILL,
		"stop": syscall.SIGSTOP, "SIGCONT": syscall.SIGCONT,
	} {
		if got, err := parseSignal(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "NOISE", "0", "99"} {
		if got, err := parseSignal(text); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestJudgeNode(t *testing.T) {
	started := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	node := func(status, heartbeat string) []byte {
		return []byte(`{"status":{"conditions":[{"type":"MemoryPressure","status":"False"},` +
			`{"type":"Ready","status":"` + status + `","lastHeartbeatTime":"` + heartbeat + `"}]}}`)
	}
	for name, situation := range map[string]struct {
		node  []byte
		ready bool
	}{
		"ready":                       {node("True", "2026-01-02T03:04:05Z"), true},
		"not ready":                   {node("False", "2026-01-02T03:04:06Z"), false},
		"said by an earlier kubelet":  {node("True", "2026-01-02T03:04:04Z"), false},
		"nothing said":                {[]byte(`{}`), false},
		"registered, nothing checked": {[]byte(`{"status":{"conditions":[]}}`), false},
	} {
		if err := judgeNode(situation.node, started); (err == nil) != situation.ready {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecrets(t *testing.T) {
	at := paths{state: t.TempDir()}
	// What an interrupted run left is replaced.
	if err := os.MkdirAll(at.inState("pki.new/half"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := createSecrets(at); err != nil {
		t.Fatal(err)
	}
	first := readSecret(t, at, "encryption.yaml")
	if err := createSecrets(at); err != nil {
		t.Fatal(err)
	}
	if string(first) != string(readSecret(t, at, "encryption.yaml")) {
		t.Error("a second run replaced the key that Secrets are encrypted with")
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(readSecret(t, at, "ca.crt"))
	for name, host := range map[string]string{"apiserver": nodeAddress, "kubelet": nodeName} {
		block, _ := pem.Decode(readSecret(t, at, name+".crt"))
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := filepath.WalkDir(at.secrets(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readSecret(t *testing.T, at paths, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(at.secrets(), name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestConfigRenders(t *testing.T) {
	for name := range configPlaces {
		content, err := renderConfig(name, configValues{State: stateInside, Snapshotter: "overlayfs"})
		if err != nil || strings.Contains(string(content), "{{") {
			t.Errorf("%s: %v:\n%s", name, err, content)
		}
	}
}

func TestStateFolder(t *testing.T) {
	at := paths{state: filepath.Join(t.TempDir(), "state")}
	lock, err := lockState(at)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := removeState(at); err != nil {
		t.Fatal(err)
	}
	if err := removeState(at); err != nil {
		t.Errorf("removed twice: %v", err)
	}

	somebodys := paths{state: t.TempDir()}
	precious := somebodys.inState("precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := lockState(somebodys); err == nil {
		t.Error("a folder of somebody else's was taken for the state")
	}
	if err := removeState(somebodys); err == nil {
		t.Error("a folder of somebody else's was to be removed")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestForeignKubeconfig(t *testing.T) {
	at := paths{state: "/tree/.cluster"}
	for set, want := range map[string]string{
		"":                                  "",
		"/tree/.cluster/admin.kubeconfig":   "",
		"/tree/./.cluster/admin.kubeconfig": "",
		"/home/me/.kube/config":             "/home/me/.kube/config",
	} {
		t.Setenv("KUBECONFIG", set)
		if got := foreignKubeconfig(at); got != want {
			t.Errorf("KUBECONFIG=%s: got %q, want %q", set, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	if got := quote("it's a $HOME"); got != `'it'\''s a $HOME'` {
		t.Error(got)
	}
}

func TestCachedIsWholeOrAbsent(t *testing.T) {
	sources := t.TempDir()
	if err := os.Mkdir(filepath.Join(sources, "thing"), 0o755); err != nil {
		t.Fatal(err)
	}
	at := paths{sources: sources, cache: t.TempDir()}
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(sources, "thing", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("main.go", "one")
	broken := errors.New("interrupted")
	build := func(result error) (string, int, error) {
		runs := 0
		folder, err := cached(at, "thing", "", []string{"thing"}, func(unfinished string) error {
			runs++
			return errors.Join(result, os.WriteFile(filepath.Join(unfinished, "half"), nil, 0o644))
		})
		return folder, runs, err
	}
	if _, _, err := build(broken); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	first, runs, err := build(nil)
	if err != nil || runs != 1 {
		t.Fatalf("after a failure: %d runs, %v", runs, err)
	}
	write("main_test.go", "tests change nothing that is built")
	if again, runs, err := build(broken); err != nil || runs != 0 || again != first {
		t.Errorf("the same sources: %s after %s, %d runs, %v", again, first, runs, err)
	}
	write("main.go", "two")
	if other, runs, err := build(nil); err != nil || runs != 1 || other == first {
		t.Errorf("other sources: %s after %s, %d runs, %v", other, first, runs, err)
	}
}
