package dev.agentservice.api.service;

/**
 * Where a service answers.
 *
 * @param publicUrl may carry a credential: not to be logged or stored; null where there is none
 */
public record ServiceUrlDocument(String serviceId, String status, String publicUrl, Integer port) {

  static ServiceUrlDocument of(ServiceDocument service) {
    return new ServiceUrlDocument(
        service.id(), service.status(), service.publicUrl(), service.port());
  }
}
