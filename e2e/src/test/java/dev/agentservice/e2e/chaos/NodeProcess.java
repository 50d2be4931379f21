package dev.agentservice.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A process of the node, as the machine's root sees it in {@code /proc}. */
public record NodeProcess(Path folder) {

  private static final Path PROC = Path.of("/proc");
  private static final String GONE = "No such process";
  private static final Pattern NUL = Pattern.compile("\0");

  /** All whose env has the value. */
  public static List<NodeProcess> startedWith(String value) throws IOException {
    try (var folders = Files.list(PROC)) {
      return folders
          .filter(folder -> folder.getFileName().toString().matches("\\d+"))
          .map(NodeProcess::new)
          .filter(process -> process.env().contains(value))
          .toList();
    }
  }

  /** What it was started with. */
  public String env() {
    return read("environ");
  }

  /** Its program and arguments. */
  public List<String> command() {
    return NUL.splitAsStream(read("cmdline")).toList();
  }

  /** Who started it. */
  public NodeProcess parent() {
    return new NodeProcess(PROC.resolve(status("PPid")));
  }

  /** What the process itself, and {@code ps} beside it, takes for its id. */
  public long idInItsSandbox() {
    var ids = status("NSpid");
    return Long.parseLong(ids.substring(ids.lastIndexOf('\t') + 1));
  }

  private String status(String field) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findAny()
        .orElseThrow();
  }

  /**
   * Nothing of a process that has ended, or has no memory any more, nor of one of the machine's own
   * that shows itself to nobody.
   */
  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (FileSystemException e) {
      if (e instanceof NoSuchFileException
          || e instanceof AccessDeniedException
          || GONE.equals(e.getReason())) {
        return "";
      }
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      if (GONE.equals(e.getMessage())) { // by read(2), once the file was open
        return "";
      }
      throw new UncheckedIOException(e);
    }
  }
}
