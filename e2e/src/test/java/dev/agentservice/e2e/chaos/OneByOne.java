package dev.agentservice.e2e.chaos;

import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;

/** Deletes each of many: hundreds as one collection outlast a client's patience for one answer. */
public final class OneByOne {

  private OneByOne() {}

  public static <R extends Resource<?>> void delete(FilterWatchListDeletable<?, ?, R> all) {
    all.resources().parallel().forEach(Resource::delete);
  }
}
