package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a user sees: applying crds/ works (the server fixture did it), explain and get read well.
 */
@OnApiServer
class KubectlTest {
  @Test
  void everyFieldCanBeExplained(ApiServer server) {
    assertThat(explain(server, "asvc.spec"))
        .contains(
            "envSecret", "its keys become environment variables", "Default: Running", "-required-");
    assertThat(explain(server, "agd.spec.template.readiness")).contains("tcp: {}");
  }

  @Test
  void theColumnsAreThoseOfTheDesign(ApiServer server) {
    Manifest.service().with("metadata: {name: columns}").create(server.client());

    assertThat(heading(server.kubectl("get", "asvc", "columns")))
        .isEqualTo("NAME PHASE DEPLOYMENT VERSION SANDBOX URL AGE");
    assertThat(heading(server.kubectl("get", "asvc", "columns", "-o", "wide")))
        .isEqualTo("NAME PHASE DEPLOYMENT VERSION SANDBOX URL REASON NODE ATTEMPT AGE");
    assertThat(server.kubectl("get", "agents")).contains("agentservice.agentservice.dev/columns");
    server.kubectl(
        "wait", "asvc/columns", "--for=jsonpath={.status.phase}=starting", "--timeout=1s");
  }

  private static String explain(ApiServer server, String field) {
    return server.kubectl("explain", field).replaceAll("\\s+", " ");
  }

  private static String heading(String table) {
    return table.lines().findFirst().orElseThrow().trim().replaceAll(" +", " ");
  }
}
