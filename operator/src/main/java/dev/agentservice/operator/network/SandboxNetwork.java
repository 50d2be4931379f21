package dev.agentservice.operator.network;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Permissions;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The NetworkPolicies of sandboxes. One for each namespace closes everything and is there before
 * any sandbox; one for each deployment opens what its permissions name. They add up, so no
 * deployment can take from another.
 */
public final class SandboxNetwork {

  /** The name of a namespace's policy; the dot keeps it apart from any deployment's. */
  public static final String ISOLATION = "agentservice.default-deny";

  private static final String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";
  private static final int DNS_PORT = 53;

  /** Pods that answer for a cluster's DNS: a policy sees those, and not the Service before them. */
  private record DnsPods(String namespace, String label, String value, int port) {}

  private static final DnsPods KUBE_DNS =
      new DnsPods("kube-system", "k8s-app", "kube-dns", DNS_PORT);

  /** By the DNS operator of OpenShift; that namespace exists nowhere else. */
  private static final DnsPods OPENSHIFT_DNS =
      new DnsPods("openshift-dns", "dns.operator.openshift.io/daemonset-dns", "default", 5353);

  private SandboxNetwork() {}

  /** Closes every sandbox of a namespace, both ways. Nobody owns it: it outlives deployments. */
  public static NetworkPolicy isolation(String namespace) {
    return new NetworkPolicyBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(ISOLATION)
                .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
                .addToLabels(Names.ISOLATION_LABEL, "true")
                .build())
        .withNewSpec()
        .withPodSelector(sandboxes())
        .withPolicyTypes("Ingress", "Egress")
        .endSpec()
        .build();
  }

  /** Opens what the permissions of {@code deployment} name, for the sandboxes of its services. */
  public static NetworkPolicy of(AgentDeployment deployment, ClusterNetwork cluster) {
    var metadata = deployment.getMetadata();
    return new NetworkPolicyBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(nameFor(deployment))
                .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
                .addToLabels(Names.DEPLOYMENT_LABEL, metadata.getName())
                .withOwnerReferences(deployment.ownerReference())
                .build())
        .withNewSpec()
        .withPodSelector(sandboxesOf(metadata.getName()))
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(ingress(cluster))
        .withEgress(egress(deployment.getSpec().permissions(), cluster))
        .endSpec()
        .build();
  }

  /** Whether {@code there} does what {@code wanted} would. */
  public static boolean isAs(NetworkPolicy wanted, NetworkPolicy there) {
    return wanted.getMetadata().getName().equals(there.getMetadata().getName())
        && wanted.getSpec().equals(there.getSpec());
  }

  /** Whether {@code there} has all labels of {@code wanted}. */
  public static boolean hasLabelsOf(NetworkPolicy wanted, NetworkPolicy there) {
    var labels = there.getMetadata().getLabels();
    return labels != null
        && labels.entrySet().containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  private static String nameFor(AgentDeployment deployment) {
    return "agentservice-" + deployment.getMetadata().getName();
  }

  /** From the sandboxes' own namespace, and those that the installation names. */
  private static NetworkPolicyIngressRule ingress(ClusterNetwork cluster) {
    var from = new ArrayList<NetworkPolicyPeer>();
    from.add(new NetworkPolicyPeerBuilder().withPodSelector(new LabelSelector()).build());
    if (!cluster.ingressNamespaces().isEmpty()) {
      from.add(
          new NetworkPolicyPeerBuilder()
              .withNamespaceSelector(
                  new LabelSelectorBuilder()
                      .addNewMatchExpression()
                      .withKey(NAMESPACE_NAME_LABEL)
                      .withOperator("In")
                      .withValues(cluster.ingressNamespaces().stream().sorted().toList())
                      .endMatchExpression()
                      .build())
              .build());
    }
    return new NetworkPolicyIngressRuleBuilder().withFrom(from).build();
  }

  private static List<NetworkPolicyEgressRule> egress(
      Permissions permissions, ClusterNetwork cluster) {
    var rules = new ArrayList<NetworkPolicyEgressRule>();
    rules.add(dns(KUBE_DNS, cluster.dnsRanges()));
    rules.add(dns(OPENSHIFT_DNS, List.of()));
    var blocks = new ArrayList<IPBlock>();
    if (permissions == null || !Boolean.FALSE.equals(permissions.internetAccess())) {
      blocks.addAll(
          OutboundRanges.internet(
              permissions == null ? List.of() : orEmpty(permissions.denyOut()), cluster));
    }
    if (permissions != null) {
      blocks.addAll(OutboundRanges.besides(orEmpty(permissions.allowOut()), cluster));
    }
    if (!blocks.isEmpty()) {
      rules.add(
          new NetworkPolicyEgressRuleBuilder()
              .withTo(blocks.stream().map(SandboxNetwork::peer).toList())
              .build());
    }
    return rules;
  }

  private static NetworkPolicyEgressRule dns(DnsPods pods, List<String> otherRanges) {
    var clusterDns =
        new NetworkPolicyPeerBuilder()
            .withNewNamespaceSelector()
            .addToMatchLabels(NAMESPACE_NAME_LABEL, pods.namespace())
            .endNamespaceSelector()
            .withNewPodSelector()
            .addToMatchLabels(pods.label(), pods.value())
            .endPodSelector()
            .build();
    var others =
        otherRanges.stream()
            .map(
                range ->
                    new NetworkPolicyPeerBuilder()
                        .withNewIpBlock()
                        .withCidr(range)
                        .endIpBlock()
                        .build());
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(Stream.concat(Stream.of(clusterDns), others).toList())
        .withPorts(port("UDP", pods.port()), port("TCP", pods.port()))
        .build();
  }

  private static NetworkPolicyPort port(String protocol, int number) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(number))
        .build();
  }

  private static NetworkPolicyPeer peer(IPBlock block) {
    return new NetworkPolicyPeerBuilder().withIpBlock(block).build();
  }

  private static LabelSelector sandboxes() {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(Names.SERVICE_UID_LABEL)
        .withOperator("Exists")
        .endMatchExpression()
        .build();
  }

  private static LabelSelector sandboxesOf(String deployment) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(Names.SERVICE_UID_LABEL)
        .withOperator("Exists")
        .endMatchExpression()
        .addToMatchLabels(Names.DEPLOYMENT_LABEL, deployment)
        .build();
  }

  private static List<String> orEmpty(List<String> ranges) {
    return ranges == null ? List.of() : ranges;
  }
}
