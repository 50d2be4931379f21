package dev.agentservice.operator.network;

import java.util.List;
import java.util.Set;

/**
 * What an installation knows of its cluster's network.
 *
 * @param clusterRanges CIDRs of pods, Services and nodes: closed to every sandbox. Empty: not
 *     known, and then all private ranges are taken for the cluster's
 * @param dnsRanges CIDRs where sandboxes ask for names besides the cluster's DNS pods: those of
 *     NodeLocal DNSCache, say
 * @param ingressNamespaces namespaces whose pods may call every sandbox, the gateway's for one
 */
public record ClusterNetwork(
    List<String> clusterRanges, List<String> dnsRanges, Set<String> ingressNamespaces) {

  /** Nothing is known. */
  public static final ClusterNetwork UNKNOWN = new ClusterNetwork(List.of(), List.of(), Set.of());
}
