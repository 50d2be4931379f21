package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * One lasting source of env: a whole Secret or ConfigMap, or a single key of one.
 *
 * @param as the variable's name for a single key; absent: the key itself
 */
@RecordBuilder
public record EnvFrom(
    WholeRef secretRef,
    WholeRef configMapRef,
    KeyRef secretKeyRef,
    KeyRef configMapKeyRef,
    String as) {

  public record WholeRef(String name) {}

  public record KeyRef(String name, String key) {}
}
