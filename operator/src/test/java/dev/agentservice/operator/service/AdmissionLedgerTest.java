package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionLedgerTest {

  private static final Admission ADMITTED = new Admission.Admitted();

  private final List<AgentService> services = new ArrayList<>();
  private Integer maxServices;

  private final AdmissionLedger ledger =
      new AdmissionLedger(
          new AdmissionLedger.Siblings() {
            @Override
            public Stream<AgentService> siblings(AgentService service) {
              return services.stream();
            }

            @Override
            public Stream<AgentService> withKey(AgentService service, String key) {
              return services.stream()
                  .filter(other -> IdempotencyKey.of(other).equals(Optional.of(key)));
            }

            @Override
            public Optional<Integer> maxServices(AgentService service) {
              return Optional.ofNullable(maxServices);
            }
          });

  // ---- maxServices

  @Test
  void withoutABoundEveryoneIsAdmitted() {
    live("a");
    assertThat(ledger.admit(waiting("b"))).isEqualTo(ADMITTED);
  }

  @Test
  void theLastPlaceIsGivenOnce() {
    maxServices = 2;
    live("a");
    var b = waiting("b");
    var c = waiting("c");

    assertThat(ledger.ask(b)).isEqualTo(ADMITTED);
    assertThat(ledger.ask(c)).isEqualTo(ADMITTED);
    assertThat(ledger.admit(b)).isEqualTo(ADMITTED);
    assertThat(ledger.admit(c)).isInstanceOf(Admission.Full.class);
    assertThat(ledger.admit(b)).as("again, its write had failed").isEqualTo(ADMITTED);
  }

  @Test
  void onesThatAreOverOrWaitHoldNoPlace() {
    maxServices = 1;
    add("stopped", Phase.STOPPED, 1);
    add("failed", Phase.FAILED, 3);
    waiting("waiting");

    assertThat(ledger.ask(waiting("b"))).isEqualTo(ADMITTED);
  }

  /** Its own status says that it is starting, by an attempt that is over. */
  @ParameterizedTest
  @MethodSource("ranBefore")
  void oneThatRanBeforeWaitsForAPlaceLikeAnyOther(Situation wantedAgain) {
    maxServices = 1;
    live("a");
    var waits = wantedAgain.seen().withAdmission(ledger.ask(wantedAgain.seen().service()));
    var told = ServiceStatus.withStatus(waits.service(), ServiceStatus.of(waits));
    services.add(told);

    assertThat(told.getStatus().readinessStatus().reason()).isEqualTo("MaxServicesReached");
    assertThat(ledger.ask(told)).as("the pass after that").isEqualTo(new Admission.Full());

    maxServices = 2;
    assertThat(ledger.ask(waiting("c"))).as("while it waits").isEqualTo(ADMITTED);
    assertThat(ledger.admit(told)).as("there is room").isEqualTo(ADMITTED);
    assertThat(ledger.ask(waiting("d"))).as("its place is taken").isEqualTo(new Admission.Full());
  }

  static Stream<Situation> ranBefore() {
    return Stream.of(
        Situation.stopped().run(),
        Situation.completed().restart(),
        Situation.failed(Reason.EXITED).restart(),
        Situation.failed(Reason.EXITED).leaving().restart());
  }

  @Test
  void oneThatWaitsToBeRestartedBesideItsAgentHoldsItsPlace() {
    maxServices = 1;
    var waits = Situation.starting().restart().namesSecret("env-2").secretAbsent().seen();
    services.add(ServiceStatus.withStatus(waits.service(), ServiceStatus.of(waits)));

    assertThat(ledger.ask(waiting("b"))).isEqualTo(new Admission.Full());
  }

  @Test
  void oneThatStopsHoldsItsPlaceUntilItsSandboxIsGone() {
    maxServices = 1;
    add("stopping", Phase.STOPPING, 1);

    assertThat(ledger.ask(waiting("b"))).isInstanceOf(Admission.Full.class);
  }

  @Test
  void oneThatLivesIsNotPutOutByALowerBound() {
    live("a");
    var b = live("b");
    maxServices = 0;

    assertThat(ledger.admit(b)).as("a restart").isEqualTo(ADMITTED);
  }

  @Test
  void aPlaceThatWasNotUsedIsFree() {
    maxServices = 1;
    var a = waiting("a");
    ledger.admit(a);
    ledger.settle(a);

    assertThat(ledger.admit(waiting("b"))).isEqualTo(ADMITTED);
  }

  @Test
  void passesAtTheSameTimeDoNotOverfill() throws InterruptedException, ExecutionException {
    maxServices = 10;
    var waiting = IntStream.range(0, 200).mapToObj(i -> waiting("s" + i)).toList();
    try (var threads = Executors.newFixedThreadPool(8)) {
      var admitted = 0;
      for (var answer :
          threads.invokeAll(
              waiting.stream()
                  .<Callable<Admission>>map(service -> () -> ledger.admit(service))
                  .toList())) {
        admitted += answer.get().equals(ADMITTED) ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(10);
    }
  }

  // ---- idempotency keys

  @Test
  void theOlderOneWins() {
    var older = keyed(waiting("older"), "2026-01-01T00:00:00Z");
    var younger = keyed(waiting("younger"), "2026-01-01T00:00:01Z");

    assertThat(ledger.admit(younger)).isEqualTo(new Admission.Duplicate("older", false));
    assertThat(ledger.admit(older)).isEqualTo(ADMITTED);
  }

  @Test
  void ofTheSameAgeTheSmallerUidWins() {
    var a = keyed(waiting("a"), "2026-01-01T00:00:00Z");
    var b = keyed(waiting("b"), "2026-01-01T00:00:00Z");

    assertThat(ledger.ask(b)).isEqualTo(new Admission.Duplicate("a", false));
    assertThat(ledger.ask(a)).isEqualTo(ADMITTED);
  }

  @Test
  void anAttemptAlreadyMadeWinsOverAge() {
    var older = keyed(waiting("older"), "2026-01-01T00:00:00Z");
    keyed(live("younger"), "2026-01-01T00:00:01Z");

    assertThat(ledger.ask(older)).isEqualTo(new Admission.Duplicate("younger", false));
  }

  @Test
  void anAttemptThatIsBeingMadeWinsOverAge() {
    var younger = keyed(waiting("younger"), "2026-01-01T00:00:01Z");
    ledger.admit(younger);
    var older = keyed(waiting("older"), "2026-01-01T00:00:00Z");

    assertThat(ledger.admit(older)).isEqualTo(new Admission.Duplicate("younger", false));
  }

  @Test
  void oneThatIsOverLetsItsKeyGo() {
    keyed(add("over", Phase.STOPPED, 1), "2026-01-01T00:00:00Z");

    assertThat(ledger.ask(keyed(waiting("b"), "2026-01-01T00:00:01Z"))).isEqualTo(ADMITTED);
  }

  @Test
  void otherKeysAreOthersMatters() {
    keyed(live("a"), "2026-01-01T00:00:00Z");
    var b = waiting("b");
    b.getMetadata().setAnnotations(Map.of(Names.IDEMPOTENCY_KEY_ANNOTATION, "other"));

    assertThat(ledger.ask(b)).isEqualTo(ADMITTED);
    assertThat(ledger.ask(waiting("without"))).isEqualTo(ADMITTED);
  }

  @Test
  void aSecretThatBothNameIsTheWinners() {
    var a = keyed(live("a"), "2026-01-01T00:00:00Z");
    var b = keyed(waiting("b"), "2026-01-01T00:00:01Z");
    for (var service : List.of(a, b)) {
      service.setSpec(service.getSpec().withEnvSecret(new EnvSecret("env-1")));
    }

    assertThat(ledger.ask(b)).isEqualTo(new Admission.Duplicate("a", true));
  }

  private AgentService live(String name) {
    return add(name, Phase.READY, 1);
  }

  private AgentService waiting(String name) {
    return add(name, Phase.STARTING, null);
  }

  private AgentService add(String name, Phase phase, Integer attempt) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName(name)
            .withUid("uid-" + name)
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .build());
    service.setSpec(AgentServiceSpecBuilder.builder().deployment("echo").build());
    service.setStatus(AgentServiceStatusBuilder.builder().phase(phase).attempt(attempt).build());
    services.add(service);
    return service;
  }

  private static AgentService keyed(AgentService service, String createdAt) {
    service.getMetadata().setCreationTimestamp(createdAt);
    service.getMetadata().setAnnotations(Map.of(Names.IDEMPOTENCY_KEY_ANNOTATION, "order-4711"));
    return service;
  }
}
