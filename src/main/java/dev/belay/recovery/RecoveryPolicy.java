package dev.belay.recovery;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import java.util.Locale;
import java.util.Optional;

/** What is done when a migration failed. */
public enum RecoveryPolicy {
  /**
   * Undo what this run applied, where that is proven and loses nothing that was not accepted; else
   * restore the backup, where it is proven that nobody else wrote since.
   */
  UNDO,
  /** Bring back the backup that was made before; what was written since is in the replaced one. */
  RESTORE,
  /** Leave everything, and say which ways there are. */
  STOP;

  /**
   * The policy of the option {@code --on-failure}, else of {@code recovery.onFailure}, else {@link
   * #UNDO}.
   *
   * @throws Failure USAGE when there is no such policy
   */
  public static RecoveryPolicy of(Optional<String> option, Settings settings) {
    if (option.isEmpty()) {
      return settings.section("recovery").choice("onFailure", RecoveryPolicy.class, UNDO);
    }
    for (RecoveryPolicy each : values()) {
      if (each.word().equals(option.get().strip().toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    throw Failure.usage(
        "there is no '%s' for --on-failure".formatted(option.get()), "use undo, restore or stop");
  }

  /** Its word on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
