package dev.belay.guard;

import dev.belay.archive.Level;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asked for.
 *
 * @param name what people call it, such as {@code deploy}
 * @param command its words, as they were given
 * @param program the file of its first word
 * @param directory where it runs
 * @param preflight look first whether one could go back
 * @param accepted what of that may be as it is
 * @param backup how far the backup that is made first is proven; empty: none is made
 * @param policy what is done when it fails
 * @param acceptedLoss the most rows and values that an undo may lose; empty: none
 * @param limit so long the command may take; zero: for ever
 * @param monitor whether machine and database are watched meanwhile
 * @param printed whether what is seen is printed too
 * @param statusFile where the command's exit status is written
 * @param jobs parallel sessions of backup and restore
 * @param further options as they were given, of which only the command line knows, such as {@code
 *     --jobs}; for who does it again
 */
record GuardRequest(
    String name,
    List<String> command,
    Path program,
    Path directory,
    boolean preflight,
    Set<Topic> accepted,
    Optional<Level> backup,
    RecoveryPolicy policy,
    OptionalLong acceptedLoss,
    Duration limit,
    boolean monitor,
    boolean printed,
    Optional<Path> statusFile,
    int jobs,
    List<String> further) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  GuardRequest {
    command = List.copyOf(command);
    accepted = Set.copyOf(accepted);
    further = List.copyOf(further);
    if (policy == RecoveryPolicy.RESTORE && backup.isEmpty()) {
      throw Failure.usage(
          "--on-failure restore needs the backup that --no-backup leaves out",
          "leave --no-backup out");
    }
    if (!limit.isZero() && limit.compareTo(SHORTEST) < 0) {
      throw Failure.usage(
          "--time-limit is %s, less than a second".formatted(Units.duration(limit)),
          "give for example --time-limit 30m");
    }
    if (acceptedLoss.orElse(0) < 0) {
      throw Failure.usage("--accept-loss is " + acceptedLoss.getAsLong(), "give a number of rows");
    }
    if (jobs < 1) {
      throw Failure.usage("--jobs is " + jobs, "give at least 1");
    }
  }

  /** The command line that does the same again, for whoever pastes it: whole, without secrets. */
  String again() {
    List<String> words = new ArrayList<>(List.of("belay", "guard"));
    if (!name.isEmpty()) {
      words.addAll(List.of("--name", name));
    }
    words.addAll(List.of("--on-failure", policy.word()));
    backup.ifPresentOrElse(
        level -> words.addAll(List.of("--backup-level", level.toString())),
        () -> words.add("--no-backup"));
    if (!limit.isZero()) {
      boolean whole = limit.toMillisPart() == 0;
      words.addAll(
          List.of("--time-limit", whole ? limit.toSeconds() + "s" : limit.toMillis() + "ms"));
    }
    acceptedLoss.ifPresent(rows -> words.addAll(List.of("--accept-loss", String.valueOf(rows))));
    if (!preflight) {
      words.add("--no-preflight");
    }
    if (!accepted.isEmpty()) {
      words.addAll(
          List.of(
              "--accept", String.join(",", accepted.stream().sorted().map(Topic::word).toList())));
    }
    words.addAll(further);
    words.add("--");
    return ShellWords.join(words) + " " + CommandWords.typed(command);
  }

  /** Its name; null: it has none. */
  @Nullable String named() {
    return name.isEmpty() ? null : name;
  }
}
