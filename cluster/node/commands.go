package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

var errNoCluster = errors.New("no cluster runs here: `cluster up` makes one")

func runningHolder(at paths) (*holder, error) {
	if err := requireRoot(); err != nil {
		return nil, err
	}
	h, err := findHolder(at.state)
	if err == nil && h == nil {
		err = errNoCluster
	}
	return h, err
}

func status(at paths) error {
	h, err := runningHolder(at)
	if err != nil {
		return err
	}
	processes, err := h.processes()
	if err != nil {
		return err
	}
	api, err := newAPIClient(at)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	for _, name := range append(componentNames(), simulatorName) {
		fmt.Fprintf(table, "%s\t%s\n", name, describeProcess(processes[name]))
	}
	fmt.Fprintf(table, "API server\t%s\n", describeCheck(api.apiServerReady()))
	fmt.Fprintf(table, "node\t%s\n", describeCheck(api.nodeReady(processes["kubelet"].Started)))
	fmt.Fprintf(table, "names\t%s\n", describeCheck(namesResolve()))
	return table.Flush()
}

func describeProcess(p process) string {
	switch {
	case p.Pid == 0:
		return "not started"
	case p.running():
		return "running for " + time.Since(p.Started).Round(time.Second).String()
	}
	return "ended: " + p.Ended
}

func describeCheck(err error) string {
	if err != nil {
		return err.Error()
	}
	return "ready"
}

func startOne(at paths, name string) error {
	h, err := runningHolder(at)
	if err != nil {
		return err
	}
	if name == simulatorName {
		return startSimulator(at, h)
	}
	folder, err := buildComponents(at)
	if err != nil {
		return err
	}
	wanted, err := findComponent(components(at.insideCache(folder)), name)
	if err != nil {
		return err
	}
	return h.start(wanted)
}

// stopOne sends a signal, and waits for the end of the process if that is what the signal is for.
func stopOne(at paths, name string, wanted syscall.Signal) error {
	if _, err := findComponent(append(components(""), simulator("")), name); err != nil {
		return err
	}
	h, err := runningHolder(at)
	if err != nil {
		return err
	}
	if err := h.signal(name, wanted); err != nil {
		return err
	}
	if !slices.Contains([]syscall.Signal{syscall.SIGTERM, syscall.SIGKILL, syscall.SIGINT}, wanted) {
		return nil
	}
	ended := func() bool {
		processes, err := h.processes()
		return err == nil && !processes[name].running()
	}
	if !waitUntil(ended, killTimeout) {
		return fmt.Errorf("%s runs on, %s after %s", name, killTimeout, wanted)
	}
	return nil
}

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT,
	"HUP": syscall.SIGHUP, "STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT,
}

// parseSignal takes KILL, SIGKILL, -9 and 9.
func parseSignal(text string) (syscall.Signal, error) {
	short := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(text), "-"), "SIG")
	if number, err := strconv.Atoi(short); err == nil && number > 0 && number < 65 {
		return syscall.Signal(number), nil
	}
	if found, known := signals[short]; known {
		return found, nil
	}
	return 0, fmt.Errorf("no signal %q", text)
}

func load(at paths, archives []string) error {
	h, err := runningHolder(at)
	if err != nil {
		return err
	}
	for _, archive := range archives {
		if err := h.importImage(archive, snapshotter(at.state)); err != nil {
			return err
		}
	}
	return nil
}

// image hands over to the program that writes image archives.
func image(at paths, arguments []string) error {
	images, err := buildImages(at)
	if err != nil {
		return err
	}
	return syscall.Exec(images+"/image", append([]string{"image"}, arguments...), os.Environ())
}

func printBuilt(at paths) error {
	made, err := buildAll(at)
	if err != nil {
		return err
	}
	fmt.Printf("components  %s\nimage tool  %s\n", made.components, made.imageTool)
	for reference, archive := range made.images {
		fmt.Printf("%s  %s\n", reference, archive)
	}
	return nil
}

// containerd prepares a call of its client, in the namespace of images and containers that the kubelet uses.
func (h *holder) containerd(arguments ...string) *exec.Cmd {
	ctr := []string{"ctr", "--address", stateInside + "/containerd.sock", "--namespace", "k8s.io"}
	return h.inside(append(ctr, arguments...)...)
}

func (h *holder) importImage(archive, snapshotter string) error {
	content, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer content.Close()
	load := h.containerd("images", "import", "--snapshotter", snapshotter, "-")
	load.Stdin = content
	if output, err := load.CombinedOutput(); err != nil {
		return fmt.Errorf("loading %s: %w: %s", archive, err, output)
	}
	return nil
}
