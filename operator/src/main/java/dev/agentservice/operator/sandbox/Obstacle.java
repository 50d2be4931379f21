package dev.agentservice.operator.sandbox;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What keeps a sandbox from running, as the scheduler or the kubelet describes it. */
public enum Obstacle {
  UNSCHEDULABLE("Unschedulable"),
  LAUNCHER_NOT_INSTALLED("LauncherNotInstalled"),
  INVALID_IMAGE_NAME("InvalidImageName"),
  IMAGE_PULL_FAILED("ImagePullFailed"),
  RUNS_AS_ROOT("RunsAsRoot"),
  CONTAINER_CONFIG_ERROR("CreateContainerConfigError"),
  CONTAINER_ERROR("CreateContainerError");

  private final String word;

  Obstacle(String word) {
    this.word = word;
  }

  /** The machine word, as a status has it. */
  public String word() {
    return word;
  }

  /** What is in the way of a pod that does not run yet. */
  public static Optional<Obstacle> of(Pod pod) {
    if (isUnschedulable(pod)) {
      return Optional.of(UNSCHEDULABLE);
    }
    return launcherIsNotInstalled(pod)
        ? Optional.of(LAUNCHER_NOT_INSTALLED)
        : states(pod.getStatus() == null ? null : pod.getStatus().getContainerStatuses())
            .map(ContainerState::getWaiting)
            .filter(Objects::nonNull)
            .flatMap(waiting -> of(waiting).stream())
            .findFirst();
  }

  /** The words of the kubelet (pkg/kubelet/images, pkg/kubelet/kuberuntime). */
  public static Optional<Obstacle> of(ContainerStateWaiting waiting) {
    return switch (Objects.requireNonNullElse(waiting.getReason(), "")) {
      case "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "RegistryUnavailable",
          "ImageInspectError",
          "SignatureValidationFailed" ->
          Optional.of(IMAGE_PULL_FAILED);
      case "InvalidImageName" -> Optional.of(INVALID_IMAGE_NAME);
      case "CreateContainerConfigError" ->
          Optional.of(
              Objects.requireNonNullElse(waiting.getMessage(), "").contains("runAsNonRoot")
                  ? RUNS_AS_ROOT
                  : CONTAINER_CONFIG_ERROR);
      case "CreateContainerError", "RunContainerError" -> Optional.of(CONTAINER_ERROR);
      default -> Optional.empty();
    };
  }

  /** The init container that brings the launcher has an image that cannot be had, or has failed. */
  public static boolean launcherIsNotInstalled(Pod pod) {
    return states(pod.getStatus() == null ? null : pod.getStatus().getInitContainerStatuses())
        .anyMatch(
            state ->
                (state.getWaiting() != null && of(state.getWaiting()).isPresent())
                    || (state.getTerminated() != null && state.getTerminated().getExitCode() != 0));
  }

  public static boolean isUnschedulable(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("PodScheduled")
                        && UNSCHEDULABLE.word.equals(condition.getReason()));
  }

  private static Stream<ContainerState> states(List<ContainerStatus> containers) {
    return Stream.ofNullable(containers)
        .flatMap(List::stream)
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull);
  }
}
