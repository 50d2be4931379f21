package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A volume of one of the kinds that cannot reach the node. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "[has(self.emptyDir), has(self.configMap), has(self.secret), has(self.persistentVolumeClaim),"
            + " has(self.ephemeral)].filter(given, given).size() == 1",
    message =
        "each of volumes must have exactly one of emptyDir, configMap, secret, persistentVolumeClaim, ephemeral")
public record SandboxVolume(
    @JsonPropertyDescription("What volumeMounts call it.")
        @Required
        @Size(min = 1, max = Shape.LABEL_LENGTH)
        @Pattern(Shape.DNS_LABEL)
        String name,
    @JsonPropertyDescription("An empty directory that lives as long as the pod.")
        EmptyDirVolumeSource emptyDir,
    @JsonPropertyDescription("The keys of a ConfigMap as files.") ConfigMapVolumeSource configMap,
    @JsonPropertyDescription("The keys of a Secret as files.") SecretVolumeSource secret,
    @JsonPropertyDescription("A PersistentVolumeClaim of the same namespace.")
        PersistentVolumeClaimVolumeSource persistentVolumeClaim,
    @JsonPropertyDescription("A PersistentVolumeClaim made for the pod and deleted with it.")
        EphemeralVolumeSource ephemeral) {}
