package dev.agentservice.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesRequestTest {

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/team/secrets/env, get, secrets",
    "GET, /api/v1/pods?labelSelector=a&resourceVersion=0, list, pods",
    "GET, /api/v1/namespaces/team/pods?labelSelector=a, list, pods",
    "GET, /api/v1/pods?allowWatchBookmarks=true&watch=true, watch, pods",
    "GET, /api/v1/namespaces/team, get, namespaces",
    "POST, /apis/events.k8s.io/v1/namespaces/team/events, create, events",
    "PUT, /apis/agentservice.dev/v1alpha1/namespaces/team/agentservices/s/status, update,"
        + " agentservices/status",
    "PATCH, /api/v1/namespaces/team/services/s, patch, services",
    "DELETE, /api/v1/namespaces/team/pods/p, delete, pods",
    "DELETE, /api/v1/namespaces/team/pods, deletecollection, pods",
    "POST, /apis/authorization.k8s.io/v1/selfsubjectrulesreviews, create,"
        + " selfsubjectrulesreviews",
    "GET, /apis/agentservice.dev/v1alpha1, get, none",
    "GET, /version, get, none",
    "GET, /, get, none"
  })
  void isCountedByVerbAndResourceAndNoName(String method, URI uri, String verb, String resource) {
    assertThat(KubernetesRequest.of(method, uri)).isEqualTo(new KubernetesRequest(verb, resource));
  }
}
