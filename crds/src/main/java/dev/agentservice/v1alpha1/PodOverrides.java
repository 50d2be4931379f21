package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/** What a recipe may add to its pod. Nothing here can weaken the sandbox. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!has(self.labels) || self.labels.all(key, !key.startsWith('agentservice.dev/')"
            + " && key != 'app.kubernetes.io/managed-by')",
    fieldPath = ".labels",
    message =
        "labels must not use agentservice.dev/ keys nor app.kubernetes.io/managed-by: those are the operator's own")
@ValidationRule(
    value =
        "!has(self.annotations) || self.annotations.all(key, !key.startsWith('agentservice.dev/'))",
    fieldPath = ".annotations",
    message = "annotations must not use agentservice.dev/ keys: those are the operator's own")
@ValidationRule(
    value =
        "!has(self.annotations) || self.annotations.all(key,"
            + " !key.startsWith('container.apparmor.security.beta.kubernetes.io/')"
            + " && !key.startsWith('io.kubernetes.cri-o.')"
            + " && !key.startsWith('k8s.v1.cni.cncf.io/')"
            + " && !key.startsWith('v1.multus-cni.io/'))",
    fieldPath = ".annotations",
    message =
        "annotations must not loosen the sandbox: no container.apparmor.security.beta.kubernetes.io/,"
            + " io.kubernetes.cri-o., k8s.v1.cni.cncf.io/ or v1.multus-cni.io/ keys")
@ValidationRule(
    value =
        "!has(self.volumeMounts) || self.volumeMounts.all(mount,"
            + " has(self.volumes) && self.volumes.exists(volume, volume.name == mount.name))",
    fieldPath = ".volumeMounts",
    message = "volumeMounts must name volumes that are declared in podOverrides.volumes")
@ValidationRule(
    value = "!has(self.volumeMounts) || self.volumeMounts.all(mount, !has(mount.subPathExpr))",
    fieldPath = ".volumeMounts",
    message =
        "volumeMounts must not have subPathExpr, which can spell secret values in paths: use subPath")
public record PodOverrides(
    @JsonPropertyDescription("Labels for the pod; not agentservice.dev/ keys. At most 32.")
        @Size(max = 32)
        Map<String, @Size(max = Shape.LABEL_LENGTH) @Pattern(Shape.LABEL_VALUE) String> labels,
    @JsonPropertyDescription("Annotations for the pod; not agentservice.dev/ keys. At most 32.")
        @Size(max = 32)
        Map<String, @Size(max = 16_384) String> annotations,
    @JsonPropertyDescription("Labels that a node must have. At most 32.") @Size(max = 32)
        Map<String, @Size(max = Shape.LABEL_LENGTH) @Pattern(Shape.LABEL_VALUE) String>
            nodeSelector,
    @JsonPropertyDescription("Taints that the pod tolerates. At most 32.") @Size(max = 32)
        List<Toleration> tolerations,
    @JsonPropertyDescription("Where the pod may and would rather run, as in a Pod.")
        Affinity affinity,
    @JsonPropertyDescription("Secrets to pull the image with, in the same namespace. At most 16.")
        @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(
            "ServiceAccount the pod runs as. Its token is never mounted. Default: default.")
        @Size(min = 1, max = Shape.SUBDOMAIN_LENGTH)
        @Pattern(Shape.DNS_SUBDOMAIN)
        String serviceAccountName,
    @JsonPropertyDescription("Users, groups and seccomp of the pod.") PodSecurity securityContext,
    @JsonPropertyDescription("Users, capabilities and seccomp of the agent's container.")
        ContainerSecurity containerSecurityContext,
    @JsonPropertyDescription("Volumes that volumeMounts may name. At most 32.") @Size(max = 32)
        List<SandboxVolume> volumes,
    @JsonPropertyDescription("Where the agent sees the volumes. At most 32.") @Size(max = 32)
        List<VolumeMount> volumeMounts) {}
