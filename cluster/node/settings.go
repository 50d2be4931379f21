package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

const nodeName = "node1"

// The node's network. The link between host and node is in TEST-NET-2, which no real network uses.
const (
	hostLink       = "agentservice0"
	linkRange      = "198.51.100.0/30"
	hostAddress    = "198.51.100.1"
	nodeAddress    = "198.51.100.2"
	podRange       = "10.244.0.0/16"
	serviceRange   = "10.96.0.0/16"
	apiServiceAddr = "10.96.0.1"
	dnsServiceAddr = "10.96.0.10"
	apiServer      = "https://" + nodeAddress + ":6443"
)

// Where the node's processes see the state and the cache: short and the same on every machine.
const (
	stateInside = "/run/cluster"
	cacheInside = "/run/cache"
)

// cgroupRoot holds the cgroups of all pods, so that they can be told from anybody else's.
const cgroupRoot = "agentservice"

// paths says where things are on the host.
type paths struct {
	sources string // the cluster/ folder
	state   string
	cache   string
}

func newPaths(tree, state string) (paths, error) {
	tree, err := filepath.Abs(tree)
	if err != nil {
		return paths{}, err
	}
	if state == "" {
		state = filepath.Join(tree, ".cluster")
	}
	state, err = filepath.Abs(state)
	if err != nil {
		return paths{}, err
	}
	cache, err := cacheFolder()
	return paths{sources: filepath.Join(tree, "cluster"), state: state, cache: cache}, err
}

func cacheFolder() (string, error) {
	if own := os.Getenv("AGENTSERVICE_CACHE"); own != "" {
		return filepath.Abs(own)
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return "", errors.New("no place for the cache: set AGENTSERVICE_CACHE, XDG_CACHE_HOME or HOME")
	}
	return filepath.Join(user, "agentservice"), nil
}

func (at paths) source(name string) string   { return filepath.Join(at.sources, name) }
func (at paths) inState(name string) string  { return filepath.Join(at.state, name) }
func (at paths) log(component string) string { return at.inState("log/" + component + ".log") }
func (at paths) adminKubeconfig() string     { return at.inState("admin.kubeconfig") }
func (at paths) secrets() string             { return at.inState("pki") }
func (at paths) insideCache(path string) string {
	inside, err := filepath.Rel(at.cache, path)
	if err != nil {
		panic(err) // both are absolute
	}
	return filepath.Join(cacheInside, inside)
}

var kubernetesRequirement = regexp.MustCompile(`(?m)^\s*k8s\.io/kubernetes v(\d+\.(\d+)\.\d+)$`)

// kubernetesVersion is what go.mod of the components says: the one place that pins it.
func (at paths) kubernetesVersion() (version, minor string, err error) {
	content, err := os.ReadFile(at.source("components/go.mod"))
	if err != nil {
		return "", "", fmt.Errorf("%w: is --tree the work tree?", err)
	}
	found := kubernetesRequirement.FindSubmatch(content)
	if found == nil {
		return "", "", errors.New("components/go.mod requires no k8s.io/kubernetes")
	}
	return string(found[1]), string(found[2]), nil
}
