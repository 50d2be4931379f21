package dev.agentservice.api.log;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Reads what an agent wrote, from its pod: of the current run, and of the one before it. */
final class LogReader {

  private static final String CONTAINER = "agent";

  /** As much as is read of one run at a time; a node keeps less. */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final int TIMEOUT_SECONDS = 15;

  /** How far the node's clock may go back without a line being lost to those who go on after it. */
  private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

  private final KubernetesClient client;

  LogReader(KubernetesClient client) {
    this.client = client;
  }

  /** Lines after a place. Empty where the pod is gone or nothing ran in it yet. */
  LogPage after(String namespace, LogPosition place, int skip, int limit) {
    var runs =
        runs(namespace, place.sandbox()).stream()
            .map(
                previous ->
                    (LogLines.Run) () -> open(namespace, place, previous, OptionalInt.empty()))
            .toList();
    try (var lines = new LogLines(runs)) {
      return LogPage.of(lines, place, skip, limit);
    }
  }

  /** The last lines, also those of the run before: a crashed agent said why there. */
  LogPage tail(String namespace, String sandbox, int count) {
    var start = LogPosition.start(sandbox);
    var runs =
        runs(namespace, sandbox).stream()
            .map(
                previous ->
                    (LogLines.Run) () -> open(namespace, start, previous, OptionalInt.of(count)))
            .toList();
    try (var lines = new LogLines(runs)) {
      return LogPage.last(lines, start, count);
    }
  }

  /** Which runs have a log, oldest first: whether each is the previous one. */
  private List<Boolean> runs(String namespace, String sandbox) {
    var pod = client.pods().inNamespace(namespace).withName(sandbox).get();
    var runs = new ArrayList<Boolean>();
    if (pod != null && pod.getStatus() != null) {
      pod.getStatus().getContainerStatuses().stream()
          .filter(container -> container.getName().equals(CONTAINER))
          .forEach(
              container -> {
                if (hasRun(container.getLastState())) {
                  runs.add(true);
                }
                if (hasRun(container.getState())) {
                  runs.add(false);
                }
              });
    }
    return runs;
  }

  private static boolean hasRun(ContainerState state) {
    return state != null && (state.getRunning() != null || state.getTerminated() != null);
  }

  /**
   * Asks for a run's log as a stream. The client's own log calls wait for a pod to be ready, and
   * cannot bound the previous run's.
   */
  private Optional<Reader> open(
      String namespace, LogPosition place, boolean previous, OptionalInt tail) {
    var url =
        "%sapi/v1/namespaces/%s/pods/%s/log?container=%s&timestamps=true&previous=%s&limitBytes=%d"
                .formatted(
                    client.getMasterUrl(),
                    namespace,
                    place.sandbox(),
                    CONTAINER,
                    previous,
                    MAX_BYTES)
            + (tail.isPresent() ? "&tailLines=" + tail.getAsInt() : "")
            + (place.time().isEmpty()
                ? ""
                : "&sinceTime="
                    + URLEncoder.encode(
                        Instant.parse(place.time()).minus(CLOCK_STEP).toString(),
                        StandardCharsets.UTF_8));
    try {
      var http = client.getHttpClient();
      var response =
          http.sendAsync(
                  http.newHttpRequestBuilder()
                      .uri(url)
                      .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                      .build(),
                  InputStream.class)
              .join();
      if (response.code() == HttpURLConnection.HTTP_OK) {
        return Optional.of(
            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
      }
      response.body().close();
      return switch (response.code()) {
        // the pod went, or its container waits again
        case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_BAD_REQUEST ->
            Optional.empty();
        default ->
            throw new KubernetesClientException("the log was refused", response.code(), null);
      };
    } catch (IOException e) {
      throw new KubernetesClientException("the log cannot be read", e);
    } catch (CompletionException e) {
      throw new KubernetesClientException("the log cannot be read", e.getCause());
    }
  }
}
