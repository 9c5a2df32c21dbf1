package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of the pending migrations are rehearsed.
 *
 * @param target the last version, as it was typed; empty: all
 */
record PendingChoice(Optional<String> target) {
  /**
   * Those of the copy.
   *
   * @param since were applied to the live database after the backup, and are always wanted
   * @param live what is pending in the live database
   * @throws Failure USAGE when the target is no pending version
   */
  List<MigrationScript> wanted(
      List<MigrationScript> pending, List<MigrationScript> since, List<MigrationScript> live) {
    Optional<MigrationVersion> last = last();
    if (last.isPresent()
        && Stream.concat(pending.stream(), live.stream())
            .noneMatch(script -> last.get().equals(script.version()))) {
      throw Failure.usage(
          "--target: there is no pending migration of version " + last.get(),
          "see which are pending with: belay list-migrations");
    }
    return pending.stream().filter(script -> since.contains(script) || isWanted(script)).toList();
  }

  /**
   * Whether it is not beyond the last version.
   *
   * @throws Failure USAGE when the target is no version
   */
  boolean isWanted(MigrationScript script) {
    return last()
        .map(last -> script.version() != null && script.version().compareTo(last) <= 0)
        .orElse(true);
  }

  private Optional<MigrationVersion> last() {
    return target.map(
        text ->
            MigrationVersion.parse(text.replaceFirst("^[Vv]", ""))
                .orElseThrow(
                    () ->
                        Failure.usage(
                            "--target: '%s' is no version".formatted(text),
                            "give it as in a script's name, such as --target 18")));
  }
}
