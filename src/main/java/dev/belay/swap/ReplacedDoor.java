package dev.belay.swap;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.DatabaseNote;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Lets sessions of this run into a replaced database, which accepts no connections. The server asks
 * only at login, so it is open for the moment of a login and never longer: a session that is in
 * stays in. Its note says meanwhile who opened it; whatever ends this program, it is closed again,
 * by the clean-up or by the next run of Belay. One that somebody opened by hand stays as it is.
 */
public final class ReplacedDoor implements Databases {
  private final Databases databases;
  private final Target maintenance;
  private final RunId run;
  private final Journal journal;
  private final Progress progress;
  private final Replaced replaced;
  private long openNanos;

  /**
   * @param replaced as it was found; the caller holds the operation lock of the live database
   */
  public ReplacedDoor(GuardedRun run, Journal journal, Replaced replaced) {
    this.databases = run.databases();
    this.maintenance = run.maintenance();
    this.run = run.run();
    this.journal = journal;
    this.progress = run.progress();
    this.replaced = replaced;
  }

  /**
   * Only its owner may open a database.
   *
   * @throws Failure UNAVAILABLE when this role is not
   */
  public static void refuseForeign(Database maintenance, Replaced replaced) {
    if (!replaced.open() && !ReplacedDoorQueries.mayOpen(maintenance, replaced.name())) {
      throw Failure.unavailable(
          "%s may not open %s, which belongs to %s"
              .formatted(maintenance.target().user(), replaced.name(), replaced.owner()),
          "run it as " + replaced.owner() + " or as a superuser");
    }
  }

  /** The replaced database. */
  public Target target() {
    return maintenance.withDatabase(replaced.name());
  }

  /** How long it accepted connections, all logins together. */
  public synchronized Duration open() {
    return Duration.ofNanos(openNanos);
  }

  /**
   * A session with the replaced database, in which the server refuses every change.
   *
   * @throws Failure UNAVAILABLE when it may not be opened or reached
   */
  @Override
  public synchronized Database open(Target target) {
    if (!target.database().equals(replaced.name())) {
      return databases.open(target);
    }
    if (replaced.open()) {
      return databases.open(target).readingOnly();
    }
    journal.step(
        "replaced-opening",
        Map.of(
            "database",
            replaced.name(),
            "undo",
            SwapQueries.openStatement(replaced.name(), false)));
    Database session;
    // Whatever happens, it is closed, if need be by a session of its own.
    try (Cleanup.Pending closed = Cleanup.register(this::close);
        Database porter = databases.open(maintenance)) {
      refuseForeign(porter, replaced);
      unlock(porter);
      long begin = System.nanoTime();
      FailPoint.reached("replaced-opened");
      try {
        session = databases.open(target).readingOnly();
        shut(porter, replaced.name(), run.text());
        closed.cancel();
      } finally {
        openNanos += System.nanoTime() - begin;
      }
    }
    FailPoint.reached("replaced-entered");
    strangers();
    return session;
  }

  private void unlock(Database session) {
    session.inTransaction(
        () -> {
          DatabaseNote note = note(session).withOpenedBy(run.text());
          SwapQueries.comment(session, replaced.name(), Optional.of(note.text()));
          SwapQueries.open(session, replaced.name(), true);
          return note;
        });
  }

  private DatabaseNote note(Database session) {
    return SwapQueries.state(session, replaced.name())
        .flatMap(SwapQueries.State::note)
        .orElseThrow(
            () ->
                Failure.unavailable(
                    replaced.name() + " is not a replaced database any more",
                    "see which are kept with: belay list-replaced"));
  }

  private void close() {
    try (Database session = databases.open(maintenance)) {
      shut(session, replaced.name(), run.text());
    }
  }

  /**
   * Closes it, if that run has opened it.
   *
   * @return whether it had
   */
  static boolean shut(Database maintenance, String database, String run) {
    return maintenance.inTransaction(
        () -> {
          Optional<DatabaseNote> note =
              SwapQueries.state(maintenance, database)
                  .flatMap(SwapQueries.State::note)
                  .filter(found -> run.equals(found.openedBy()));
          note.ifPresent(
              found -> {
                SwapQueries.open(maintenance, database, false);
                SwapQueries.comment(
                    maintenance, database, Optional.of(found.withOpenedBy(null).text()));
              });
          return note.isPresent();
        });
  }

  /** Who slipped in meanwhile may write there, which the next discard would take away. */
  private void strangers() {
    try (Database session = databases.open(maintenance)) {
      ReplacedDoorQueries.strangers(session, replaced.name())
          .forEach(
              who -> progress.warn("%s is with %s, too: end it".formatted(who, replaced.name())));
    }
  }
}
