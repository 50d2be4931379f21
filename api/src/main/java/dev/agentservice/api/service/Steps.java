package dev.agentservice.api.service;

import java.util.Locale;
import java.util.Map;

/**
 * Told before each write of a create or restart. In production nobody listens; a test lets a
 * process die or wait there.
 */
@FunctionalInterface
public interface Steps {

  /** What comes next. */
  enum Step {
    CLAIM,
    SECRET,
    SECOND_LOOK,
    /** Of a restart: the Secret that the former one did not get to use is deleted. */
    FORGET,
    ANSWER
  }

  Steps UNHEARD = _ -> {};

  void reached(Step step);

  /**
   * Reads the variable FAULT_POINT: the step before which this process ends as by SIGKILL.
   *
   * @throws IllegalArgumentException where it names no step
   */
  static Steps from(Map<String, String> environment) {
    var name = environment.get("FAULT_POINT");
    if (name == null) {
      return UNHEARD;
    }
    var fatal = Step.valueOf(name.toUpperCase(Locale.ROOT));
    return step -> {
      if (step == fatal) {
        Runtime.getRuntime().halt(137);
      }
    };
  }
}
