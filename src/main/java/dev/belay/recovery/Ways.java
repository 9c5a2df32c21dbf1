package dev.belay.recovery;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.flyway.AppliedMigration;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways that remain when a migration is left as it is, each with its command. */
final class Ways {
  private Ways() {}

  /**
   * Lists them.
   *
   * @param undo why the undo was not done; null: nobody tried
   */
  static List<Way> of(FailedMigration failed, Left left, @Nullable Failure undo) {
    List<Way> ways = new ArrayList<>();
    for (Left.App app : left.apps()) {
      String name = app.history().app();
      if (!app.failed().isEmpty()) {
        ways.add(
            new Way(
                Way.Kind.LOOK,
                belay("resolve-conflicts", name),
                "says what to do with what is recorded as failed, before anything can be undone"));
      }
      app.applied().stream()
          .filter(row -> row.version() != null)
          .findFirst()
          .ifPresent(first -> ways.add(undo(name, first, undo)));
    }
    failed
        .backup()
        .ifPresent(
            id ->
                ways.add(
                    failed.others().alone()
                        ? new Way(
                            Way.Kind.RESTORE,
                            belay("backup-restore", id),
                            "nobody else wrote since; what is live now is kept")
                        : new Way(
                            Way.Kind.RESTORE,
                            belay("backup-restore", id, "--expect-writes"),
                            "says what was written since before it swaps; --carry-new-rows brings"
                                + " new rows along")));
    ways.add(forward(failed));
    return ways;
  }

  /** To try again; a command that is not whole is not to be pasted as it is. */
  static Way forward(FailedMigration failed) {
    return new Way(
        Way.Kind.FORWARD,
        failed.again(),
        failed.again().contains(Masking.MASK)
            ? "when the cause is mended; put back what is shown as " + Masking.MASK
            : "when the cause is mended");
  }

  private static Way undo(String app, AppliedMigration first, @Nullable Failure undo) {
    return new Way(
        Way.Kind.UNDO,
        belay("rollback-migration", app, String.valueOf(first.version())),
        undo == null ? "says what it would lose before it does" : undo.hint());
  }

  private static String belay(String... words) {
    return "belay " + ShellWords.join(List.of(words));
  }
}
