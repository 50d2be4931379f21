package dev.agentservice.api.problem;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The table of errors in docs/api.md is the one of the code. */
class ErrorTableTest {

  private static final Path PAGE = Path.of("..", "docs", "api.md");
  private static final String END_OF_PROSE = "ErrorTableTest compares. -->\n";

  @Test
  void everyErrorIsExplained() throws IOException {
    var page = Files.readString(PAGE);
    var prose = page.substring(0, page.indexOf(END_OF_PROSE) + END_OF_PROSE.length());
    var current = prose + "\n" + table();
    if (System.getProperty("docs.write") != null) {
      Files.writeString(PAGE, current);
    }

    assertThat(PAGE).as("run `make docs` and commit it").hasContent(current);
  }

  private static String table() {
    return Arrays.stream(ErrorCode.values())
        .map(
            code ->
                "| %d | `%s` | %s | %s |"
                    .formatted(
                        code.status(), code.code(), code.meaning(), code.retryable() ? "yes" : ""))
        .collect(
            joining(
                "\n",
                "| status | code | what it means | retryable |\n| --- | --- | --- | --- |\n",
                "\n"));
  }
}
