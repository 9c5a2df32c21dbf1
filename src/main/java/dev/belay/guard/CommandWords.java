package dev.belay.guard;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.PassThrough;
import dev.belay.process.ShellWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A guarded command in sentences. */
final class CommandWords {
  private static final int LONGEST = 300;
  private static final int SIGNALS = 128;
  private static final char LOST = '\ufffd';
  private static final Map<Integer, String> NAMES =
      Map.of(
          1, "HUP", 2, "INT", 3, "QUIT", 6, "ABRT", 9, "KILL", 11, "SEGV", 13, "PIPE", 14, "ALRM",
          15, "TERM");

  private CommandWords() {}

  /** The command for a sentence: without secrets, and cut where it is long. */
  static String shown(List<String> command) {
    String whole =
        Masking.commandLine(
            command.stream().map(Masking::argument).map(ShellWords::quote).toList());
    return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "...";
  }

  /** The whole command on one line as it could be pasted, without secrets. */
  static String typed(List<String> command) {
    return Masking.words(command).stream()
        .map(ShellWords::onOneLine)
        .collect(Collectors.joining(" "));
  }

  /**
   * Refuses words that did not arrive as they were written.
   *
   * @throws Failure USAGE
   */
  static void refuseGarbled(List<String> command) {
    for (int at = 0; at < command.size(); at++) {
      if (command.get(at).indexOf(LOST) >= 0) {
        throw Failure.usage(
            "word %d of the command has bytes that are no text in this locale, and would not arrive as they are"
                .formatted(at + 1),
            "export LC_ALL=C.UTF-8, or put the command into a script");
      }
    }
  }

  /**
   * Refuses this program as the command: it would find its own lock taken, and needs no guard.
   *
   * @param instead what to type, such as {@code run it as it is}
   * @throws Failure USAGE
   */
  static void refuseOwn(List<String> command, String instead) {
    Path program = Path.of(command.get(0)).getFileName();
    if (program != null && program.toString().equals("belay")) {
      throw Failure.usage(
          "belay guards what it changes by itself, and a second one would wait for the first for ever",
          instead + ": " + shown(command));
    }
  }

  /** How it ended. */
  static String ending(PassThrough.Ended ended, Duration limit) {
    if (ended.overTime()) {
      return "was ended, since it took longer than " + Units.duration(limit);
    }
    int signal = ended.status() - SIGNALS;
    String status =
        "ended with status %d after %s".formatted(ended.status(), Units.duration(ended.duration()));
    if (NAMES.containsKey(signal)) {
      status += ", as what is killed by signal %d (%s) does".formatted(signal, NAMES.get(signal));
    }
    return ended.interruptedBy() == null
        ? status
        : "%s, when belay was asked to end by SIG%s".formatted(status, ended.interruptedBy());
  }
}
