package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chart grants what is used, and nothing more. What is used, the audit log of all the other
 * tests says: so this one comes after them, in a run of its own.
 */
@Tag("afterwards")
class RightsTest {

  private static final String OPENSHIFT =
      "OpenShift's admission asks for it where an owner reference blocks deletion; no other does";

  private static final String ENDED_MEANWHILE =
      "of a start that ended, or was superseded, while its values were on their way";

  private static final String NEWER_THAN_ITS_CACHE =
      "of one that was made a moment ago, which its watch has not told it of";

  /**
   * Every account of the chart, with the rights that no test of ours surely makes it use, and why.
   */
  static Stream<Arguments> accounts() {
    return Stream.of(
        arguments(
            new Account("agentservice-system", "agentservice-operator"),
            Map.of(
                "update leases.coordination.k8s.io",
                "JOSDK does not start without it; the lease is renewed by patch",
                "create pods/attach",
                "the API server asks for it within a get, from 1.35 on; no request of its own shows it",
                "update agentdeployments/finalizers.agentservice.dev",
                OPENSHIFT,
                "update agentservices/finalizers.agentservice.dev",
                OPENSHIFT)),
        arguments(
            new Account("agentservice-system", "agentservice-api"),
            Map.of(
                "update agentservices/finalizers.agentservice.dev",
                OPENSHIFT,
                "delete secrets",
                ENDED_MEANWHILE,
                "get agentdeployments.agentservice.dev",
                NEWER_THAN_ITS_CACHE,
                "get agentversions.agentservice.dev",
                NEWER_THAN_ITS_CACHE)));
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void whatIsGrantedIsUsedAndNoMoreIsAskedFor(Account account, Map<String, String> unused) {
    assumeTrue(
        Cluster.auditLog().isPresent(),
        "NOT TESTED: rights against the audit log, which this cluster keeps elsewhere");
    var log = Cluster.auditLog().get();
    var granted = account.granted(Cluster.client());
    var used = account.used(log);
    System.out.printf(
        "rights of %s%n  granted (%d): %s%n  used    (%d): %s%n",
        account.user(),
        granted.size(),
        String.join(", ", granted),
        used.size(),
        String.join(", ", used));
    unused.forEach((right, why) -> System.out.printf("  not used: %s: %s%n", right, why));
    System.out.println(
        Cluster.bash(
            "kubectl auth can-i --list -n %s --as %s"
                .formatted(account.namespace(), account.user())));

    assertThat(account.refused(log)).as("asked for and not granted").isSubsetOf(granted);
    assertThat(used).as("used and not granted by the chart").isSubsetOf(granted);
    assertThat(granted).as("granted, of the listed").containsAll(unused.keySet());
    assertThat(granted.stream().filter(right -> !used.contains(right)))
        .as("granted and not used")
        .isSubsetOf(unused.keySet());
    var never = new HashMap<>(unused);
    never.values().removeAll(Set.of(ENDED_MEANWHILE, NEWER_THAN_ITS_CACHE)); // races may use those
    assertThat(used).as("listed as not used").doesNotContainAnyElementsOf(never.keySet());
  }
}
