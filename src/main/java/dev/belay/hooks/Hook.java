package dev.belay.hooks;

import dev.belay.config.Masking;
import java.time.Duration;
import java.util.List;

/**
 * One command line of the operator's.
 *
 * @param name where it is configured, such as {@code hooks.migrate.before}
 * @param line as it was written
 * @param words of it
 * @param timeout after so long it is ended
 */
record Hook(String name, HookEvent event, String line, List<String> words, Duration timeout) {
  Hook {
    words = List.copyOf(words);
  }

  /** The line without secrets, for people. */
  String shown() {
    return Masking.commandLine(List.of(line));
  }
}
