package dev.agentservice.operator.recipe;

import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.Template;
import java.util.Optional;

/** Which recipes a launcher starts. */
public final class Supervised {

  private Supervised() {}

  /** Where it is known what to start, nobody says no, and there is a launcher. */
  public static boolean applies(Template template, Optional<String> launcherImage) {
    return launcherImage.isPresent() && isWanted(template);
  }

  /** An image's own entrypoint is not known from outside. */
  public static boolean isWanted(Template template) {
    return template.supervision() != Supervision.NONE
        && template.command() != null
        && !template.command().isEmpty();
  }
}
