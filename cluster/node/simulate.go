package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	simulatorName  = "kwok"
	simulatedLabel = "type=kwok"
	// Pod addresses are handed out to nodes by 256.
	mostSimulated = 200
)

// simulate makes so many nodes that do not exist: their pods are ready after a fixed time and cost next to nothing.
// Only pods that tolerate their taint are put there.
func simulate(at paths, text string) error {
	count, err := strconv.Atoi(text)
	if err != nil || count < 0 || count > mostSimulated {
		return fmt.Errorf("simulate takes a number of nodes, 0 to %d, not %q", mostSimulated, text)
	}
	h, err := runningHolder(at)
	if err != nil {
		return err
	}
	folder, err := buildComponents(at)
	if err != nil {
		return err
	}
	nodes := simulatedNodes{kubectl: filepath.Join(folder, "kubectl"), kubeconfig: at.adminKubeconfig()}
	if count > 0 {
		if err := startSimulator(at, h); err != nil {
			return err
		}
		if err := nodes.create(count); err != nil {
			return errors.Join(err, requireRunning(at, h, simulatorName))
		}
	}
	if err := nodes.removeFrom(count); err != nil {
		return err
	}
	if count > 0 {
		return nil
	}
	if processes, err := h.processes(); err != nil || !processes[simulatorName].running() {
		return err
	}
	return stopOne(at, simulatorName, syscall.SIGTERM)
}

func startSimulator(at paths, h *holder) error {
	folder, err := buildSimulator(at)
	if err != nil {
		return err
	}
	config, err := configTemplates.ReadFile("config/kwok.yaml") // its templates are kwok's
	if err != nil {
		return err
	}
	if err := writeFile(at.inState("config/kwok.yaml"), config, 0o644); err != nil {
		return err
	}
	return h.start(simulator(at.insideCache(folder)))
}

func simulator(folder string) component {
	return component{simulatorName, []string{
		folder + "/" + simulatorName,
		"--config", stateInside + "/config/kwok.yaml",
		"--kubeconfig", stateInside + "/pki/" + simulatorName + ".kubeconfig",
	}}
}

func buildSimulator(at paths) (string, error) {
	return cached(at, simulatorName, "", []string{simulatorName}, func(unfinished string) error {
		say("building kwok: minutes, once")
		return goBuild(at.source(simulatorName), ".", filepath.Join(unfinished, simulatorName), "-s -w")
	})
}

type simulatedNodes struct{ kubectl, kubeconfig string }

func simulatedName(index int) string { return fmt.Sprintf("simulated-%d", index) }

func (n simulatedNodes) create(count int) error {
	var manifest strings.Builder
	for index := range count {
		fmt.Fprintf(&manifest, `---
apiVersion: v1
kind: Node
metadata: {name: %s, labels: {type: kwok, kubernetes.io/os: linux}}
spec: {taints: [{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]}
`, simulatedName(index))
	}
	if _, err := n.ask(manifest.String(), "apply", "--server-side", "--force-conflicts", "--filename", "-"); err != nil {
		return err
	}
	_, err := n.ask("", "wait", "--for=condition=Ready", "node", "--selector", simulatedLabel, "--timeout", "60s")
	return err
}

// removeFrom removes the nodes from this index on. Their pods go with them: no kubelet is left that could end them.
func (n simulatedNodes) removeFrom(first int) error {
	there, err := n.ask("", "get", "node", "--selector", simulatedLabel, "--output", "name")
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for index := range first {
		kept["node/"+simulatedName(index)] = true
	}
	for _, node := range strings.Fields(there) {
		if kept[node] {
			continue
		}
		if _, err := n.ask("", "delete", node); err != nil {
			return err
		}
		if _, err := n.ask("", "delete", "pod", "--all-namespaces", "--force", "--grace-period", "0", "--wait=false",
			"--field-selector", "spec.nodeName="+strings.TrimPrefix(node, "node/")); err != nil {
			return err
		}
	}
	return nil
}

func (n simulatedNodes) ask(input string, arguments ...string) (string, error) {
	command := exec.Command(n.kubectl, append([]string{"--kubeconfig", n.kubeconfig}, arguments...)...)
	command.Stdin = strings.NewReader(input)
	var problem bytes.Buffer
	command.Stderr = &problem
	output, err := command.Output()
	if err != nil {
		err = fmt.Errorf("kubectl %s: %w: %s", strings.Join(arguments, " "), err, bytes.TrimSpace(problem.Bytes()))
	}
	return string(output), err
}
