package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "FAULT_POINT", "CreateSandbox"));

    assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("red", "green");
    assertThat(settings.leaderElection())
        .hasValueSatisfying(lease -> assertThat(lease.namespace()).isEqualTo("operators"));
    assertThat(settings.identity()).isEqualTo("operator-0");
    assertThat(settings.healthPort()).isZero();
    assertThat(settings.faultPoint()).contains("CreateSandbox");
  }

  @Test
  void twoOperatorsWithoutANameAreStillTwo() {
    assertThat(Settings.from(Map.of()).identity()).isNotEqualTo(Settings.from(Map.of()).identity());
  }

  @Test
  void withoutLeaderElection() {
    assertThat(Settings.from(Map.of("LEADER_ELECTION", "false")).leaderElection()).isEmpty();
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
