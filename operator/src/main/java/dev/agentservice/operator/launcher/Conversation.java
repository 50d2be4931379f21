package dev.agentservice.operator.launcher;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One attach to the streams of a launcher. fabric8's own {@code attach()} first waits for the pod
 * by list and watch, which costs a right and the time that warm starts are about; this is the web
 * socket alone. No text that comes by it is kept, logged or thrown.
 */
final class Conversation implements WebSocket.Listener, AutoCloseable {

  /** As many bytes of input as one frame carries: the API server's own frames are as large. */
  private static final int FRAME = 16 * 1024;

  private static final String SUBPROTOCOL = "v4.channel.k8s.io";
  private static final byte STDIN = 0;
  private static final byte STDOUT = 1;
  private static final int NORMAL_CLOSURE = 1000;
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final String pod;
  private final Nonce nonce;
  private final LineReader lines = new LineReader();

  /** Empty: it is over, and nothing comes after it. */
  private final BlockingQueue<Optional<LauncherWord>> heard = new LinkedBlockingQueue<>();

  private CompletableFuture<WebSocket> socket;

  private Conversation(String pod, Nonce nonce) {
    this.pod = pod;
    this.nonce = nonce;
  }

  /** Opens it; whether that succeeds is told by the first {@link #say}. */
  static Conversation open(
      KubernetesClient client, String namespace, String pod, String container, Nonce nonce) {
    var conversation = new Conversation(pod, nonce);
    var uri =
        URI.create(
            "%sapi/v1/namespaces/%s/pods/%s/attach?container=%s&stdin=true&stdout=true&stderr=false"
                .formatted(client.getMasterUrl(), namespace, pod, container));
    var withoutTimeout =
        client
            .getHttpClient()
            .newBuilder()
            .tag(
                new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                    .withRequestTimeout(0)
                    .build())
            .build();
    conversation.socket =
        withoutTimeout
            .newWebSocketBuilder()
            .subprotocol(SUBPROTOCOL)
            .uri(uri)
            .buildAsync(conversation);
    return conversation;
  }

  private WebSocket socket() {
    try {
      return socket.get(HANDSHAKE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LauncherCallFailed(pod, status(e.getCause()));
    } catch (TimeoutException _) {
      throw new LauncherCallFailed(pod, LauncherCallFailed.SILENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new LauncherCallFailed(pod, LauncherCallFailed.SILENCE);
    }
  }

  private static int status(Throwable cause) {
    return cause instanceof WebSocketHandshakeException refused
        ? refused.getResponse().code()
        : LauncherCallFailed.SILENCE;
  }

  /** Waits until it is open. */
  void say(LauncherRequest request) {
    var open = socket();
    var bytes = request.bytes();
    for (var from = 0; from < bytes.length; from += FRAME) {
      var length = Math.min(FRAME, bytes.length - from);
      var frame = ByteBuffer.allocate(1 + length).put(STDIN).put(bytes, from, length).flip();
      if (!open.send(frame)) {
        throw new LauncherCallFailed(pod, LauncherCallFailed.SILENCE);
      }
    }
  }

  /** The launcher's next word; empty where the conversation is over. */
  Optional<LauncherWord> next() throws InterruptedException {
    var word = heard.take();
    if (word.isEmpty()) {
      heard.add(word); // who asks again hears the same
    }
    return word;
  }

  /** The launcher's next word within {@code patience}. */
  LauncherWord next(Duration patience) {
    try {
      var word = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (word != null && word.isPresent()) {
        return word.get();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new LauncherCallFailed(pod, LauncherCallFailed.SILENCE);
  }

  /** As {@link #next(Duration)}, but for refusals: the agent may have written them. */
  LauncherWord nextButRefusals(Duration patience) {
    var end = System.nanoTime() + patience.toNanos();
    for (var left = patience; left.isPositive(); left = Duration.ofNanos(end - System.nanoTime())) {
      var word = next(left);
      if (!word.isRefusal()) {
        return word;
      }
    }
    throw new LauncherCallFailed(pod, LauncherCallFailed.SILENCE);
  }

  @Override
  public void close() {
    var _ =
        socket.thenAccept(open -> open.sendClose(NORMAL_CLOSURE, "")); // now, or once it is open
    heard.add(Optional.empty());
  }

  @Override
  public void onMessage(WebSocket from, ByteBuffer bytes) {
    if (bytes.hasRemaining() && bytes.get() == STDOUT) {
      lines.read(bytes).stream()
          .flatMap(line -> LauncherWord.in(line, nonce).stream())
          .map(Optional::of)
          .forEach(heard::add);
    }
    from.request();
  }

  @Override
  public void onClose(WebSocket from, int code, String reason) {
    heard.add(Optional.empty());
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    heard.add(Optional.empty());
  }
}
