package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

@RecordBuilder
public record Permissions(
    Boolean publicUrl, Boolean internetAccess, List<String> allowOut, List<String> denyOut) {}
