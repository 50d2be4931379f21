package dev.agentservice.api.auth;

import java.util.List;
import java.util.Map;

/**
 * Who calls: a ServiceAccount, as TokenReview says.
 *
 * @param namespace its namespace: the tenant
 * @param username {@code system:serviceaccount:<namespace>:<name>}
 */
public record Caller(
    String namespace,
    String username,
    String uid,
    List<String> groups,
    Map<String, List<String>> extra) {}
