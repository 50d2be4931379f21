package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/** What a recipe may add to its pod. Nothing here can weaken the sandbox. */
@RecordBuilder
public record PodOverrides(
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Affinity affinity,
    List<LocalObjectReference> imagePullSecrets,
    String serviceAccountName,
    PodSecurity securityContext,
    ContainerSecurity containerSecurityContext,
    List<SandboxVolume> volumes,
    List<VolumeMount> volumeMounts) {}
