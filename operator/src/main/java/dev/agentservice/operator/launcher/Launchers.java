package dev.agentservice.operator.launcher;

import dev.agentservice.operator.Recent;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;

/**
 * Speaks with the launchers of sandboxes, and remembers what they said until their service is
 * ready. Nothing depends on that memory: a launcher says it again to whoever knows the nonce.
 *
 * <p>After {@code started} the line stays open until the agent serves, which may be milliseconds
 * later or a minute, and no pass waits for it: {@code serving} is what wakes the service up.
 */
public final class Launchers {

  /** A launcher that waits, and one that is asked, answers within milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Heard.Agent NOTHING_YET = new Heard.Agent(null, false, 0, null);

  /** More at a time are asked once more: those that are never ready stay in here. */
  private static final int CAPACITY = 4096;

  /** Whose launcher it is. */
  public record Address(String namespace, String pod, String podUid, String container) {}

  /** What is to be done when something was heard between two passes. */
  @FunctionalInterface
  public interface Wakeup {
    void call();
  }

  private final KubernetesClient client;
  private final Map<String, Heard> heard = new Recent<>(CAPACITY);

  public Launchers(KubernetesClient client) {
    this.client = client;
  }

  /** What was heard from the launcher in this pod. */
  public synchronized Heard heard(String podUid) {
    return heard.getOrDefault(podUid, new Heard.Nothing());
  }

  public synchronized void forget(String podUid) {
    heard.remove(podUid);
  }

  private synchronized void remember(Address address, Heard word) {
    heard.put(address.podUid(), word);
  }

  /**
   * A line to a launcher that nothing was said on yet. To open it takes as long as two writes, so
   * it is opened while something else is done.
   */
  public final class Line implements AutoCloseable {

    private final Address address;
    private final Nonce nonce;
    private final Conversation conversation;

    private Line(Address address, Nonce nonce) {
      this.address = address;
      this.nonce = nonce;
      conversation =
          Conversation.open(client, address.namespace(), address.pod(), address.container(), nonce);
    }

    @Override
    public void close() {
      conversation.close();
    }
  }

  /** Begins to open a line to the launcher for whoever knows the nonce. */
  public Line open(Address address, Nonce nonce) {
    return new Line(address, nonce);
  }

  /**
   * Hands env over and has the agent started. A launcher that has started already, for an operator
   * that died before it could write that down, answers as if it were asked.
   */
  public Heard start(Line line, Env env, Wakeup wakeup) {
    return converse(line, LauncherRequest.start(line.nonce, env), wakeup);
  }

  /** Asks how the agent is. */
  public Heard ask(Line line, Wakeup wakeup) {
    try {
      return converse(line, LauncherRequest.status(line.nonce), wakeup);
    } catch (LauncherCallFailed e) {
      if (e.httpStatus() != LauncherCallFailed.SILENCE) {
        throw e;
      }
      return new Heard.Silence();
    }
  }

  private Heard converse(Line line, LauncherRequest request, Wakeup wakeup) {
    var conversation = line.conversation;
    var listening = false;
    try {
      conversation.say(request);
      var answer = answer(conversation, line.nonce);
      if (answer instanceof Heard.Agent agent) {
        remember(line.address, agent);
        listening = !agent.serving();
        if (listening) {
          Thread.ofVirtual()
              .name("launcher-" + line.address.pod())
              .start(() -> listen(conversation, line.address, agent, wakeup));
        }
      }
      return answer;
    } finally {
      if (!listening) {
        conversation.close();
      }
    }
  }

  private static Heard answer(Conversation conversation, Nonce nonce) {
    var word = conversation.next(PATIENCE);
    return switch (word.event()) {
      case STARTED, SERVING, EXITED, STATUS -> agent(word, NOTHING_YET);
      case REFUSED -> new Heard.Nothing(); // it ends, and its exit code says why
      case ALREADY_STARTED -> whoseAgent(conversation, nonce);
    };
  }

  /** One that was started for somebody else has another nonce, and gives no answer to ours. */
  private static Heard whoseAgent(Conversation conversation, Nonce nonce) {
    conversation.say(LauncherRequest.status(nonce));
    try {
      return agent(conversation.nextButRefusals(PATIENCE), NOTHING_YET);
    } catch (LauncherCallFailed _) {
      return new Heard.Refused();
    }
  }

  private void listen(
      Conversation conversation, Address address, Heard.Agent first, Wakeup wakeup) {
    try (conversation) {
      var last = first;
      for (var word = conversation.next(); word.isPresent(); word = conversation.next()) {
        if (word.get().isRefusal()) {
          continue;
        }
        last = agent(word.get(), last);
        remember(address, last);
        wakeup.call();
        if (last.serving()) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    forget(address.podUid());
    wakeup.call();
  }

  /** What the launcher says last, with what it said before of what it does not speak of now. */
  private static Heard.Agent agent(LauncherWord word, Heard.Agent before) {
    var serving = word.event() == LauncherWord.Event.SERVING || Boolean.TRUE.equals(word.serving());
    return new Heard.Agent(
        word.processId(),
        serving,
        Math.max(word.restarts(), before.restarts()),
        word.exitCode() != null ? word.exitCode() : before.lastExitCode());
  }
}
