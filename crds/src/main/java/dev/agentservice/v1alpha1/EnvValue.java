package dev.agentservice.v1alpha1;

/** One plain environment variable of a recipe. */
public record EnvValue(String name, String value) {}
