package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
)

// The node has no default route: a packet meant for a pod or a Service can end at the host, never beyond it. The Service
// range is "on the link" so that a connection from the node itself gets as far as kube-proxy's rules; an address that no
// rule takes is asked for on the link and found by nobody.
const insideNetwork = `
link set lo up
addr replace ` + nodeAddress + `/30 dev eth0
link set eth0 up
route replace ` + serviceRange + ` dev eth0 src ` + nodeAddress + `
`

const hostNetwork = `
addr replace ` + hostAddress + `/30 dev ` + hostLink + `
link set ` + hostLink + ` up
route replace ` + podRange + ` via ` + nodeAddress + `
route replace ` + serviceRange + ` via ` + nodeAddress + `
`

// connect joins host and node by a link, so that pods and Services answer from the host. Done again, it changes nothing.
func (h *holder) connect() error {
	if h.inside("ip", "link", "show", "eth0").Run() != nil {
		// No other node lives on this machine, so a link that is there is what a dead one's kernel has yet to clear away.
		if err := disconnect(); err != nil {
			return err
		}
		if err := requireFreeAddresses(); err != nil {
			return err
		}
		create := fmt.Sprintf("link add %s type veth peer name eth0 netns %d", hostLink, h.process.Pid)
		if err := ip(exec.Command("ip", "-batch", "-"), create); err != nil {
			return err
		}
	}
	if err := ip(h.inside("ip", "-batch", "-"), insideNetwork); err != nil {
		return err
	}
	return ip(exec.Command("ip", "-batch", "-"), hostNetwork)
}

// requireFreeAddresses makes sure that no network of the host's is taken over.
func requireFreeAddresses() error {
	routes, err := exec.Command("ip", "-4", "route", "show", "table", "main").Output()
	if err != nil {
		return fmt.Errorf("ip route: %w", err)
	}
	if route := conflictingRoute(string(routes)); route != "" {
		return fmt.Errorf("the host already routes addresses the cluster needs (%s, %s, %s): %s",
			linkRange, podRange, serviceRange, route)
	}
	return nil
}

func conflictingRoute(routes string) string {
	for line := range strings.Lines(routes) {
		for _, word := range strings.Fields(line)[:min(2, len(strings.Fields(line)))] {
			// The first word may be a type ("blackhole"), and a single address has no mask.
			there, err := netip.ParsePrefix(word)
			if address, notAddress := netip.ParseAddr(word); notAddress == nil {
				there, err = netip.PrefixFrom(address, address.BitLen()), nil
			}
			if err != nil {
				continue
			}
			for _, ours := range []string{linkRange, podRange, serviceRange} {
				if netip.MustParsePrefix(ours).Overlaps(there) {
					return strings.TrimSpace(line)
				}
			}
		}
	}
	return ""
}

func linkExists() bool {
	_, err := os.Stat("/sys/class/net/" + hostLink)
	return err == nil
}

// disconnect does at once what the kernel does a little after the node's last process is gone.
func disconnect() error {
	if !linkExists() {
		return nil
	}
	if output, err := exec.Command("ip", "link", "delete", hostLink).CombinedOutput(); err != nil && linkExists() {
		return fmt.Errorf("ip link delete: %w: %s", err, bytes.TrimSpace(output))
	}
	return nil
}

func ip(command *exec.Cmd, batch string) error {
	command.Stdin = strings.NewReader(strings.TrimSpace(batch) + "\n")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("ip: %w: %s", err, bytes.TrimSpace(output))
	}
	return nil
}
