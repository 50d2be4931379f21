package dev.agentservice.api.edge;

import java.net.HttpURLConnection;
import java.util.Locale;

/** What comes of a check: the word that gateways get in a header, and its status. */
public enum EdgeReason {
  OK(HttpURLConnection.HTTP_OK, "The token is good for this service."),

  NO_TOKEN(HttpURLConnection.HTTP_UNAUTHORIZED, "There is neither cookie nor header with a token."),
  AMBIGUOUS_TOKEN(HttpURLConnection.HTTP_UNAUTHORIZED, "There is more than one token."),
  MALFORMED_TOKEN(HttpURLConnection.HTTP_UNAUTHORIZED, "What is there is no token of ours."),
  UNKNOWN_KEY(
      HttpURLConnection.HTTP_UNAUTHORIZED,
      "The key that signed the token is not in the ring, or not any more."),
  BAD_SIGNATURE(HttpURLConnection.HTTP_UNAUTHORIZED, "The token was changed, or never signed."),
  EXPIRED(HttpURLConnection.HTTP_UNAUTHORIZED, "The token's time is over."),
  WRONG_USE(
      HttpURLConnection.HTTP_UNAUTHORIZED,
      "A link's token is no cookie, and a cookie's token is no link."),

  OTHER_SERVICE(HttpURLConnection.HTTP_FORBIDDEN, "The token is another service's."),
  OTHER_PORT(HttpURLConnection.HTTP_FORBIDDEN, "The token is for a port that it had before."),
  REVOKED(HttpURLConnection.HTTP_FORBIDDEN, "The service's URLs were revoked since."),
  NOT_SERVED(
      HttpURLConnection.HTTP_FORBIDDEN, "No service, or more than one, has a public URL there."),
  FOREIGN_ORIGIN(
      HttpURLConnection.HTTP_FORBIDDEN,
      "The page that sent the cookie along is not the service's own, or does not say."),
  TOKEN_IN_QUERY(
      HttpURLConnection.HTTP_FORBIDDEN,
      "A query with a token goes to the exchange, by GET or HEAD, and never to an agent."),
  AMBIGUOUS_REQUEST(
      HttpURLConnection.HTTP_FORBIDDEN,
      "The gateway does not say clearly which request it asks about."),
  NOT_KNOWN_NOW(
      HttpURLConnection.HTTP_FORBIDDEN,
      "Kubernetes has not been heard of for two minutes, or the keys could not be read.");

  private final int status;
  private final String meaning;

  EdgeReason(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  public int status() {
    return status;
  }

  public String meaning() {
    return meaning;
  }

  /** As the header has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
