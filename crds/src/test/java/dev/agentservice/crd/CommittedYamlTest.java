package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The YAML in crds/ is what the types say. With {@code -Dcrds.write} it is written, not compared.
 */
class CommittedYamlTest {
  static final Path DIRECTORY = Path.of(System.getProperty("crds.directory", "."));

  @Test
  void committedFilesAreWhatTheTypesGenerate() throws IOException {
    var generated = CrdYaml.generate();
    if (System.getProperty("crds.write") != null) {
      for (var file : generated.entrySet()) {
        Files.writeString(DIRECTORY.resolve(file.getKey()), file.getValue());
      }
    }
    for (var file : generated.entrySet()) {
      var committed = DIRECTORY.resolve(file.getKey());
      assertThat(committed).as("%s is missing: run `make crds` and commit it", committed).exists();
      assertThat(committed)
          .as("%s is not what the types generate: run `make crds` and commit it", committed)
          .hasContent(file.getValue());
    }
    assertThat(applied())
        .as("files that kubectl apply -f crds/ would apply")
        .containsExactlyInAnyOrderElementsOf(generated.keySet());
  }

  private static List<String> applied() throws IOException {
    try (var files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(yml|yaml|json)"))
          .toList();
    }
  }
}
