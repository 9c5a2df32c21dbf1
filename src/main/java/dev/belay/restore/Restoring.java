package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.core.Changing;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.journal.DatabaseNote;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.DatabaseNames;
import dev.belay.swap.DatabaseProperties;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.LastLook;
import dev.belay.swap.Replaced;
import dev.belay.swap.ReplacedDoor;
import dev.belay.swap.SwapResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One restore, after the plan was agreed to. Until the swap, the live database is not touched. */
final class Restoring {
  private final GuardedRun run;
  private final RestoreSource source;
  private final RestoreRequest request;
  private final OperationLock lock;
  private final Journal journal;
  private final List<String> outlook;
  private final Consent consent;
  private final long begin = System.nanoTime();

  Restoring(
      GuardedRun run,
      RestoreSource source,
      RestoreRequest request,
      OperationLock lock,
      Journal journal,
      List<String> outlook,
      Consent consent) {
    this.run = run;
    this.source = source;
    this.request = request;
    this.lock = lock;
    this.journal = journal;
    this.outlook = outlook;
    this.consent = consent;
  }

  /** Beside the live database, then in its place. */
  RestoreReport swap() {
    String what = run.command() + " " + source.facts().id();
    DatabaseProperties properties;
    try (Database session = run.openMaintenance()) {
      properties = DatabaseProperties.of(session, run.live());
    }
    String fresh = DatabaseNames.fresh(run.live(), run.run());
    try (Cleanup.Pending drop = dropLater(fresh)) {
      RestoreSource.Restored restored = beside(fresh, run.live(), Optional.of(properties), what);
      Optional<Reckoning.Settled> settled = settled(fresh);
      run.progress().step("swapping it in");
      LastLook lastLook =
          settled
              .flatMap(Reckoning.Settled::latecomers)
              .<LastLook>map(late -> late)
              .orElse(LastLook.NONE);
      SwapResult swapped = swapIn(fresh, what, drop, lastLook);
      drop.cancel();
      settled
          .flatMap(Reckoning.Settled::latecomers)
          .filter(late -> late.outcome().unseen().isPresent())
          .ifPresent(late -> count(late, swapped.replaced()));
      Optional<WritesReport> writes = settled.map(Reckoning.Settled::report);
      boolean discarded = request.discardReplaced() && discard(swapped.replaced());
      return report(restored, run.live())
          .swapped(swapped, discarded, request.backup())
          .withWrites(writes.orElse(null));
    }
  }

  private Optional<Reckoning.Settled> settled(String fresh) {
    return request.writes().looked()
        ? Optional.of(
            new Reckoning(run, request, journal, consent)
                .settle(run.maintenance().withDatabase(fresh)))
        : Optional.empty();
  }

  /** In the database that is kept, what there was no time for can be counted now. */
  private void count(Latecomers latecomers, String replaced) {
    try (Database session = run.openMaintenance()) {
      Replaced kept =
          Replaced.list(session).stream()
              .filter(each -> each.name().equals(replaced))
              .findFirst()
              .orElseThrow();
      ReplacedDoor door = new ReplacedDoor(run, journal, kept);
      try (Database inside = door.open(door.target())) {
        latecomers.count(inside);
      }
    } catch (Failure unknown) {
      run.progress().warn("what was written last cannot be counted: " + unknown.message());
    }
  }

