package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// foreignKubeconfig is the user's own KUBECONFIG. Ours, there because somebody sourced our env file, is not foreign.
func foreignKubeconfig(at paths) string {
	set := os.Getenv("KUBECONFIG")
	if set == "" {
		return ""
	}
	if absolute, err := filepath.Abs(set); err == nil && absolute == at.adminKubeconfig() {
		return ""
	}
	return set
}

// useForeignCluster checks that the user's cluster answers, and creates none.
func useForeignCluster(at paths, kubeconfig string) error {
	kubectl, err := foreignKubectl(at)
	if err != nil {
		return err
	}
	context, err := askKubectl(kubectl, "config", "current-context")
	if err != nil {
		return err
	}
	version, err := askKubectl(kubectl, "get", "--raw", "/version", "--request-timeout", "15s")
	if err != nil {
		return fmt.Errorf("the cluster of KUBECONFIG (%s, context %s) does not answer: %w", kubeconfig, context, err)
	}
	lock, err := lockState(at)
	if err != nil {
		return err
	}
	defer lock.Close()
	env := "export KUBECONFIG=" + quote(absoluteList(kubeconfig)) + "\n"
	if folder := filepath.Dir(kubectl); strings.HasPrefix(folder, at.cache) {
		env += "export PATH=" + quote(folder) + `:"$PATH"` + "\n"
	}
	if err := writeFile(at.inState("env"), []byte(env), 0o644); err != nil {
		return err
	}
	say("using the cluster that KUBECONFIG names (%s, context %s), which answers: %s",
		kubeconfig, context, strings.Join(strings.Fields(version), " "))
	return nil
}

func foreignKubectl(at paths) (string, error) {
	if own, err := exec.LookPath("kubectl"); err == nil {
		return own, nil
	}
	components, err := buildComponents(at)
	return filepath.Join(components, "kubectl"), err
}

func askKubectl(kubectl string, arguments ...string) (string, error) {
	var problem bytes.Buffer
	command := exec.Command(kubectl, arguments...)
	command.Stderr = &problem
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(arguments, " "), err, bytes.TrimSpace(problem.Bytes()))
	}
	return strings.TrimSpace(string(output)), nil
}

// absoluteList makes each file of a KUBECONFIG list mean the same from every folder.
func absoluteList(list string) string {
	files := filepath.SplitList(list)
	for i, file := range files {
		if absolute, err := filepath.Abs(file); err == nil {
			files[i] = absolute
		}
	}
	return strings.Join(files, string(os.PathListSeparator))
}
