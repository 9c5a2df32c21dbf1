package dev.belay.recovery;

import dev.belay.core.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What was done after a migration failed, and what there is left to do.
 *
 * @param policy as it was asked for
 * @param done what became of the database
 * @param asBefore whether it is proven that the database is as it was before
 * @param differs whether it is certain that a failed migration's schema or history stays, which is
 *     not as before
 * @param undone the migrations that were undone
 * @param restored the backup that was restored; null: none was
 * @param replaced the name of the database that it replaced; null: none
 * @param rowsLost rows and values that an undo lost
 * @param found how the database differs from what it was, and how sure that is
 * @param failures what went wrong on the way
 * @param ways that remain, each with its command; empty when there is nothing left to do
 */
public record Recovered(
    RecoveryPolicy policy,
    Done done,
    boolean asBefore,
    boolean differs,
    List<String> undone,
    @Nullable String restored,
    @Nullable String replaced,
    long rowsLost,
    List<String> found,
    List<String> failures,
    List<Way> ways) {
  public Recovered {
    undone = List.copyOf(undone);
    found = List.copyOf(found);
    failures = List.copyOf(failures);
    ways = List.copyOf(ways);
  }

  /** What became of the database. */
  public enum Done {
    /** The migration had changed nothing. */
    NOTHING_NEEDED,
    /** What was applied is undone. */
    UNDONE,
    /** The backup is in the place of the database. */
    RESTORED,
    /** It is as the migration left it. */
    LEFT
  }

  /** FAILED when everything is as before, INCOMPLETE when something is left. */
  public ExitCode exitCode() {
    return asBefore ? ExitCode.FAILED : ExitCode.INCOMPLETE;
  }

  /** The state of the database, as a sentence. */
  public String state() {
    return switch (done) {
      case NOTHING_NEEDED -> "the migration left nothing behind; the database is as before";
      case UNDONE ->
          asBefore
              ? "what it had applied was undone; the database is as before"
              : "what it had applied was undone, but it is not proven that the database is as before";
      case RESTORED ->
          asBefore
              ? "the backup %s was restored; the database is as before".formatted(restored)
              : "the backup %s was restored; what was written since it was made is only in %s"
                  .formatted(restored, replaced);
      case LEFT -> "the database is as the migration left it";
    };
  }

  /** The lines for a person. */
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  /**
   * The same lines.
   *
   * @param toPaste gives for a command of a way the one that is to be shown
   */
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    lines.add("recovery (%s): %s".formatted(policy.word(), state()));
    undone.forEach(each -> lines.add("  undone: " + each));
    if (rowsLost > 0) {
      lines.add("  rows and values lost: " + rowsLost);
    }
    if (replaced != null) {
      lines.add("  what was live until then is kept as " + replaced);
    }
    found.forEach(each -> lines.add("  found: " + each));
    failures.forEach(each -> lines.add("  failed: " + each));
    for (Way way : ways) {
      lines.add(
          "  %-8s %s   (%s)"
              .formatted(
                  way.kind().name().toLowerCase(Locale.ROOT),
                  toPaste.apply(way.command()),
                  toPaste.apply(way.cost())));
    }
    return lines;
  }
}
