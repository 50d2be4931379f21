package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** Which environment variables a service must, may or may not bring. */
@RecordBuilder
public record EnvSpec(List<String> required, List<String> optional, AdditionalEnv additional) {}
