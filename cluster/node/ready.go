package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const readyTimeout = 2 * time.Minute

// awaitReady polls until check says nil. It gives up when one of the components it rests on ends, and says why it did.
func awaitReady(at paths, h *holder, what string, check func() error, restsOn ...string) error {
	for deadline := time.Now().Add(readyTimeout); ; time.Sleep(50 * time.Millisecond) {
		reason := check()
		if reason == nil {
			return nil
		}
		if err := requireRunning(at, h, restsOn...); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if time.Now().After(deadline) {
			last := restsOn[len(restsOn)-1]
			return fmt.Errorf("%s: not ready after %s: %w\nthe end of %s:\n%s",
				what, readyTimeout, reason, at.log(last), tail(at.log(last)))
		}
	}
}

func requireRunning(at paths, h *holder, names ...string) error {
	processes, err := h.processes()
	if err != nil {
		return fmt.Errorf("the namespaces' holder does not answer: %w", err)
	}
	for _, name := range names {
		if known := processes[name]; !known.running() {
			return fmt.Errorf("%s ended (%s); the end of %s:\n%s", name, known.Ended, at.log(name), tail(at.log(name)))
		}
	}
	return nil
}

func tail(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := slices.Collect(strings.Lines(string(content)))
	return strings.Join(lines[max(0, len(lines)-15):], "")
}

// apiClient reads from the API server and the kubelet, as the one certificate lets it.
type apiClient struct{ http http.Client }

func newAPIClient(at paths) (*apiClient, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(at.secrets(), "apiserver-kubelet-client.crt"),
		filepath.Join(at.secrets(), "apiserver-kubelet-client.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(filepath.Join(at.secrets(), "ca.crt"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &apiClient{http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}},
	}}, nil
}

func (c *apiClient) get(path string) ([]byte, error) {
	response, err := c.http.Get(apiServer + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, response.Status, content)
	}
	return content, err
}

func (c *apiClient) apiServerReady() error {
	_, err := c.get("/readyz")
	return err
}

// nodeReady believes no word that was said before this kubelet started.
func (c *apiClient) nodeReady(since time.Time) error {
	content, err := c.get("/api/v1/nodes/" + nodeName)
	if err != nil {
		return err
	}
	return judgeNode(content, since)
}

func judgeNode(node []byte, since time.Time) error {
	var seen struct {
		Status struct {
			Conditions []struct {
				Type, Status, Message string
				LastHeartbeatTime     time.Time
			}
		}
	}
	if err := json.Unmarshal(node, &seen); err != nil {
		return err
	}
	for _, condition := range seen.Status.Conditions {
		switch {
		case condition.Type != "Ready":
		case condition.Status != "True":
			return fmt.Errorf("the node is not ready: %s", condition.Message)
		case condition.LastHeartbeatTime.Before(since.Truncate(time.Second)):
			return fmt.Errorf("the kubelet has not reported yet")
		default:
			return nil
		}
	}
	return fmt.Errorf("the node has no Ready condition yet")
}

// namesResolve asks the cluster's DNS for the API server, which takes every part of the network: link, routes,
// kube-proxy, CoreDNS, and its way to the API server.
func namesResolve() error {
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", dnsServiceAddr+":53")
	}}
	patience, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	found, err := resolver.LookupHost(patience, "kubernetes.default.svc.cluster.local.")
	if err == nil && !slices.Contains(found, apiServiceAddr) {
		err = fmt.Errorf("kubernetes.default is %s", found)
	}
	return err
}
