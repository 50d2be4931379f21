package dev.agentservice.api.auth;

/** What a call does, as the Kubernetes permission that its caller must have for it. */
public enum Access {
  CREATE_SERVICE("create", "agentservices", null),
  LIST_SERVICES("list", "agentservices", null),
  GET_SERVICE("get", "agentservices", null),
  CHANGE_SERVICE("update", "agentservices", null),
  READ_LOG("get", "agentservices", "log"),
  GET_URL("get", "agentservices", "url"),
  LIST_DEPLOYMENTS("list", "agentdeployments", null),
  GET_DEPLOYMENT("get", "agentdeployments", null),
  LIST_VERSIONS("list", "agentversions", null),
  GET_VERSION("get", "agentversions", null);

  private final String verb;
  private final String resource;
  private final String subresource;

  Access(String verb, String resource, String subresource) {
    this.verb = verb;
    this.resource = resource;
    this.subresource = subresource;
  }

  public String verb() {
    return verb;
  }

  public String resource() {
    return resource;
  }

  /** Null where the object itself is meant. */
  public String subresource() {
    return subresource;
  }

  /** As {@code kubectl auth can-i} wants it. */
  public String words() {
    return verb + " " + resource + (subresource == null ? "" : "/" + subresource);
  }
}
