package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** The recipe of an agent: everything that decides what runs, and nothing that is secret. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
public record Template(
    @JsonPropertyDescription("The container image to run.")
        @Required
        @Size(min = 1, max = 512)
        @Pattern("^\\S+$")
        String image,
    @JsonPropertyDescription(
            "Always, IfNotPresent or Never. Default: Always for the tag latest or none, else IfNotPresent.")
        ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription(
            "The program to run, and its first arguments. Default: the image's entrypoint.")
        @Size(max = 64)
        List<@Size(max = 32_768) @Pattern(Shape.NO_NUL) String> command,
    @JsonPropertyDescription("Arguments. Default: the image's.") @Size(max = 128)
        List<@Size(max = 32_768) @Pattern(Shape.NO_NUL) String> args,
    @JsonPropertyDescription("Absolute path to run in. Default: the image's.")
        @Size(min = 1, max = 1024)
        @Pattern("^/[^\\x00]*$")
        String workingDir,
    @JsonPropertyDescription("The TCP port on which the agent answers, 1 to 65535.")
        @Required
        @Min(1)
        @Max(65535)
        Integer port,
    @JsonPropertyDescription("Plain environment variables, nothing secret. At most 128.")
        @Size(max = 128)
        List<EnvValue> env,
    @JsonPropertyDescription(
            "Which environment variables a service must or may bring. Default: it may bring any.")
        EnvSpec envSpec,
    @JsonPropertyDescription("How to tell that the agent answers. Default: running is ready.")
        Readiness readiness,
    @JsonPropertyDescription(
            "Seconds that a start may take before it has failed, 1 to 3600. Default: 120.")
        @Default("120")
        @Min(1)
        @Max(3600)
        Integer startTimeoutSeconds,
    @JsonPropertyDescription(
            "Seconds from SIGTERM to SIGKILL when the agent is stopped, 0 to 3600. Default: 30.")
        @Default("30")
        @Min(0)
        @Max(3600)
        Integer stopGraceSeconds,
    @JsonPropertyDescription(
            "Always restarts an agent that exits; Never lets it end. Default: Always.")
        @Default("Always")
        RestartPolicy restartPolicy,
    @JsonPropertyDescription(
            "Auto starts the agent by a launcher that hands its env over late, where command is given; None lets the node"
                + " start it. Default: Auto.")
        @Default("Auto")
        Supervision supervision,
    @JsonPropertyDescription("What the agent is given and what it may take.") Resources resources,
    @JsonPropertyDescription(
            "RuntimeClass to run in, such as gVisor or Kata. Default: the cluster's.")
        @Size(min = 1, max = Shape.SUBDOMAIN_LENGTH)
        @Pattern(Shape.DNS_SUBDOMAIN)
        String runtimeClassName,
    @JsonPropertyDescription("What to add to the pod. Nothing here can weaken the sandbox.")
        PodOverrides podOverrides)
    implements TemplateBuilder.With {}
