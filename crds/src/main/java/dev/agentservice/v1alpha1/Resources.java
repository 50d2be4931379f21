package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

public record Resources(Map<String, Quantity> requests, Map<String, Quantity> limits) {}
