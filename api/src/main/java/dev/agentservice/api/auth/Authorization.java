package dev.agentservice.api.auth;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** Finds out what a caller may do in its namespace, by SubjectAccessReview: RBAC decides. */
public final class Authorization {

  private static final Duration ALLOWED_FOR = Duration.ofSeconds(10);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(5);

  private record Question(Caller caller, Access access, String name) {}

  private final KubernetesClient client;
  private final Reviews<Question, Boolean> reviews =
      new Reviews<>(allowed -> allowed ? ALLOWED_FOR : REFUSED_FOR);

  public Authorization(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Whether the caller has the permission.
   *
   * @param name the object's, or null where no one object is meant
   */
  public boolean allows(Caller caller, Access access, String name) {
    return reviews.get(new Question(caller, access, name), () -> review(caller, access, name));
  }

  /**
   * As {@link #allows}, or an answer that says what is lacking.
   *
   * @throws Problem {@code forbidden}
   */
  public void require(Caller caller, Access access, String name) {
    if (!allows(caller, access, name)) {
      throw new Problem(
          ErrorCode.FORBIDDEN,
          "%s may not %s in namespace %s."
              .formatted(caller.username(), access.words(), caller.namespace()));
    }
  }

  private boolean review(Caller caller, Access access, String name) {
    var asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(caller.username())
            .withUid(caller.uid())
            .withGroups(caller.groups())
            .withExtra(caller.extra())
            .withNewResourceAttributes()
            .withNamespace(caller.namespace())
            .withVerb(access.verb())
            .withGroup(Names.GROUP)
            .withResource(access.resource())
            .withSubresource(access.subresource())
            .withName(name)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(client.resource(asked).create().getStatus().getAllowed());
  }
}
