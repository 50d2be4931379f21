package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.v1alpha1.PermissionsBuilder;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** What gateways ask before each request, asked with a good token for a service that is ready. */
record Authorizer(Run run) {

  private static final String DOMAIN = "agents.example.com";
  private static final String DEPLOYMENT = "public";
  private static final long PATIENCE_MILLIS = 120_000;

  /** After everything else: operator and API begin anew for it, now with public URLs. */
  Map<String, Double> measure() {
    try (var gateway = new RefusingGateway();
        var _ = run.installation().grantSigning()) {
      var port = run.installation().openPublicUrls(DOMAIN, gateway.address());
      return measure(port);
    }
  }

  private Map<String, Double> measure(int port) {
    run.tenant()
        .deploy(
            DEPLOYMENT,
            run.tenant()
                .simulated()
                .withPermissions(PermissionsBuilder.builder().publicUrl(true).build()));
    var question = question(port, publicUrl());
    var checks =
        Sample.lasting(
            run.settings().readSeconds(),
            run.settings().atOnce(),
            _ -> Http.send(question.copy(), HttpURLConnection.HTTP_OK));
    var numbers = new LinkedHashMap<String, Double>();
    numbers.put("checks_per_s", checks.perSecond());
    numbers.put("p50_ms", checks.percentile(50));
    numbers.put("p99_ms", checks.percentile(99));
    run.progress().say("authorizer: " + numbers);
    return numbers;
  }

  private URI publicUrl() {
    var api = run.installation().apiPort(0);
    run.tenant().awaitServed(api, DEPLOYMENT);
    var service = run.tenant().post(api, DEPLOYMENT, DEPLOYMENT);
    var url = new AtomicReference<URI>();
    if (!Pause.until(
        () -> {
          run.tenant().publicUrl(api, DEPLOYMENT, service).ifPresent(url::set);
          return url.get() != null;
        },
        PATIENCE_MILLIS)) {
      throw new IllegalStateException("the service gets no public URL");
    }
    return url.get();
  }

  private static HttpRequest.Builder question(int port, URI url) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/edge/authorize".formatted(port)))
        .header("X-Forwarded-Method", "GET")
        .header("X-Forwarded-Host", url.getHost())
        .header("X-Forwarded-Uri", "/")
        .header("X-Edge-Token", url.getQuery().split("=", 2)[1]);
  }
}