  /**
   * A live database that could not be opened again is opened by the next run, which learns of it
   * from the note of the new one and the open journal: then both are left.
   */
  private SwapResult swapIn(String fresh, String what, Cleanup.Pending drop, LastLook lastLook) {
    try {
      return run.swap(journal, lock).run(run.live(), fresh, what, lastLook);
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.INCOMPLETE) {
        journal.leaveOpen();
        drop.cancel();
      }
      throw failure;
    }
  }

  /** Beside the live database, under a name that no database has. */
  RestoreReport create(String name) {
    String fresh = DatabaseNames.fresh(name, run.run());
    try (Cleanup.Pending drop = dropLater(fresh)) {
      String what = run.command() + " " + source.facts().id();
      RestoreSource.Restored restored = beside(fresh, name, asItWas(), what);
      run.swap(journal, lock).install(fresh, name);
      drop.cancel();
      return report(restored, name);
    }
  }

  /** A live database that is gone comes back as it was; a new one is of whoever makes it. */
  private Optional<DatabaseProperties> asItWas() {
    if (request.strategy() != Strategy.SWAP) {
      return Optional.empty();
    }
    BackupFacts facts = source.facts();
    try (Database session = run.openMaintenance()) {
      return facts
          .properties()
          .map(
              saved ->
                  saved.on(
                      session, facts.owner(), facts.locale(), line -> run.progress().warn(line)));
    }
  }

  /** Into the live database, in one transaction. */
  RestoreReport inPlace() {
    lock.check();
    InPlace before = InPlace.look(run);
    journal.step(Journal.IN_PLACE, restoring(run.live()));
    FailPoint.reached("in-place-begun");
    run.progress().step("restoring into " + run.target());
    RestoreSource.Restored restored =
        before.orSay(
            () -> source.restore(job(run.target(), RestoreSource.Manner.IN_PLACE)),
            this::restoredInPlace);
    // pg_restore has committed: from here on the live data is that of the backup.
    // Whoever waited for its locks may have written the moment after, which differs as well.
    String state =
        run.live() + " holds what pg_restore made of the backup, and what others wrote since";
    String hint = "look at what differs with: belay verify-state";
    return Changing.step(
        "verifying " + run.live(),
        state,
        hint,
        () -> {
          refuseDifferences(restored);
          analyze(run.target());
          return report(restored, run.live());
        });
  }

  /** What is half done in a backup is known by its moment, unless it is of another database. */
  private Map<String, String> restoring(String database) {
    return request.fromOtherDatabase()
        ? Map.of(Journal.DATABASE, database)
        : Map.of(Journal.DATABASE, database, Journal.TAKEN_AT, source.facts().takenAt().toString());
  }

  /** What is done is done: a full disk does not make a failure of it. */
  private void restoredInPlace() {
    try {
      journal.step(Journal.RESTORED_IN_PLACE, Map.of("database", run.live()));
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
  }

  private RestoreSource.Restored beside(
      String fresh, String of, Optional<DatabaseProperties> properties, String what) {
    Target target = run.maintenance().withDatabase(fresh);
    journal.step("create", Map.of("database", fresh));
    try (Database session = run.openMaintenance()) {
      create(session, fresh, properties);
      FailPoint.reached("restore-created");
      note(session, fresh, of, properties, what);
      // Whether all can be given is found out now, and not after hours of restoring.
      properties.ifPresent(given -> given.rehearse(session, fresh));
    }
    FailPoint.reached("restore-noted");
    run.progress().step("restoring into " + fresh);
    journal.step("restore", restoring(fresh));
    RestoreSource.Restored restored = source.restore(job(target, RestoreSource.Manner.NEW));
    FailPoint.reached("restore-restored");
    refuseDifferences(restored);
    if (properties.isPresent()) {
      seal(fresh, of, properties.get(), what);
    }
    journal.step("proven", Map.of("database", fresh));
    FailPoint.reached("restore-proven");
    return restored;
  }

  /** As the live database is now: a restore may take hours, and nobody is kept from changing it. */
  private void seal(String fresh, String of, DatabaseProperties before, String what) {
    try (Database session = run.openMaintenance()) {
      DatabaseProperties now =
          PreflightQueries.exists(session, of) ? DatabaseProperties.of(session, of) : before;
      if (!now.owner().equals(before.owner())) {
        throw Failure.failed(
            "while the backup was restored, %s was given from %s to %s"
                .formatted(of, before.owner(), now.owner()),
            "run it again when nobody changes the database");
      }
      if (!now.comment().equals(before.comment())) {
        note(session, fresh, of, Optional.of(now), what);
      }
      now.applyTo(session, fresh);
    }
  }

  private void create(Database session, String fresh, Optional<DatabaseProperties> properties) {
    Identifier name = new Identifier(fresh);
    int major = ServerInfo.of(session).major();
    BackupFacts facts = source.facts();
    if (properties.isPresent()) {
      if (!properties.get().locale().equals(facts.locale())) {
        run.progress()
            .warn(
                "the backup has the locale %s, the live database %s; that of the backup is taken"
                    .formatted(facts.locale(), properties.get().locale()));
      }
      session.execute(properties.get().withLocale(facts.locale()).createStatement(name, major));
    } else {
      session.execute("create database " + name + " " + facts.locale().createOptions(major));
    }
  }

  private void note(
      Database session,
      String fresh,
      String of,
      Optional<DatabaseProperties> properties,
      String what) {
    DatabaseNote note =
        DatabaseNote.now(
            DatabaseNote.Kind.NEW,
            of,
            run.run(),
            session.text("select current_user"),
            what,
            properties.flatMap(DatabaseProperties::comment).orElse(null));
    session.execute(
        "comment on database " + new Identifier(fresh) + " is " + Identifier.literal(note.text()));
  }

  private RestoreSource.Job job(Target target, RestoreSource.Manner manner) {
    return new RestoreSource.Job(
        target, run.run(), request.jobs(), request.stallTimeout(), manner, request.verify());
  }

  private void refuseDifferences(RestoreSource.Restored restored) {
    restored.refuseDifferences(source.facts().id());
  }

  private void analyze(Target target) {
    try (Database session = run.databases().open(target)) {
      run.progress().step("gathering statistics (ANALYZE)");
      session.execute("analyze");
    }
  }

  private Cleanup.Pending dropLater(String fresh) {
    return Cleanup.register(
        () -> {
          try (Database session = run.openMaintenance()) {
            DatabaseDrop.now(session, fresh);
          }
        });
  }

  private boolean discard(String replaced) {
    try (Database session = run.openMaintenance()) {
      DatabaseDrop.now(session, replaced);
      return true;
    } catch (Failure kept) {
      run.progress().warn(replaced + " could not be dropped: " + kept.message());
      return false;
    }
  }

  private RestoreReport report(RestoreSource.Restored restored, String database) {
    return RestoreReport.of(
        source.facts(),
        run.target().withDatabase(database).toString(),
        request,
        restored,
        outlook,
        Duration.ofNanos(System.nanoTime() - begin));
  }
}
