package dev.agentservice.v1alpha1;

/** Shapes and sizes that several fields share. */
final class Shape {
  static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
  static final String DNS_SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
  static final int SUBDOMAIN_LENGTH = 253;

  /** Where both Services and labels must carry a name derived from it. */
  static final int LABEL_LENGTH = 63;

  static final int DEPLOYMENT_NAME_LENGTH = 45;
  static final int SERVICE_NAME_LENGTH = 54;

  static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

  /** What a Secret or ConfigMap may call a key. */
  static final String KEY = "^[-._a-zA-Z0-9]+$";

  /** An environment cannot carry NUL. */
  static final String NO_NUL = "^[^\\x00]*$";

  static final String PRINTABLE = "^[ -~]+$";
  static final String VISIBLE = "^[!-~]+$";

  /** One year: the longest time that any field in seconds may say. */
  static final int YEAR_SECONDS = 31_536_000;

  /** The largest user or group id that Kubernetes takes. */
  static final int MAX_ID = Integer.MAX_VALUE;

  private Shape() {}
}
