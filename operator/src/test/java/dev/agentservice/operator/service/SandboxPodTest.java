package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.owed;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.ContainerSecurity;
import dev.agentservice.v1alpha1.ContainerSecurityBuilder;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.PodOverrides;
import dev.agentservice.v1alpha1.PodOverridesBuilder;
import dev.agentservice.v1alpha1.PodSecurity;
import dev.agentservice.v1alpha1.PodSecurityBuilder;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.Resources;
import dev.agentservice.v1alpha1.SandboxVolume;
import dev.agentservice.v1alpha1.SandboxVolumeBuilder;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxPodTest {

  // ---- Pod Security "restricted"

  /** Those from "pod may run as root" on are refused by the schema; a pod does not rely on it. */
  static Stream<Arguments> overrides() {
    return Stream.of(
        argumentSet("none", overrides(b -> b)),
        argumentSet(
            "empty ones",
            overrides(
                b -> b.securityContext(pod(s -> s)).containerSecurityContext(container(s -> s)))),
        argumentSet(
            "users",
            overrides(b -> b.securityContext(pod(s -> s.runAsUser(1000L).fsGroup(1000L))))),
        argumentSet(
            "a profile of the node",
            overrides(b -> b.securityContext(pod(s -> s.seccompProfile(seccomp("Localhost")))))),
        argumentSet(
            "a low port", overrides(b -> b.containerSecurityContext(adds("NET_BIND_SERVICE")))),
        argumentSet("a service account", overrides(b -> b.serviceAccountName("builder"))),
        argumentSet(
            "a volume",
            overrides(
                b -> b.volumes(List.of(volume(v -> v.emptyDir(new EmptyDirVolumeSource())))))),
        argumentSet(
            "pod may run as root",
            overrides(b -> b.securityContext(pod(s -> s.runAsNonRoot(false))))),
        argumentSet(
            "container may run as root",
            overrides(b -> b.containerSecurityContext(container(s -> s.runAsNonRoot(false))))),
        argumentSet(
            "privileged",
            overrides(b -> b.containerSecurityContext(container(s -> s.privileged(true))))),
        argumentSet(
            "escalation",
            overrides(
                b -> b.containerSecurityContext(container(s -> s.allowPrivilegeEscalation(true))))),
        argumentSet("pod is root", overrides(b -> b.securityContext(pod(s -> s.runAsUser(0L))))),
        argumentSet(
            "container is root",
            overrides(b -> b.containerSecurityContext(container(s -> s.runAsUser(0L))))),
        argumentSet(
            "pod unconfined",
            overrides(b -> b.securityContext(pod(s -> s.seccompProfile(seccomp("Unconfined")))))),
        argumentSet(
            "container unconfined",
            overrides(
                b ->
                    b.containerSecurityContext(
                        container(s -> s.seccompProfile(seccomp("Unconfined")))))),
        argumentSet("a capability", overrides(b -> b.containerSecurityContext(adds("SYS_ADMIN")))));
  }

  @ParameterizedTest
  @MethodSource("overrides")
  void isRestrictedWhateverTheOverrides(PodOverrides overrides) {
    var pod = sandbox(template -> template.withPodOverrides(overrides));
    var agent = agent(pod);

    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    var inherited = pod.getSpec().getSecurityContext().getSeccompProfile();
    assertThat(inherited.getType()).isIn("RuntimeDefault", "Localhost");
    assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isNotIn(0L);
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSpec().getEnableServiceLinks()).isFalse();
    assertThat(pod.getSpec().getHostNetwork()).isNotIn(true);
    assertThat(pod.getSpec().getHostPID()).isNotIn(true);
    assertThat(pod.getSpec().getHostIPC()).isNotIn(true);
    assertThat(agent.getSecurityContext().getRunAsUser()).isNotIn(0L);
    assertThat(
            requireNonNullElse(agent.getSecurityContext().getSeccompProfile(), inherited).getType())
        .isIn("RuntimeDefault", "Localhost");
    assertThat(agent.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(agent.getSecurityContext().getPrivileged()).isNotIn(true);
    assertThat(agent.getSecurityContext().getRunAsNonRoot()).isNotIn(false);
    assertThat(agent.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(requireNonNullElse(agent.getSecurityContext().getCapabilities().getAdd(), List.of()))
        .isSubsetOf("NET_BIND_SERVICE");
    assertThat(agent.getPorts()).allMatch(port -> port.getHostPort() == null);
    assertThat(agent.getTerminationMessagePath()).isNotEqualTo("/dev/termination-log");
    assertThat(agent.getTerminationMessagePolicy()).isEqualTo("File");
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    assertThat(requireNonNullElse(pod.getSpec().getVolumes(), List.<Volume>of()))
        .allMatch(volume -> volume.getHostPath() == null);
  }

  @Test
  void takesOverWhatIsHarmless() {
    var overrides =
        overrides(
            b ->
                b.labels(Map.of("team", "green"))
                    .annotations(Map.of("note", "x"))
                    .nodeSelector(Map.of("gpu", ""))
                    .tolerations(List.of(new TolerationBuilder().withKey("gpu").build()))
                    .imagePullSecrets(List.of(new LocalObjectReference("registry")))
                    .serviceAccountName("builder")
                    .securityContext(pod(s -> s.runAsUser(1000L).supplementalGroups(List.of(7L))))
                    .volumes(List.of(volume(v -> v.emptyDir(new EmptyDirVolumeSource()))))
                    .volumeMounts(
                        List.of(
                            new VolumeMountBuilder().withName("v").withMountPath("/v").build())));

    var pod = sandbox(template -> template.withPodOverrides(overrides));

    assertThat(pod.getMetadata().getLabels()).containsEntry("team", "green");
    assertThat(pod.getMetadata().getAnnotations()).containsExactlyEntriesOf(Map.of("note", "x"));
    assertThat(pod.getSpec().getNodeSelector()).containsEntry("gpu", "");
    assertThat(pod.getSpec().getTolerations()).hasSize(1);
    assertThat(pod.getSpec().getImagePullSecrets()).hasSize(1);
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("builder");
    assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(1000);
    assertThat(pod.getSpec().getVolumes().getFirst().getEmptyDir()).isNotNull();
    assertThat(agent(pod).getVolumeMounts().getFirst().getMountPath()).isEqualTo("/v");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hasUsersOfItsOwnWhereTheInstallationSaysSo(boolean launched) {
    var situation = launched ? owed().launched() : owed();
    var image = situation.seen().sandboxes().launcherImage();

    assertThat(sandbox(situation).getSpec().getHostUsers()).isNull();
    assertThat(
            sandbox(new Situation(situation.seen().withSandboxes(new SandboxSettings(image, true))))
                .getSpec()
                .getHostUsers())
        .isFalse();
  }

  // ---- how it ends

  @ParameterizedTest
  @CsvSource({
    "Always, false, Always",
    "Always, true , Never",
    "Never , false, Never",
    "Never , true , Never",
  })
  void restartPolicy(String recipe, boolean transientEnv, String expected) {
    var situation = recipe.equals("Never") ? owed().never() : owed();
    if (transientEnv) {
      situation = situation.withTransientEnv().secretOwned("TOKEN");
    }

    assertThat(sandbox(situation).getSpec().getRestartPolicy()).isEqualTo(expected);
  }

  @Test
  void hasTheRecipesOwnGracePeriod() {
    assertThat(sandbox(t -> t.withStopGraceSeconds(7)).getSpec().getTerminationGracePeriodSeconds())
        .isEqualTo(7);
    assertThat(sandbox(t -> t.withStopGraceSeconds(0)).getSpec().getTerminationGracePeriodSeconds())
        .as("0 would make each deletion a forced one")
        .isEqualTo(1);
  }

  // ---- env

  @Test
  void namesTheTransientSecretAndHoldsNoValue() {
    var pod =
        sandbox(
            owed()
                .recipe(t -> t.withEnv(List.of(new EnvValue("COLOR", "blue"))))
                .withTransientEnv()
                .secretOwned("TOKEN"));

    assertThat(agent(pod).getEnv()).extracting(e -> e.getName()).containsExactly("COLOR");
    assertThat(agent(pod).getEnvFrom())
        .singleElement()
        .extracting(source -> source.getSecretRef().getName())
        .isEqualTo("env-1");
    assertThat(Serialization.asJson(pod)).doesNotContain("TOKEN");
  }

  // ---- resources

  /** As cpu memory ephemeral-storage, of limits and of requests. */
  @ParameterizedTest
  @CsvSource({
    "''        , ''        , 1 512Mi 2Gi  , 50m 64Mi 128Mi",
    "cpu=2     , ''        , 2 512Mi 2Gi  , 50m 64Mi 128Mi",
    "cpu=10m   , ''        , 10m 512Mi 2Gi, 10m 64Mi 128Mi",
    "memory=0  , ''        , 1 512Mi 2Gi  , 50m 64Mi 128Mi",
    "memory=1Gi, ''        , 1 1Gi 2Gi    , 50m 64Mi 128Mi",
    "''        , memory=4Gi, 1 4Gi 2Gi    , 50m 4Gi 128Mi",
    "''        , cpu=200m  , 1 512Mi 2Gi  , 200m 64Mi 128Mi",
    "memory=32Mi, ''       , 1 32Mi 2Gi   , 50m 32Mi 128Mi",
    "ephemeral-storage=100Mi, '', 1 512Mi 100Mi, 50m 64Mi 100Mi",
  })
  void limitsAreAlwaysSet(String limits, String requests, String haveLimits, String haveRequests) {
    var asked = new Resources(quantities(requests), quantities(limits));
    var resources = agent(sandbox(t -> t.withResources(asked))).getResources();

    assertThat(words(resources.getLimits(), "cpu", "memory", "ephemeral-storage"))
        .isEqualTo(haveLimits);
    assertThat(words(resources.getRequests(), "cpu", "memory", "ephemeral-storage"))
        .isEqualTo(haveRequests);
  }

  @Test
  void otherResourcesAreTakenAsTheyAre() {
    var asked = new Resources(null, Map.of("nvidia.com/gpu", new Quantity("1")));

    assertThat(agent(sandbox(t -> t.withResources(asked))).getResources().getLimits())
        .containsEntry("nvidia.com/gpu", new Quantity("1"))
        .containsKeys("cpu", "memory", "ephemeral-storage");
  }

  // ---- probes

  @Test
  void probesAskWhatTheRecipeSays() {
    var http = new Readiness(new Readiness.HttpCheck("/ok"), null, 7, 2);
    var agent = agent(sandbox(t -> t.withReadiness(http).withStartTimeoutSeconds(40)));

    assertThat(agent.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ok");
    assertThat(agent.getReadinessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(8080);
    assertThat(agent.getReadinessProbe().getPeriodSeconds()).isEqualTo(7);
    assertThat(agent.getReadinessProbe().getFailureThreshold()).isEqualTo(2);
    assertThat(agent.getStartupProbe()).isNull();
    assertThat(agent.getLivenessProbe()).isNull();
  }

  @Test
  void tcpIsACheckAndNoneIsNone() {
    var tcp = new Readiness(null, new Readiness.TcpCheck(), 5, 3);

    assertThat(
            agent(sandbox(t -> t.withReadiness(tcp))).getReadinessProbe().getTcpSocket().getPort())
        .extracting(port -> port.getIntVal())
        .isEqualTo(8080);
    assertThat(agent(sandbox(t -> t.withReadiness(null))).getReadinessProbe()).isNull();
  }

  /** What is not written means the default, or a version's name would not say what runs. */
  @Test
  void defaultsNeedNotBeWritten() {
    var written = new Readiness(null, new Readiness.TcpCheck(), 1, 10);
    var unwritten = new Readiness(null, new Readiness.TcpCheck(), null, null);

    assertThat(
            sandbox(
                t ->
                    t.withReadiness(unwritten)
                        .withStartTimeoutSeconds(null)
                        .withStopGraceSeconds(null)
                        .withRestartPolicy(null)))
        .isEqualTo(sandbox(t -> t.withReadiness(written)));
  }

  // ---- who it is

  /** The names of pods that run today: changing one starts a second pod beside each of them. */
  @ParameterizedTest
  @CsvSource({
    "shop                , 7a1c3b1e-0000-4000-8000-000000000001, 1  , shop-7wdij3kn",
    "shop                , 7a1c3b1e-0000-4000-8000-000000000001, 2  , shop-zgyllyvd",
    "shop                , 7a1c3b1e-0000-4000-8000-000000000002, 1  , shop-cfa2kvz7",
    "adsvc-abcdefghijk23 , 7a1c3b1e-0000-4000-8000-000000000001, 117, adsvc-abcdefghijk23-2ctjifnh",
  })
  void nameIsAlwaysTheSame(String name, String uid, int attempt, String expected) {
    assertThat(ServiceNames.sandbox(service(name, uid), attempt)).isEqualTo(expected);
  }

  @Test
  void theLongestServiceNameLeavesRoom() {
    assertThat(ServiceNames.sandbox(service("s".repeat(54), "uid"), Integer.MAX_VALUE)).hasSize(63);
  }

  @Test
  void isOwnedByItsServiceAndCarriesOurLabelsWhateverTheOverrides() {
    var theirs =
        Map.of(
            Names.SERVICE_UID_LABEL, "stolen",
            Names.ATTEMPT_LABEL, "99",
            Names.SERVICE_LABEL, "other",
            Names.DEPLOYMENT_LABEL, "other",
            Names.MANAGED_BY_LABEL, "other");
    var situation = owed().recipe(t -> t.withPodOverrides(overrides(b -> b.labels(theirs))));
    var service = situation.seen().service();

    var pod = sandbox(situation);

    assertThat(pod.getMetadata().getLabels())
        .containsEntry(Names.SERVICE_UID_LABEL, service.getMetadata().getUid())
        .containsEntry(Names.ATTEMPT_LABEL, "2")
        .containsEntry(Names.SERVICE_LABEL, "shop")
        .containsEntry(Names.DEPLOYMENT_LABEL, "echo")
        .containsEntry(Names.MANAGED_BY_LABEL, Names.MANAGED_BY);
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("tenant");
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getUid()).isEqualTo(service.getMetadata().getUid());
              assertThat(owner.getKind()).isEqualTo("AgentService");
              assertThat(owner.getApiVersion()).isEqualTo("agentservice.dev/v1alpha1");
              assertThat(owner.getController()).isTrue();
            });
  }

  /** Labels and annotations of an AgentService may hold anything. */
  @Test
  void nothingIsCopiedFromTheServicesMetadata() {
    var situation = owed();
    situation.seen().service().getMetadata().setLabels(Map.of("mine", "CANARY"));
    situation.seen().service().getMetadata().setAnnotations(Map.of("mine", "CANARY"));

    assertThat(Serialization.asJson(sandbox(situation))).doesNotContain("CANARY");
    assertThat(Serialization.asJson(front(situation))).doesNotContain("CANARY");
  }

  // ---- its Service

  @Test
  void theServiceSelectsByUidAndAttemptAndNeverByName() {
    var front = front(owed());

    assertThat(front.getSpec().getSelector())
        .containsOnlyKeys(Names.SERVICE_UID_LABEL, Names.ATTEMPT_LABEL)
        .containsEntry(Names.ATTEMPT_LABEL, "2");
    assertThat(sandbox(owed()).getMetadata().getLabels())
        .containsAllEntriesOf(front.getSpec().getSelector());
  }

  @Test
  void theServiceHasTheAgentsPortAndTheServicesName() {
    var front = front(owed());
    var port = front.getSpec().getPorts().getFirst();

    assertThat(front.getMetadata().getName()).isEqualTo("shop");
    assertThat(front.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(port.getPort()).isEqualTo(8080);
    assertThat(agent(sandbox(owed())).getPorts().getFirst().getName())
        .isEqualTo(port.getTargetPort().getStrVal());
  }

  // ----

  private static Pod sandbox(UnaryOperator<Template> change) {
    return sandbox(owed().recipe(change));
  }

  private static Pod sandbox(Situation situation) {
    return AttemptPod.of(situation.seen(), (Recipe.Found) situation.seen().recipe());
  }

  private static Service front(Situation situation) {
    return FrontService.of(situation.seen());
  }

  private static Container agent(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private static AgentService service(String name, String uid) {
    var service = new AgentService();
    service.getMetadata().setName(name);
    service.getMetadata().setUid(uid);
    return service;
  }

  private static PodOverrides overrides(UnaryOperator<PodOverridesBuilder> fill) {
    return fill.apply(PodOverridesBuilder.builder()).build();
  }

  private static PodSecurity pod(UnaryOperator<PodSecurityBuilder> fill) {
    return fill.apply(PodSecurityBuilder.builder()).build();
  }

  private static ContainerSecurity container(UnaryOperator<ContainerSecurityBuilder> fill) {
    return fill.apply(ContainerSecurityBuilder.builder()).build();
  }

  private static ContainerSecurity adds(String capability) {
    return container(s -> s.capabilities(new CapabilitiesBuilder().addToAdd(capability).build()));
  }

  private static SeccompProfile seccomp(String type) {
    return new SeccompProfileBuilder().withType(type).withLocalhostProfile("p").build();
  }

  private static SandboxVolume volume(UnaryOperator<SandboxVolumeBuilder> fill) {
    return fill.apply(SandboxVolumeBuilder.builder().name("v")).build();
  }

  private static Map<String, Quantity> quantities(String text) {
    return text.isEmpty()
        ? null
        : Map.of(text.split("=", -1)[0], new Quantity(text.split("=", -1)[1]));
  }

  private static String words(Map<String, Quantity> quantities, String... names) {
    return String.join(" ", Stream.of(names).map(n -> quantities.get(n).toString()).toList());
  }
}
