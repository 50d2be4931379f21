package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {

  static List<Situations.Row> situations() {
    return Situations.all();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void writes(Situations.Row row) {
    assertThat(row.situation().plan()).as(row.what()).isEqualTo(row.plan());
  }

  @Test
  void aRestartForgetsTheSecretThatNeverArrived() {
    var restart = starting().withTransientEnv().restart().namesSecret("env-2").secretThere("TOKEN");

    var writes = new ArrayList<>(restart.plan());
    writes.addAll(restart.gone().plan());

    assertThat(writes).contains("BeginAttempt 3", "ForgetSecret env-1");
  }

  @Test
  void theBegunAttemptIsThatOfThePodAndOfTheFront() {
    var actions = Plan.next(ready().gone().seen());

    var begun = ((Action.BeginAttempt) actions.get(0)).status();
    var pod = ((Action.CreateSandbox) actions.get(1)).pod();
    var front = ((Action.PointFront) actions.get(2)).front();
    assertThat(begun.attempt()).isEqualTo(3);
    assertThat(pod.getMetadata().getLabels()).containsAllEntriesOf(front.getSpec().getSelector());
  }
}
