package dev.agentservice.api.service;

import java.util.regex.Pattern;

/** How a name from a request is told back: short, and with nothing that a log could stumble on. */
final class Quoted {

  private static final int SHOWN = 100;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

  private Quoted() {}

  static String name(String name) {
    var shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "..." : name;
    return "\"" + UNPRINTABLE.matcher(shown).replaceAll("?") + "\"";
  }
}
