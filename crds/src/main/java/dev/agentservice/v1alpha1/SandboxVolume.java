package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A volume of one of the kinds that cannot reach the node. */
@RecordBuilder
public record SandboxVolume(
    String name,
    EmptyDirVolumeSource emptyDir,
    ConfigMapVolumeSource configMap,
    SecretVolumeSource secret,
    PersistentVolumeClaimVolumeSource persistentVolumeClaim,
    EphemeralVolumeSource ephemeral) {}
