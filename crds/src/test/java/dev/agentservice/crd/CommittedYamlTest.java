package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The YAML in crds/ is what the types say, and that in admission/ what {@link AdmissionYaml} makes.
 * With {@code -Dcrds.write} it is written, not compared.
 */
class CommittedYamlTest {
  static final Path DIRECTORY = Path.of(System.getProperty("crds.directory", "."));
  static final Path ADMISSION = DIRECTORY.resolveSibling("admission");

  @Test
  void committedFilesAreWhatTheTypesGenerate() throws IOException {
    assertCommitted(DIRECTORY, CrdYaml.generate());
  }

  @Test
  void committedPoliciesAreWhatIsGenerated() throws IOException {
    assertCommitted(ADMISSION, AdmissionYaml.generate());
  }

  private static void assertCommitted(Path directory, Map<String, String> generated)
      throws IOException {
    if (System.getProperty("crds.write") != null) {
      for (var file : generated.entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
    }
    for (var file : generated.entrySet()) {
      var committed = directory.resolve(file.getKey());
      assertThat(committed).as("%s is missing: run `make crds` and commit it", committed).exists();
      assertThat(committed)
          .as("%s is not what is generated: run `make crds` and commit it", committed)
          .hasContent(file.getValue());
    }
    assertThat(applied(directory))
        .as("files that kubectl apply -f %s would apply", directory)
        .containsExactlyInAnyOrderElementsOf(generated.keySet());
  }

  private static List<String> applied(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(yml|yaml|json)"))
          .toList();
    }
  }
}
