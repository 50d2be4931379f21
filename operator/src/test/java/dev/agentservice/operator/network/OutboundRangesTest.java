package dev.agentservice.operator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundRangesTest {

  private static final ClusterNetwork CLUSTER =
      new ClusterNetwork(
          List.of("10.96.0.0/12", "10.244.0.0/16", "fd00:10:96::/108"), List.of(), Set.of());

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "203.0.114.1", "2606:4700::1111", "2a00::1"})
  void theInternetIsOpen(String address) {
    assertThat(isOpen(OutboundRanges.internet(List.of(), CLUSTER), address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "127.0.0.1",
        "::1",
        "fe80::1",
        "10.96.0.1",
        "10.244.3.4",
        "fd00:10:96::1",
      })
  void isClosedWhateverIsAllowed(String address) {
    for (var allowed :
        List.of("0.0.0.0/0", "::/0", "128.0.0.0/1", "10.0.0.0/8", address + "/32", "fc00::/7")) {
      if (OutboundRanges.isRange(allowed)) {
        assertThat(isOpen(OutboundRanges.besides(List.of(allowed), CLUSTER), address))
            .as("%s by %s", address, allowed)
            .isFalse();
      }
    }
    assertThat(isOpen(OutboundRanges.internet(List.of(), CLUSTER), address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, 10.1.2.3, true", // a private network that is not the cluster's
    "10.0.0.0/8, 10.97.0.1, false",
    "203.0.113.7/24, 203.0.113.200, true", // a host in a block stands for the block
    "192.168.7.7/32, 192.168.7.7, true",
    "192.168.7.7/32, 192.168.7.8, false",
  })
  void whatIsAllowedBesides(String allowed, String address, boolean open) {
    assertThat(isOpen(OutboundRanges.besides(List.of(allowed), CLUSTER), address)).isEqualTo(open);
  }

  @Test
  void whatIsDeniedIsClosed() {
    var blocks = OutboundRanges.internet(List.of("8.8.8.0/24", "2606:4700::/32"), CLUSTER);

    assertThat(isOpen(blocks, "8.8.8.8")).isFalse();
    assertThat(isOpen(blocks, "8.8.4.4")).isTrue();
    assertThat(isOpen(blocks, "2606:4700::1")).isFalse();
  }

  /** Else a private range that somebody allows could be the cluster's own. */
  @Test
  void asLongAsTheClusterIsUnknownAllPrivateRangesAreItsOwn() {
    assertThat(OutboundRanges.besides(List.of("10.1.0.0/16"), ClusterNetwork.UNKNOWN)).isEmpty();
  }

  @Test
  void aDeniedInternetIsNoBlock() {
    assertThat(OutboundRanges.internet(List.of("0.0.0.0/0", "::/0"), CLUSTER)).isEmpty();
  }

  /** The API server takes an exception only where it is strictly inside its block. */
  @Test
  void ofAnyRangesNoBlockHoldsAClosedAddress() throws UnknownHostException {
    var random = new Random(20260101);
    for (var round = 0; round < 2_000; round++) {
      var denied = ranges(random);
      var allowed = ranges(random);
      var internet = OutboundRanges.internet(denied, CLUSTER);
      var besides = OutboundRanges.besides(allowed, CLUSTER);
      var everywhere = new ArrayList<>(internet);
      everywhere.addAll(besides);
      for (var closed : OutboundRanges.ALWAYS_CLOSED) {
        assertClosed(everywhere, closed);
      }
      for (var closed : CLUSTER.clusterRanges()) {
        assertClosed(everywhere, closed);
      }
      for (var closed : denied) {
        assertClosed(internet, closed);
      }
      for (var block : everywhere) {
        var range = range(block.getCidr());
        assertThat(block.getExcept())
            .allMatch(except -> range.contains(range(except)) && !range.equals(range(except)));
      }
    }
  }

  private static void assertClosed(List<IPBlock> blocks, String cidr) {
    var closed = range(cidr);
    for (var address : List.of(closed.getLower(), closed.getUpper())) {
      assertTrue(
          blocks.stream().noneMatch(block -> holds(block, address)),
          () -> address + " is open by " + blocks);
    }
  }

  private static List<String> ranges(Random random) throws UnknownHostException {
    var ranges = new ArrayList<String>();
    for (var i = random.nextInt(5); i > 0; i--) {
      ranges.add(random.nextInt(3) == 0 ? near(random) : anywhere(random));
    }
    return ranges;
  }

  private static String anywhere(Random random) throws UnknownHostException {
    var octets = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(octets);
    return InetAddress.getByAddress(octets).getHostAddress()
        + "/"
        + random.nextInt(octets.length * 8 + 1);
  }

  /** A range around or inside one that is closed. */
  private static String near(Random random) {
    var closed =
        range(
            OutboundRanges.ALWAYS_CLOSED.get(random.nextInt(OutboundRanges.ALWAYS_CLOSED.size())));
    var length = random.nextInt(closed.getBitCount() + 1);
    return closed.getLower().withoutPrefixLength() + "/" + length;
  }

  private static boolean isOpen(List<IPBlock> blocks, String address) {
    return blocks.stream().anyMatch(block -> holds(block, range(address)));
  }

  private static boolean holds(IPBlock block, IPAddress address) {
    return range(block.getCidr()).contains(address.withoutPrefixLength())
        && block.getExcept().stream()
            .noneMatch(except -> range(except).contains(address.withoutPrefixLength()));
  }

  private static IPAddress range(String cidr) {
    var address = new IPAddressString(cidr).getAddress();
    return address.isPrefixed() ? address.toPrefixBlock() : address;
  }
}
