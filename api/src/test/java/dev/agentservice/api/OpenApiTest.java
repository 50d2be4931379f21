package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.problem.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

@OnApiServer
class OpenApiTest {

  @AutoClose private final Replica replica;

  OpenApiTest(Kubernetes kubernetes) {
    replica = Replica.of(kubernetes);
  }

  @Test
  void eachErrorCodeIsSomeOperationsAnswer() {
    var description = Http.get(replica.port(), "/openapi.json");
    assertThat(description.statusCode()).isEqualTo(200);
    var told = new ArrayList<String>();
    Http.json(description)
        .get("paths")
        .findValues("description")
        .forEach(text -> told.add(text.asText()));

    var missing = new TreeSet<String>();
    Arrays.stream(ErrorCode.values())
        .filter(code -> told.stream().noneMatch(text -> text.contains("`" + code.code() + "`")))
        // methods and paths that are not described
        .filter(code -> code != ErrorCode.METHOD_NOT_ALLOWED)
        .forEach(code -> missing.add(code.code()));

    assertThat(missing).isEmpty();
  }

  @Test
  void thePageToReadItNeedsNoOtherServer() {
    var page = Http.get(replica.port(), "/docs");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("http://", "https://");
    for (var file : new String[] {"start.js", "swagger-ui.css", "swagger-ui-bundle.js"}) {
      assertThat(page.body()).contains("/docs/" + file);
      assertThat(Http.get(replica.port(), "/docs/" + file).statusCode()).isEqualTo(200);
    }
    assertThat(Http.get(replica.port(), "/docs/index.html").statusCode()).isEqualTo(404);
  }
}
