package dev.agentservice.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What the API server was asked, by whom and when: its audit log. */
record AuditLog(Path file) {

  private static final ObjectReader JSON = new ObjectMapper().readerFor(JsonNode.class);
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  /** A request that was answered. */
  record Request(
      String user,
      String verb,
      String resource,
      String namespace,
      String name,
      int httpStatus,
      Instant from,
      Instant to) {

    /** Such as {@code update agentservices/status}. */
    String kind() {
      return verb + " " + resource;
    }

    /** A review is created too, but nothing of it stays. */
    boolean isWrite() {
      return WRITES.contains(verb) && !resource.endsWith("reviews");
    }

    /** The lease is what one operator costs; watches that run out begin anew. */
    boolean isUpkeep() {
      return resource.equals("leases") || verb.equals("watch");
    }

    boolean isBy(String account) {
      return user.equals(account);
    }

    private static Request of(JsonNode record) {
      var object = record.path("objectRef");
      var part = object.path("subresource").asText();
      return new Request(
          record.at("/user/username").asText(),
          record.path("verb").asText(),
          object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
          object.path("namespace").asText(),
          object.path("name").asText(),
          record.at("/responseStatus/code").asInt(),
          Instant.parse(record.path("requestReceivedTimestamp").asText()),
          Instant.parse(record.path("stageTimestamp").asText()));
    }
  }

  /** The place from which {@link #since} reads on. */
  long mark() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Request> since(long mark) {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(mark);
      var reader =
          new BufferedReader(
              Channels.newReader(channel, StandardCharsets.UTF_8.newDecoder(), 1 << 16));
      return reader
          .lines()
          .filter(line -> line.contains("\"stage\":\"ResponseComplete\""))
          .filter(line -> line.startsWith("{") && line.endsWith("}")) // not half written
          .map(AuditLog::read)
          .map(Request::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readValue(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
