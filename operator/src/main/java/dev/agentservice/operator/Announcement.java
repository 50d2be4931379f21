package dev.agentservice.operator;

/**
 * What users are told of a transition by a Kubernetes Event.
 *
 * @param trouble whether somebody should look into it: a Warning, else Normal
 * @param reason the machine word, as in status
 * @param note the sentence, as in status
 */
public record Announcement(boolean trouble, String reason, String note) {}
