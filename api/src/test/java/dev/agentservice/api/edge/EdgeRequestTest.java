package dev.agentservice.api.edge;

import static dev.agentservice.api.edge.Visit.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/?edge_token=t               | /",
        "/a/b?edge_token=t            | /a/b",
        "/a?x=1&edge_token=t&y=%2F    | /a?x=1&y=%2F",
        "/a?Edge%5FToken=t            | /a",
        "//evil.example/?edge_token=t | /evil.example/",
        "/\\evil.example?edge_token=t | /evil.example",
        "/%2f%2fevil?edge_token=t     | /%2f%2fevil",
        "/a//b?edge_token=t           | /a//b",
        "/../a?edge_token=t           | /../a",
      })
  void theCleanUriHasNoTokenAndOneSlashInFront(String uri, String clean) {
    assertThat(Visit.of(SHOP).uri(uri).request().orElseThrow().cleanUri()).isEqualTo(clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1; __Host-edge_token=t; b=2  | a=1; b=2",
        "__Host-edge_token=t            | ''",
        "__Host-edge_token=t;__Host-edge_token=u;c | c",
        "__Host-edge_tokens=t           | __Host-edge_tokens=t",
      })
  void theAgentGetsTheOtherCookies(String cookies, String others) {
    assertThat(Visit.of(SHOP).header("Cookie", cookies).request().orElseThrow().otherCookies())
        .isEqualTo(others);
  }
}
