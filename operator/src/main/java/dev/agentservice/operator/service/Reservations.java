package dev.agentservice.operator.service;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which service of this operator's is about to take which sandbox, so that two passes at a time do
 * not run for the same one. Only that: who gets it is decided by the API server.
 */
final class Reservations {

  /** Longer than a pass from its look to its taking. */
  private static final Duration LASTS = Duration.ofSeconds(10);

  private record Reservation(String serviceUid, Instant until) {}

  private final Map<String, Reservation> byPod = new HashMap<>();

  /** Whether the sandbox is that service's to take for now. */
  synchronized boolean reserve(String podUid, String serviceUid, Instant now) {
    byPod.values().removeIf(reservation -> !now.isBefore(reservation.until()));
    var held = byPod.get(podUid);
    if (held != null && !held.serviceUid().equals(serviceUid)) {
      return false;
    }
    byPod.put(podUid, new Reservation(serviceUid, now.plus(LASTS)));
    return true;
  }
}
