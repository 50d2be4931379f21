package dev.agentservice.operator.deployment;

import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.recipe.RecipeName;
import dev.agentservice.operator.sandbox.Obstacle;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A deployment named echo in a situation, for tests; its recipes are told apart by a letter. */
record Seen(DeploymentObservation observation) {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Its current recipe is {@code letter}; there are no versions yet. */
  static Seen deployment(String letter) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName("echo")
            .withUid("uid-1")
            .withGeneration(4L)
            .build());
    deployment.setSpec(AgentDeploymentSpecBuilder.builder().template(recipe(letter)).build());
    return new Seen(
        new DeploymentObservation(
            deployment,
            List.of(),
            Set.of(),
            Map.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            new SandboxSettings(Optional.empty(), false),
            Optional.empty(),
            "seed",
            NOW));
  }

  static String nameOf(String letter) {
    return RecipeName.of("echo", recipe(letter));
  }

  /** A genuine version. */
  Seen with(String letter, long number) {
    return with(version(letter, number, "uid-1"));
  }

  Seen withOwnerless(String letter, long number) {
    return with(version(letter, number, null));
  }

  /** Somebody else's recipe under the name of {@code letter}. */
  Seen withPlanted(String letter) {
    var planted = version("planted", 7, "uid-1");
    planted.getMetadata().setName(nameOf(letter));
    return with(planted);
  }

  Seen edit(String letter) {
    return spec(spec -> spec.withTemplate(recipe(letter)));
  }

  /** The operator has a launcher for sandboxes. */
  Seen launcher(String image) {
    return new Seen(observation.withSandboxes(new SandboxSettings(Optional.of(image), false)));
  }

  /** A sandbox that waits, made so many seconds ago. */
  Seen pool(String name, String version, boolean ready, boolean over, long secondsAgo) {
    return pool(name, version, ready, over, secondsAgo, Optional.empty());
  }

  /** A sandbox that does not get ready. */
  Seen stuck(String name, String version, Obstacle obstacle) {
    return pool(name, version, false, false, 1, Optional.of(obstacle));
  }

  private Seen pool(
      String name,
      String version,
      boolean ready,
      boolean over,
      long secondsAgo,
      Optional<Obstacle> obstacle) {
    var pool = new ArrayList<>(observation.pool());
    pool.add(
        new PoolSandbox(
            name,
            "uid-of-" + name,
            "1",
            version,
            ready,
            over,
            false,
            obstacle,
            NOW.minusSeconds(secondsAgo)));
    return new Seen(observation.withPool(List.copyOf(pool)));
  }

  Seen spec(UnaryOperator<AgentDeploymentSpec> change) {
    var before = observation.deployment();
    var deployment = new AgentDeployment();
    deployment.setMetadata(before.getMetadata());
    deployment.setSpec(change.apply(before.getSpec()));
    deployment.setStatus(before.getStatus());
    return new Seen(observation.withDeployment(deployment));
  }

  Seen referenced(String... letters) {
    var names = new HashSet<String>();
    for (var letter : letters) {
      names.add(nameOf(letter));
    }
    return new Seen(observation.withReferenced(names));
  }

  /** The API server would not do this one. */
  Seen refused(DeploymentAction action, int httpStatus) {
    return new Seen(
        observation.withRefusal(
            Optional.of(new DeploymentObservation.Refusal(action, httpStatus))));
  }

  /** NetworkPolicies are this operator's business; there is none yet. */
  Seen onNetwork(ClusterNetwork network) {
    return new Seen(observation.withNetwork(Optional.of(network)));
  }

  Seen services(Map<String, Integer> counts) {
    return new Seen(observation.withServices(counts));
  }

  /** What is seen after the planned writes. */
  Seen applied() {
    var next = new ArrayList<>(observation.versions());
    for (var action : DeploymentPlan.next(observation)) {
      switch (action) {
        case DeploymentAction.PutPolicy _,
            DeploymentAction.IsolateNamespace _,
            DeploymentAction.CreateWarm _,
            DeploymentAction.RemoveWarm _ -> {}
        case DeploymentAction.CutVersion cut -> next.add(cut.version());
        case DeploymentAction.AdoptVersion adopt -> {
          next.removeIf(v -> name(v).equals(name(adopt.version())));
          next.add(adopt.version());
        }
        case DeploymentAction.PruneVersion prune ->
            next.removeIf(v -> name(v).equals(prune.name()));
      }
    }
    return versions(next);
  }

  /** The planned writes, each with the letter of its recipe. */
  List<String> plan() {
    return DeploymentPlan.next(observation).stream()
        .map(
            action ->
                switch (action) {
                  case DeploymentAction.PutPolicy put ->
                      "Put " + put.policy().getMetadata().getName();
                  case DeploymentAction.CutVersion cut ->
                      "Cut %s as %d".formatted(letter(cut.version()), number(cut.version()));
                  case DeploymentAction.IsolateNamespace isolate ->
                      "Isolate " + isolate.policy().getMetadata().getNamespace();
                  case DeploymentAction.CreateWarm _ -> "CreateWarm";
                  case DeploymentAction.RemoveWarm remove ->
                      "RemoveWarm " + remove.sandbox().name();
                  case DeploymentAction.AdoptVersion adopt -> "Adopt " + letter(adopt.version());
                  case DeploymentAction.PruneVersion prune ->
                      "Prune "
                          + letter(observation.version(prune.name()).orElseThrow())
                          + (prune.uid().startsWith("uid-of-") ? "" : " with a wrong UID");
                })
        .toList();
  }

  private Seen with(AgentVersion version) {
    var versions = new ArrayList<>(observation.versions());
    versions.add(version);
    return versions(versions);
  }

  private Seen versions(List<AgentVersion> versions) {
    return new Seen(observation.withVersions(List.copyOf(versions)));
  }

  static AgentVersion version(String letter, long number, String ownerUid) {
    var version = new AgentVersion();
    version.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName(nameOf(letter))
            .withUid("uid-of-" + letter)
            .withOwnerReferences(ownerUid == null ? List.of() : List.of(owner(ownerUid)))
            .build());
    version.setSpec(new AgentVersionSpec("echo", number, recipe(letter)));
    return version;
  }

  private static OwnerReference owner(String uid) {
    return new OwnerReferenceBuilder()
        .withApiVersion("agentservice.dev/v1alpha1")
        .withKind("AgentDeployment")
        .withName("echo")
        .withUid(uid)
        .build();
  }

  private static Template recipe(String letter) {
    return TemplateBuilder.builder().image("registry.example/" + letter).port(8080).build();
  }

  private static String name(AgentVersion version) {
    return version.getMetadata().getName();
  }

  private static long number(AgentVersion version) {
    return version.getSpec().number();
  }

  private static String letter(AgentVersion version) {
    return version.getSpec().template().image().replace("registry.example/", "");
  }
}
