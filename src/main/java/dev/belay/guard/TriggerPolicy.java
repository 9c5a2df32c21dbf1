package dev.belay.guard;

import dev.belay.core.Failure;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a trigger script does when its command fails. */
enum TriggerPolicy {
  UNDO,
  RESTORE,
  STOP,
  /** The newest backup that can be read is swapped in, whatever was written since. */
  EMERGENCY_ROLLBACK;

  /**
   * Reads a word.
   *
   * @throws Failure USAGE when there is no such policy
   */
  static TriggerPolicy parse(String text) {
    return Stream.of(values())
        .filter(each -> each.word().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no '%s' for --policy".formatted(text),
                    "use one of: "
                        + Stream.of(values())
                            .map(TriggerPolicy::word)
                            .collect(Collectors.joining(", "))));
  }

  /** Its word on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
