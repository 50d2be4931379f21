package dev.agentservice.operator.network;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlockBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses a sandbox may call: a few blocks, each with its exceptions. What is closed to all
 * sandboxes is cut out of every block, so nothing that an author writes opens it.
 */
public final class OutboundRanges {

  /**
   * Where clouds answer with credentials, and the ways around an IPv4 rule: link-local (AWS, GCP,
   * Azure, AWS ECS), Azure's wire server, Alibaba, Oracle, AWS and GCP by IPv6; IPv4 in IPv6 by
   * mapping (in ::/80, for the API server takes no mapped address), NAT64 (RFC 6052, RFC 8215),
   * 6to4 and Teredo.
   */
  static final List<String> ALWAYS_CLOSED =
      List.of(
          "169.254.0.0/16",
          "168.63.129.16/32",
          "100.100.100.200/32",
          "192.0.0.0/24",
          "127.0.0.0/8",
          "0.0.0.0/8",
          "fe80::/10",
          "fd00:ec2::/32",
          "fd20:ce::/32",
          "::/80",
          "64:ff9b::/96",
          "64:ff9b:1::/48",
          "2001::/32",
          "2002::/16");

  /** RFC 1918, RFC 6598, RFC 4193: where clusters live. */
  static final List<String> PRIVATE =
      List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

  /** Not the internet either: benchmarks, multicast, reserved. */
  private static final List<String> SPECIAL =
      List.of("198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8");

  private static final List<String> EVERYWHERE = List.of("0.0.0.0/0", "::/0");

  private OutboundRanges() {}

  /** Whether {@code text} is a CIDR. */
  public static boolean isRange(String text) {
    var address = new IPAddressString(text).getAddress();
    return address != null && address.isPrefixed() && !text.contains("*");
  }

  /** Public addresses but for {@code denied}. */
  static List<IPBlock> internet(List<String> denied, ClusterNetwork cluster) {
    return blocks(
        EVERYWHERE, Stream.of(closed(cluster), PRIVATE, SPECIAL, denied).flatMap(List::stream));
  }

  /** The {@code allowed} ranges, as far as they are open to any sandbox. */
  static List<IPBlock> besides(List<String> allowed, ClusterNetwork cluster) {
    return blocks(allowed, closed(cluster).stream());
  }

  private static List<String> closed(ClusterNetwork cluster) {
    var closed = new ArrayList<>(ALWAYS_CLOSED);
    closed.addAll(cluster.clusterRanges().isEmpty() ? PRIVATE : cluster.clusterRanges());
    return closed;
  }

  private static List<IPBlock> blocks(List<String> ranges, Stream<String> closed) {
    var holes = closed.map(OutboundRanges::range).toList();
    return ranges.stream()
        .map(OutboundRanges::range)
        .flatMap(range -> block(range, holes).stream())
        .toList();
  }

  /**
   * Empty where nothing of the range is open. Of two CIDRs one holds the other, or they are apart.
   */
  private static Optional<IPBlock> block(IPAddress range, List<IPAddress> holes) {
    if (holes.stream().anyMatch(hole -> hole.contains(range))) {
      return Optional.empty();
    }
    var inside = holes.stream().filter(range::contains).toList();
    var except =
        inside.stream()
            .filter(hole -> inside.stream().noneMatch(larger -> isWithin(hole, larger)))
            .map(IPAddress::toCanonicalString)
            .distinct()
            .sorted()
            .toList();
    return Optional.of(
        new IPBlockBuilder().withCidr(range.toCanonicalString()).withExcept(except).build());
  }

  private static boolean isWithin(IPAddress hole, IPAddress larger) {
    return !hole.equals(larger) && larger.contains(hole);
  }

  /** The whole block that a CIDR stands for; the schema lets nothing else come here. */
  private static IPAddress range(String cidr) {
    return new IPAddressString(cidr).getAddress().toPrefixBlock();
  }
}
