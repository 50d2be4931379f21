package main

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
)

// podAddress returns the address that a kubelet would probe and Services lead to. The kubelet writes it, before all others,
// into the container's /etc/hosts; where a volume hides that file, it is looked for at the interfaces.
func podAddress() (string, error) {
	if hosts, err := os.ReadFile("/etc/hosts"); err == nil {
		if name, err := os.Hostname(); err == nil {
			if found := addressOf(name, string(hosts)); found != "" {
				return found, nil
			}
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "", errors.New("the pod's address cannot be read")
	}
	for _, one := range addresses {
		if prefix, err := netip.ParsePrefix(one.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
			return prefix.Addr().String(), nil
		}
	}
	return "", errors.New("the pod has no address")
}

// addressOf returns the first address of a host in the text of /etc/hosts that others can reach, or "".
func addressOf(host, hosts string) string {
	for line := range strings.Lines(hosts) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		address, err := netip.ParseAddr(words[0])
		if err != nil || !address.IsGlobalUnicast() {
			continue
		}
		for _, name := range words[1:] {
			if name == host {
				return address.String()
			}
		}
	}
	return ""
}
