package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the network lets an agent do; becomes NetworkPolicy and, where permitted, a public route.
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.allowOut) || self.allowOut.all(range, isCIDR(range))",
    fieldPath = ".allowOut",
    message = "allowOut must be a list of CIDRs such as 203.0.113.0/24 or 2001:db8::/32")
@ValidationRule(
    value = "!has(self.denyOut) || self.denyOut.all(range, isCIDR(range))",
    fieldPath = ".denyOut",
    message = "denyOut must be a list of CIDRs such as 203.0.113.0/24 or 2001:db8::/32")
public record Permissions(
    @JsonPropertyDescription(
            "True gives each ready service a URL that needs a signed token. Default: false.")
        @Default("false")
        Boolean publicUrl,
    @JsonPropertyDescription("True lets the agent reach public addresses. Default: true.")
        @Default("true")
        Boolean internetAccess,
    @JsonPropertyDescription(
            "CIDRs that the agent may reach besides; metadata addresses stay closed. At most 64.")
        @Size(max = 64)
        List<@Size(min = 1, max = 43) String> allowOut,
    @JsonPropertyDescription("CIDRs taken out of internetAccess. At most 64.") @Size(max = 64)
        List<@Size(min = 1, max = 43) String> denyOut) {}
