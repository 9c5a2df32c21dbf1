package dev.belay.hooks;

import dev.belay.config.Section;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The section {@code hooks}: for each command, or for {@code all} of them, what runs before, after
 * and on failure.
 */
final class HookSettings {
  private static final String ALL = "all";
  private static final String TIMEOUT = "timeout";
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final List<String> KEYS = List.of("before", "after", "onFailure", TIMEOUT);

  private final Map<String, List<Hook>> hooks = new HashMap<>();

  private HookSettings() {}

  /**
   * Reads and checks all of them.
   *
   * @param commands the words of each command that can have hooks, with blanks between them
   * @throws Failure USAGE for a command, a key or a command line that is wrong
   */
  static HookSettings of(Section section, List<String> commands) {
    HookSettings read = new HookSettings();
    List<String> known = new ArrayList<>(List.of(ALL, TIMEOUT));
    commands.forEach(command -> known.add(key(command)));
    section.allowOnly(known);
    refuseTwice(section);
    Duration timeout = timeout(section, "60s");
    List<String> owners = new ArrayList<>(commands);
    owners.add(ALL);
    for (String owner : owners) {
      read.add(section, owner, timeout);
    }
    return read;
  }

  /** The name of a command as a key: {@code rollback-point-execute}. */
  static String key(String command) {
    return command.replace(' ', '-');
  }

  private static Duration timeout(Section section, String fallback) {
    return section.duration(TIMEOUT, fallback, Duration.ofMillis(1), LONGEST);
  }

  /** Two spellings of one command: only one of them would be found. */
  private static void refuseTwice(Section section) {
    Map<String, String> seen = new HashMap<>();
    for (String written : section.keys()) {
      String other =
          seen.put(written.toLowerCase(Locale.ROOT).replace("-", "").replace("_", ""), written);
      if (other != null) {
        throw Failure.usage(
            "%s: %s.%s and %s are the same command"
                .formatted(section.where(written), section.name(), written, other),
            "write them as one, " + other);
      }
    }
  }

  private void add(Section section, String owner, Duration fallback) {
    String key = key(owner);
    if (section.raw(key).isPresent()) {
      throw Failure.usage(
          section.where(key) + ": hooks." + key + " says not when its command line is to run",
          "write it below before, after or onFailure");
    }
    Section own = section.section(key);
    if (own.isEmpty()) {
      return;
    }
    own.allowOnly(KEYS);
    Duration timeout = own.has(TIMEOUT) ? timeout(own, "60s") : fallback;
    for (HookEvent event : HookEvent.values()) {
      List<Hook> lines = new ArrayList<>();
      refuseGaps(own, event);
      for (String line : own.rawList(event.word())) {
        lines.add(hook(own, key, event, line, timeout));
      }
      hooks.put(owner + "\n" + event, List.copyOf(lines));
    }
  }

  /** An item that is empty, or that is more than a text, would be passed over without a word. */
  private static void refuseGaps(Section own, HookEvent event) {
    Section list = own.section(event.word());
    Set<String> numbers = list.keys();
    boolean whole =
        IntStream.range(0, numbers.size())
            .mapToObj(String::valueOf)
            .allMatch(number -> list.raw(number).isPresent());
    if (!whole) {
      throw Failure.usage(
          "%s: an item of %s.%s is empty, or not one command line"
              .formatted(own.where(event.word()), own.name(), event.word()),
          "write each item as one text, such as: - systemctl stop app");
    }
  }

  private static Hook hook(
      Section own, String key, HookEvent event, String line, Duration timeout) {
    String name = "hooks." + key + "." + event.word();
    List<String> words;
    try {
      words = ShellWords.split(line);
    } catch (Failure wrong) {
      throw Failure.usage(
          own.where(event.word()) + ": " + name + ": " + wrong.message(), wrong.hint());
    }
    if (words.isEmpty() || words.get(0).isEmpty()) {
      throw Failure.usage(
          own.where(event.word())
              + ": "
              + name
              + ": the command line '"
              + line
              + "' names no program",
          "write a program and its arguments, such as: systemctl stop app");
    }
    return new Hook(name, event, line, words, timeout);
  }

  /**
   * What runs along with that command: before it those for all come first, afterwards last, so that
   * they stand around the others.
   */
  List<Hook> of(String command, HookEvent event) {
    List<Hook> own = hooks.getOrDefault(command + "\n" + event, List.of());
    List<Hook> ofAll = hooks.getOrDefault(ALL + "\n" + event, List.of());
    List<Hook> both = new ArrayList<>(event == HookEvent.BEFORE ? ofAll : own);
    both.addAll(event == HookEvent.BEFORE ? own : ofAll);
    return both;
  }

  /** All that may run along with that command. */
  List<Hook> of(String command) {
    List<Hook> all = new ArrayList<>();
    for (HookEvent event : HookEvent.values()) {
      all.addAll(of(command, event));
    }
    return all;
  }
}
