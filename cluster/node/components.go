package main

import (
	"fmt"
	"slices"
	"strings"
)

// component is one process of the node, as the holder starts it.
type component struct {
	name string
	argv []string
}

// components lists the node's processes in the order they start in. folder is where the built ones are, as seen inside.
func components(folder string) []component {
	built := func(name string, arguments ...string) component {
		return component{name, append([]string{folder + "/" + name}, arguments...)}
	}
	pki, config := stateInside+"/pki/", stateInside+"/config/"
	return []component{
		{"containerd", []string{"/usr/bin/containerd", "--config", config + "containerd.toml"}},
		built("etcd",
			"--data-dir", stateInside+"/etcd",
			"--listen-client-urls", etcdURL,
			"--advertise-client-urls", etcdURL,
			"--listen-peer-urls", "http://127.0.0.1:2380",
			// The cluster is made to be thrown away: a power cut may cost its data, and tests do not wait for the disk.
			"--unsafe-no-fsync",
		),
		built("kube-apiserver",
			"--etcd-servers", etcdURL,
			"--advertise-address", nodeAddress,
			"--secure-port", "6443",
			"--tls-cert-file", pki+"apiserver.crt",
			"--tls-private-key-file", pki+"apiserver.key",
			"--client-ca-file", pki+"ca.crt",
			"--service-account-issuer", "https://kubernetes.default.svc",
			"--service-account-key-file", pki+"service-account.pub",
			"--service-account-signing-key-file", pki+"service-account.key",
			"--service-cluster-ip-range", serviceRange,
			"--authorization-mode", "Node,RBAC",
			"--enable-admission-plugins", "NodeRestriction",
			"--kubelet-certificate-authority", pki+"ca.crt",
			"--kubelet-client-certificate", pki+"apiserver-kubelet-client.crt",
			"--kubelet-client-key", pki+"apiserver-kubelet-client.key",
			"--kubelet-preferred-address-types", "InternalIP",
			"--encryption-provider-config", pki+"encryption.yaml",
			"--audit-policy-file", config+"audit-policy.yaml",
			"--audit-log-path", stateInside+"/log/audit.log",
			// In megabytes, to have one log of the whole run: who looks for a secret value in it must not miss a part.
			"--audit-log-maxsize", "10000",
			"--allow-privileged",
		),
		built("kube-controller-manager",
			"--kubeconfig", pki+"kube-controller-manager.kubeconfig",
			"--service-account-private-key-file", pki+"service-account.key",
			"--root-ca-file", pki+"ca.crt",
			"--use-service-account-credentials",
			"--allocate-node-cidrs",
			"--cluster-cidr", podRange,
			"--leader-elect=false",
			"--kube-api-qps", "2000",
			"--kube-api-burst", "4000",
		),
		built("kube-scheduler",
			"--kubeconfig", pki+"kube-scheduler.kubeconfig",
			"--leader-elect=false",
			"--kube-api-qps", "2000",
			"--kube-api-burst", "4000",
		),
		built("kubelet",
			"--config", config+"kubelet.yaml",
			"--kubeconfig", pki+"kubelet.kubeconfig",
			"--hostname-override", nodeName,
			"--node-ip", nodeAddress,
		),
		built("kube-proxy",
			"--kubeconfig", pki+"kube-proxy.kubeconfig",
			"--hostname-override", nodeName,
			"--proxy-mode", "iptables",
			"--cluster-cidr", podRange,
			// A second of waiting for more changes suits thousands of Services, and would be what a benchmark measures.
			"--iptables-min-sync-period", "50ms",
			// With this, loopback addresses of the node, etcd's for one, would be routed for others.
			"--iptables-localhost-nodeports=false",
			// The limits of connection tracking are the host's.
			"--conntrack-max-per-core", "0",
		),
	}
}

const etcdURL = "http://127.0.0.1:2379"

func componentNames() []string {
	var names []string
	for _, each := range components("") {
		names = append(names, each.name)
	}
	return names
}

func findComponent(all []component, name string) (component, error) {
	if at := slices.IndexFunc(all, func(c component) bool { return c.name == name }); at >= 0 {
		return all[at], nil
	}
	return component{}, fmt.Errorf("no component %q: there are %s", name, strings.Join(append(componentNames(), simulatorName), ", "))
}
