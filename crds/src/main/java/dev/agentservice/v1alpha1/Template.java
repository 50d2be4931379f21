package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** The recipe of an agent: everything that decides what runs, and nothing that is secret. */
@RecordBuilder
public record Template(
    String image,
    ImagePullPolicy imagePullPolicy,
    List<String> command,
    List<String> args,
    String workingDir,
    Integer port,
    List<EnvValue> env,
    EnvSpec envSpec,
    Readiness readiness,
    Integer startTimeoutSeconds,
    Integer stopGraceSeconds,
    RestartPolicy restartPolicy,
    Resources resources,
    String runtimeClassName,
    PodOverrides podOverrides)
    implements TemplateBuilder.With {}
