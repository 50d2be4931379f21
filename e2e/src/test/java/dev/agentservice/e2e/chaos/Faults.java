package dev.agentservice.e2e.chaos;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The faults one by one, with what {@code make e2e} leaves out for its length. */
final class Faults implements TestExecutionListener {

  private static final LauncherDiscoveryRequest ALL =
      LauncherDiscoveryRequestBuilder.request()
          .selectors(
              selectClass("dev.agentservice.e2e.OperatorFaultsTest"),
              selectClass("dev.agentservice.e2e.ComponentFaultsTest"),
              selectClass("dev.agentservice.e2e.WarmCrashTest"),
              selectClass("dev.agentservice.e2e.WarmFaultsTest"))
          .build();

  private final Progress progress;
  private final List<String> failed = new ArrayList<>();
  private int ended;

  private Faults(Progress progress) {
    this.progress = progress;
  }

  /**
   * What came of them.
   *
   * @param failed their names
   */
  record Result(int ended, List<String> failed) {}

  static Result run(Progress progress) {
    var faults = new Faults(progress);
    LauncherFactory.create().execute(ALL, faults);
    return new Result(faults.ended, List.copyOf(faults.failed));
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    note(test, "skipped: " + reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    var good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (test.isTest()) {
      ended++;
    }
    if (good && test.isTest()) {
      progress.say("fault " + test.getDisplayName() + ": as expected");
    }
    if (!good) {
      note(test, result.getThrowable().map(Throwable::toString).orElse("aborted"));
    }
  }

  private void note(TestIdentifier test, String problem) {
    failed.add(test.getDisplayName());
    progress.say("FAULT %s: %s".formatted(test.getDisplayName(), problem));
  }
}
