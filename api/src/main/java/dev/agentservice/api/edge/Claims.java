package dev.agentservice.api.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.Names;
import java.time.Instant;
import java.util.Optional;

/**
 * What a token says: this port of this very service may be called until then.
 *
 * @param expires seconds since 1970
 * @param epoch a digest of the service's epoch, which any change of the annotation changes
 */
@JsonPropertyOrder({"use", "namespace", "name", "uid", "port", "expires", "epoch"})
record Claims(
    Use use, String namespace, String name, String uid, int port, long expires, String epoch) {

  /** A link goes from hand to hand and is short-lived; a session is one browser's. */
  enum Use {
    @JsonProperty("link")
    LINK,
    @JsonProperty("session")
    SESSION
  }

  private static final int EPOCH_DIGITS = 16;

  static Claims of(AgentService service, Use use, Instant expires) {
    var metadata = service.getMetadata();
    return new Claims(
        use,
        metadata.getNamespace(),
        metadata.getName(),
        metadata.getUid(),
        service.getStatus().port(),
        expires.getEpochSecond(),
        epoch(service));
  }

  boolean isOf(AgentService service) {
    var metadata = service.getMetadata();
    return uid.equals(metadata.getUid())
        && namespace.equals(metadata.getNamespace())
        && name.equals(metadata.getName());
  }

  boolean isOver(Instant now) {
    return now.getEpochSecond() >= expires;
  }

  /** Of bounded length, whatever the annotation's. */
  static String epoch(AgentService service) {
    var annotations = service.getMetadata().getAnnotations();
    var text =
        Optional.ofNullable(annotations).map(all -> all.get(Names.URL_EPOCH_ANNOTATION)).orElse("");
    return Base32Digest.of(text, EPOCH_DIGITS);
  }
}
