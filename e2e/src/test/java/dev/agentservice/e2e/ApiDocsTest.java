package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/api.md work as they are written, one after the other. */
class ApiDocsTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("```(bash|python|java)\\n(.*?)```", Pattern.DOTALL);

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void examples(@TempDir Path folder) throws IOException {
    tenant.applyDeployment(template -> template);
    tenant.activeVersion();
    var script = new StringBuilder("cd " + folder + "\n");
    var examples = EXAMPLE.matcher(Files.readString(Repository.ROOT.resolve("docs/api.md")));
    for (var number = 0; examples.find(); number++) {
      var file = folder.resolve("example" + number + "." + examples.group(1));
      Files.writeString(file, examples.group(2));
      script.append(
          switch (examples.group(1)) {
            // sourced: an example may use what one before it exported
            case "bash" -> "source " + file;
            case "python" -> "\"$EXAMPLES_PYTHON\" " + file;
            case String java -> "\"$JAVA_HOME/bin/java\" --source 25 " + file;
          });
      script.append("\n");
    }

    tenant.bash("export NAMESPACE=" + tenant.namespace() + " DEPLOYMENT=d\n" + script);

    // curl's, Python's and Java's
    assertThat(tenant.services()).hasSize(3);
  }
}
