package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A service that is deleted while a pass over it is under way. */
@OnApiServer
class DeletedMeanwhileTest {

  @Test
  void isNothingToComplainAbout(ControlPlane plane) {
    var tenant = Tenant.in(plane);
    var deleted = new AtomicBoolean();
    var answers = new CopyOnWriteArrayList<Integer>();
    var status = tenant.namespace() + "/agentservices/s/status";
    var client =
        plane.newOperatorClient(
            new Interceptor() {
              @Override
              public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.uri().getPath().contains(status)
                    && deleted.compareAndSet(false, true)) {
                  tenant
                      .client()
                      .resources(AgentService.class)
                      .inNamespace(tenant.namespace())
                      .withName("s")
                      .delete();
                }
              }

              @Override
              public void after(
                  HttpRequest request,
                  HttpResponse<?> response,
                  AsyncBody.Consumer<List<ByteBuffer>> consumer) {
                if (request.uri().getPath().contains(status)) {
                  answers.add(response.code());
                }
              }
            });
    var printed = new ListAppender<ILoggingEvent>();
    var log = (Logger) LoggerFactory.getLogger("io.javaoperatorsdk");
    printed.start();
    log.addAppender(printed);
    try (client;
        var operator =
            new AgentServiceOperator(
                ControlPlane.OPERATOR_SETTINGS, client, new OperatorMetrics())) {
      operator.start();
      tenant.applyService("s", spec -> spec);
      await().until(() -> answers.contains(HttpURLConnection.HTTP_NOT_FOUND));
    } finally {
      log.detachAppender(printed);
    }
    assertThat(printed.list).noneMatch(line -> line.getThrowableProxy() != null);
  }
}
