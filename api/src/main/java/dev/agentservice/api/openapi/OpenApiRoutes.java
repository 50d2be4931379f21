package dev.agentservice.api.openapi;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code /openapi.json}, and {@code /docs} to read it: Swagger UI from this very server, so that it
 * works without any other. They say nothing of any tenant, so they ask for no token.
 */
public final class OpenApiRoutes implements HttpService {

  private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final Map<String, String> FILES =
      Map.of(
          "swagger-ui.css", "text/css",
          "swagger-ui-bundle.js", "text/javascript");

  private static final byte[] PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <title>AgentService API</title>
      <link rel="stylesheet" href="/docs/swagger-ui.css">
      <div id="ui"></div>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
      </html>
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] START =
      "SwaggerUIBundle({url: '/openapi.json', dom_id: '#ui', validatorUrl: null});"
          .getBytes(StandardCharsets.UTF_8);

  private final byte[] description = OpenApi.json();

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/openapi.json", (_, response) -> send(response, "application/json", description))
        .get("/docs", (_, response) -> send(response, "text/html; charset=utf-8", PAGE))
        .get("/docs/start.js", (_, response) -> send(response, "text/javascript", START))
        .get("/docs/{file}", OpenApiRoutes::file);
  }

  private static void file(ServerRequest request, ServerResponse response) {
    var name = request.path().pathParameters().get("file");
    var type = FILES.get(name);
    if (type == null) {
      throw new Problem(ErrorCode.NOT_FOUND);
    }
    try (var file = OpenApiRoutes.class.getResourceAsStream(SWAGGER_UI + name)) {
      send(response, type, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(ServerResponse response, String type, byte[] content) {
    response
        .header(HeaderNames.CONTENT_TYPE, type)
        .header(
            HeaderNames.create("Content-Security-Policy"),
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:")
        .send(content);
  }
}
