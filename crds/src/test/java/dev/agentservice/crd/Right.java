package dev.agentservice.crd;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;

/**
 * What RBAC can grant, in Kubernetes' words and as the policies say it.
 *
 * @param name null: of any name
 */
record Right(String verb, String group, String resource, String subresource, String name) {
  static final Right CREATE_PODS = new Right("create", "", "pods", null, null);

  static Right getSecret(String name) {
    return new Right("get", "", "secrets", null, name);
  }

  static Right getConfigMap(String name) {
    return new Right("get", "", "configmaps", null, name);
  }

  static Right createTokenOf(String serviceAccount) {
    return new Right("create", "", "serviceaccounts", "token", serviceAccount);
  }

  static Right onOurs(String verb, String resource, String name) {
    return new Right(verb, "agentservice.dev", resource, null, name);
  }

  PolicyRule rule() {
    var rule =
        new PolicyRuleBuilder().withApiGroups(group).withResources(whole()).withVerbs(verb).build();
    if (name != null) {
      rule.getResourceNames().add(name);
    }
    return rule;
  }

  SubjectAccessReview ask(String user, String namespace) {
    return new SubjectAccessReviewBuilder()
        .withNewSpec()
        .withUser(user)
        .withNewResourceAttributes()
        .withNamespace(namespace)
        .withVerb(verb)
        .withGroup(group)
        .withResource(resource)
        .withSubresource(subresource)
        .withName(name)
        .endResourceAttributes()
        .endSpec()
        .build();
  }

  private String whole() {
    return subresource == null ? resource : resource + "/" + subresource;
  }

  @Override
  public String toString() {
    if (name == null) {
      return verb + " " + whole();
    }
    return verb + " " + whole() + (subresource == null ? "/" : " of ") + name;
  }
}
