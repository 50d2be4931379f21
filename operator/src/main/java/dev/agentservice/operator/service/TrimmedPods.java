package dev.agentservice.operator.service;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** Keeps of each pod only what a sandbox is read from: a fifth of its size. */
final class TrimmedPods extends BasicItemStore<Pod> {

  TrimmedPods() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public Pod put(String key, Pod pod) {
    return super.put(key, trimmed(pod));
  }

  private static Pod trimmed(Pod pod) {
    var spec = pod.getSpec() == null ? new PodSpec() : pod.getSpec();
    return new PodBuilder(pod)
        .editMetadata()
        .withManagedFields()
        .withAnnotations(null)
        .endMetadata()
        .withNewSpec()
        .withNodeName(spec.getNodeName())
        .withRestartPolicy(spec.getRestartPolicy())
        .endSpec()
        .build();
  }
}
