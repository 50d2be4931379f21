package dev.agentservice.operator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which way the arrows point. */
class ArchitectureTest {

  private static final JavaClasses OPERATOR =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.agentservice.operator");

  /** Functions over what was seen: they know of no cluster and of no clock. */
  private static final Set<String> PURE =
      Set.of(
          "Intent",
          "Admission",
          "AdmissionLedger",
          "IdempotencyKey",
          "Refusal",
          "Announcements",
          "StartCheck",
          "Rules",
          "IntentRules",
          "SandboxRules",
          "AgentRules",
          "Patience",
          "Plan",
          "ServiceStatus",
          "Conditions",
          "ReadinessDetails",
          "ServiceNames",
          "Clocks",
          "Recovery",
          "Reason",
          "SandboxReading",
          "FrontReading",
          "Obstacle",
          "SandboxPod",
          "SandboxEnv",
          "LaunchedPod",
          "AttemptPod",
          "WarmPod",
          "Warm",
          "PoolPlan",
          "PoolStatus",
          "PoolSandbox",
          "Supervised",
          "Heard",
          "Nonce",
          "LauncherWord",
          "LineReader",
          "FrontService",
          "Observation",
          "PublicUrl",
          "PublicRoute",
          "PublicUrlSettings",
          "RouteTarget",
          "Protection",
          "SandboxNetwork",
          "OutboundRanges",
          "DeploymentObservation",
          "DeploymentPlan",
          "DeploymentStatus",
          "VersionStatus",
          "ConditionWriter",
          "RecipeName",
          "Provenance");

  private static final Set<String> WRITERS =
      Set.of(
          "Hands",
          "Children",
          "DeploymentHands",
          "EventRecorder",
          "TransientSecrets",
          "InstallationCheck", // makes a recipe and deletes it
          "PreconditionedDelete",
          "Routes",
          "Sentinel", // its own route
          "AgentDeploymentReconciler",
          "AgentVersionReconciler",
          "AgentServiceOperator"); // gives its lease back

  private static final String WRITES =
      "create|createOr.*|update|updateStatus|updatePrimaryStatus|patch|patchStatus|edit|editStatus"
          + "|replace|replaceStatus|delete|raw|serverSideApply|resourcePatch|serverSideApply.*"
          + "|jsonPatch.*|jsonMergePatch.*|unlock|scale";

  @Test
  void pureClassesKnowNoClient() {
    noClasses()
        .that(are(PURE))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
        .check(OPERATOR);
  }

  @Test
  void pureClassesKnowNoClock() {
    noClasses()
        .that(are(PURE))
        .should()
        .callMethodWhere(
            target(nameMatching("now|currentTimeMillis|nanoTime|system.*|randomUUID"))
                .and(target(owner(resideInAPackage("java..")))))
        .check(OPERATOR);
    noClasses()
        .that(are(PURE))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(OPERATOR);
  }

  @Test
  void theListOfPureClassesIsRight() {
    assertThat(OPERATOR.stream().map(JavaClass::getSimpleName)).containsAll(PURE);
  }

  @Test
  void onlyTheOperatorItselfAsksTheSystemsClock() {
    noClasses()
        .that(not(are(Set.of("AgentServiceOperator"))))
        .should()
        .callMethodWhere(target(nameMatching("system.*")).and(target(owner(type(Clock.class)))))
        .check(OPERATOR);
  }

  @Test
  void onlyMainReadsTheEnvironment() {
    noClasses()
        .that(not(are(Set.of("Main"))))
        .should()
        .callMethodWhere(target(nameMatching("getenv")))
        .check(OPERATOR);
  }

  @Test
  void onlyAFewWriteToTheCluster() {
    noClasses()
        .that(not(are(WRITERS)))
        .should()
        .callMethodWhere(
            target(nameMatching(WRITES))
                .and(
                    target(
                        owner(
                            resideInAPackage("io.fabric8.kubernetes.client..")
                                .or(
                                    resideInAPackage(
                                        "io.javaoperatorsdk.operator.api.reconciler.."))))))
        .check(OPERATOR);
  }

  @Test
  void onlyOneClassKnowsSecrets() {
    noClasses()
        .that(not(are(Set.of("TransientSecrets"))))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "io\\.fabric8\\.kubernetes\\.api\\.model\\.Secret(List|Builder|Fluent)?(\\$.*)?")
        .orShould()
        .callMethodWhere(target(nameMatching("secrets")))
        .check(OPERATOR);
  }

  @Test
  void kindsDoNotKnowEachOther() {
    slices()
        .matching("dev.agentservice.operator.(service|deployment|version)..")
        .should()
        .notDependOnEachOther()
        .check(OPERATOR);
    noClasses()
        .that()
        .resideInAPackage("..recipe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..service..", "..deployment..", "..version..")
        .check(OPERATOR);
  }

  @Test
  void whatIsSharedKnowsNoReconciler() {
    classes()
        .that(are(Set.of("Reason", "Sandbox", "Front", "Recipe", "TransientSecret", "Verdict")))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "dev.agentservice.v1alpha1..", "dev.agentservice.operator.service..")
        .check(OPERATOR);
  }

  /** By simple name, with what is nested in it. */
  private static DescribedPredicate<JavaClass> are(Set<String> simpleNames) {
    return describe(
        String.join(", ", simpleNames.stream().sorted().toList()),
        javaClass ->
            simpleNames.contains(
                javaClass.getName().replaceAll(".*\\.", "").replaceAll("\\$.*", "")));
  }
}
