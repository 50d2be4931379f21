package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentservice.operator.edge.PublicUrlSettings;
import dev.agentservice.operator.edge.SampleUrls;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.sandbox.SandboxSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void defaults() {
    var settings = Settings.from(Map.of());

    assertThat(settings.watchNamespaces()).isEmpty();
    assertThat(settings.leaderElection())
        .hasValueSatisfying(
            lease -> assertThat(lease.namespace()).isEqualTo("agentservice-system"));
    assertThat(settings.identity()).isNotBlank();
    assertThat(settings.healthPort()).isEqualTo(8081);
    assertThat(settings.faultPoint()).isEmpty();
    assertThat(settings.sandboxes()).isEqualTo(new SandboxSettings(Optional.empty(), false));
    assertThat(settings.network()).contains(ClusterNetwork.UNKNOWN);
  }

  @Test
  void everythingSet() {
    var settings =
        Settings.from(
            Map.of(
                "WATCH_NAMESPACES", "red, green",
                "POD_NAMESPACE", "operators",
                "POD_NAME", "operator-0",
                "HEALTH_PORT", "0",
                "CLUSTER_CIDRS", "10.96.0.0/12, 10.244.0.0/16",
                "DNS_CIDRS", "169.254.20.10/32",
                "INGRESS_NAMESPACES", "gateway",
                "LAUNCHER_IMAGE", "registry.example/launcher:1",
                "USER_NAMESPACES", "true",
                "FAULT_POINT", "CreateSandbox"));

    assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("red", "green");
    assertThat(settings.leaderElection())
        .hasValueSatisfying(lease -> assertThat(lease.namespace()).isEqualTo("operators"));
    assertThat(settings.identity()).isEqualTo("operator-0");
    assertThat(settings.healthPort()).isZero();
    assertThat(settings.faultPoint()).contains("CreateSandbox");
    assertThat(settings.sandboxes())
        .isEqualTo(new SandboxSettings(Optional.of("registry.example/launcher:1"), true));
    assertThat(settings.network())
        .contains(
            new ClusterNetwork(
                List.of("10.244.0.0/16", "10.96.0.0/12"),
                List.of("169.254.20.10/32"),
                Set.of("gateway")));
  }

  @Test
  void publicUrls() {
    var settings =
        Settings.from(Map.of("POD_NAMESPACE", "operators", "PUBLIC_URL", SampleUrls.GATEWAY))
            .publicUrls()
            .orElseThrow();

    assertThat(settings.namespace()).isEqualTo("operators");
    assertThat(settings.settings().mode()).isEqualTo(PublicUrlSettings.Mode.GATEWAY);
    assertThat(settings.settings().url("s-x.agents.example.com"))
        .isEqualTo("https://s-x.agents.example.com/");
    assertThat(Settings.from(Map.of("PUBLIC_URL", "")).publicUrls()).isEmpty();
    assertThat(Settings.from(Map.of("PUBLIC_URL", "{\"mode\": \"none\"}")).publicUrls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{\"mode\": \"gateway\"}",
        "{\"mode\": \"proxy\", \"domain\": \"Not A Domain\"}",
        "{\"mode\": \"proxy\", \"domain\": \"example.com\", \"misspelt\": 1}"
      })
  void publicUrlsThatMakeNoSense(String json) {
    assertThatThrownBy(() -> Settings.from(Map.of("PUBLIC_URL", json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PUBLIC_URL");
  }

  @Test
  void twoOperatorsWithoutANameAreStillTwo() {
    assertThat(Settings.from(Map.of()).identity()).isNotEqualTo(Settings.from(Map.of()).identity());
  }

  @Test
  void withoutLeaderElection() {
    assertThat(Settings.from(Map.of("LEADER_ELECTION", "false")).leaderElection()).isEmpty();
  }

  @Test
  void withoutNetworkPolicies() {
    assertThat(Settings.from(Map.of("NETWORK_POLICIES", "false")).network()).isEmpty();
  }

  /** An empty name would mean all namespaces. */
  @ParameterizedTest
  @CsvSource({"'red,'", "',red'", "'red,,'", "'red, '", "'red,red'"})
  void aSlipInTheListOfNamespacesWidensNothing(String list) {
    assertThat(Settings.from(Map.of("WATCH_NAMESPACES", list)).watchNamespaces())
        .containsExactly("red");
  }

  @ParameterizedTest
  @CsvSource({
    "LEADER_ELECTION, yes",
    "NETWORK_POLICIES, maybe",
    "USER_NAMESPACES, ''",
    "CLUSTER_CIDRS, 10.96.0.0",
    "DNS_CIDRS, dns",
    "HEALTH_PORT, http",
    "HEALTH_PORT, -1",
    "HEALTH_PORT, 65536",
    "HEALTH_PORT, ''",
  })
  void nonsenseEndsTheStartAndNamesTheVariable(String variable, String value) {
    assertThatThrownBy(() -> Settings.from(Map.of(variable, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(variable);
  }
}
