package dev.belay.emergency;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.integrity.Content;
import dev.belay.integrity.TableContent;
import dev.belay.pgtools.Identity;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The restores of this database that are possible, from what lies on the disk. */
final class BackupOutlook {
  /** Slow on purpose: a guess that is too short is worse than one that is too long. */
  private static final long GUESSED_BYTES_PER_SECOND = 30_000_000;

  private static final long AROUND_MILLIS = 1_000;

  private final GuardedRun run;
  private final Optional<String> server;
  private final boolean answers;
  private final Optional<String> emergency;
  private final List<StoredBackup> all;
  private final List<String> problems = new ArrayList<>();

  /**
   * Looks at the folder.
   *
   * @param server the number of the server, where it can be asked
   * @param answers whether the server does, so that something can be restored
   * @param emergency the id of the emergency backup, which is no way back
   */
  BackupOutlook(
      GuardedRun run, Optional<String> server, boolean answers, Optional<String> emergency) {
    this.run = run;
    this.server = server;
    this.answers = answers;
    this.emergency = emergency;
    this.all = list();
  }

  private List<StoredBackup> list() {
    BackupStore store = new BackupStore(run.settings().folders().backups());
    try {
      List<StoredBackup> backups = store.list();
      long broken = backups.stream().filter(each -> each.problem().isPresent()).count();
      if (broken > 0) {
        problems.add(
            Units.count(broken, "backup is", "backups are") + " broken: belay list-backups");
      }
      long others =
          backups.stream().filter(StoredBackup::isWayBack).filter(each -> !isOfThis(each)).count();
      if (others > 0) {
        problems.add(
            Units.count(others, "backup is", "backups are") + " of other databases or servers");
      }
      return backups;
    } catch (Failure unreadable) {
      problems.add(unreadable.message());
      return List.of();
    }
  }

  private boolean isOfThis(StoredBackup backup) {
    return backup.manifest().database().name().equals(run.live())
        && !ServerInfo.differ(server, backup.manifest().server().systemIdentifier());
  }

  /**
   * The whole backups of this database, the newest first. Emergency backups have what is wrong in
   * them: they are among them only where the database itself is not to be had.
   *
   * @param gone whether it is not
   */
  List<StoredBackup> usable(boolean gone) {
    return all.stream()
        .filter(StoredBackup::isWayBack)
        .filter(this::isOfThis)
        .filter(each -> gone || !each.isOfIncident())
        .toList();
  }

  /** The newest of this database, the emergency backup too: what it took tells what one takes. */
  Optional<StoredBackup> newest() {
    return all.stream().filter(StoredBackup::isWayBack).filter(this::isOfThis).findFirst();
  }

  /** What is wrong with what lies there, in words. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * The restores: of the newest backup, and of the newest that does not have the migration.
   *
   * @param newest the migration that was applied last
   * @param now how many rows each table has; empty: nobody can tell
   * @param gone whether the database itself is not to be had
   */
  List<WayOn> ways(
      Optional<NewestMigration> newest, Optional<Map<TableName, Long>> now, boolean gone) {
    List<StoredBackup> usable = usable(gone);
    Map<StoredBackup, String> chosen = new LinkedHashMap<>();
    usable.stream()
        .findFirst()
        .ifPresent(
            each ->
                chosen.put(
                    each,
                    each.isOfIncident()
                        ? "which emergency-recovery made, with what was wrong in it"
                        : "the newest"));
    usable.stream()
        .filter(each -> !each.isOfIncident())
        .findFirst()
        .ifPresent(each -> chosen.putIfAbsent(each, "the newest from before the incident"));
    newest.ifPresent(
        migration ->
            usable.stream()
                .filter(each -> !has(each, migration))
                .findFirst()
                .ifPresent(
                    each ->
                        chosen.merge(
                            each,
                            "the newest from before " + migration.migration().name(),
                            (one, other) ->
                                "the newest, from before " + migration.migration().name())));
    return chosen.entrySet().stream()
        .map(each -> way(each.getKey(), each.getValue(), now))
        .toList();
  }

  /** Whether it has the migration applied. */
  static boolean has(StoredBackup backup, NewestMigration newest) {
    AppliedMigration row = newest.row();
    return backup.manifest().migrations().stream()
        .filter(history -> history.app().equals(newest.app()))
        .flatMap(history -> history.inForce().stream())
        .anyMatch(each -> each.script().equals(row.script()));
  }

  private WayOn way(StoredBackup backup, String which, Optional<Map<TableName, Long>> now) {
    Loss loss = loss(backup, now);
    Time time = time(backup);
    Optional<String> closed = closed(backup);
    Level level = backup.state().level();
    return new WayOn(
        WayKind.RESTORE,
        "restore %s, %s, %s old"
            .formatted(
                backup.id(),
                which,
                Units.duration(Duration.between(backup.takenAt(), Instant.now()).abs())),
        closed.isEmpty(),
        closed.orElse(
            level.reaches(Level.READABLE) ? null : "nobody has proven that it can be read"),
        time.millis(),
        time.basis(),
        loss.rows(),
        loss.exact(),
        loss.words() + "; what is live now is kept as a replaced database",
        "nobody can connect for less than a second, when the two are swapped",
        level
            + backup
                .state()
                .provenAt()
                .map(at -> ", " + Units.moment(at))
                .orElse(", when it was made"),
        // Somebody may write until the very moment, whatever was counted before.
        "belay " + ShellWords.join(List.of("backup-restore", backup.id(), "--expect-writes")));
  }

  /** Why it cannot be restored now; empty: nothing is known against it. */
  private Optional<String> closed(StoredBackup backup) {
    if (!answers) {
      return Optional.of("the server does not answer");
    }
    if (!backup.manifest().dump().isEncrypted()) {
      return Optional.empty();
    }
    try {
      Identity.read(run.settings().identityFile());
      return Optional.empty();
    } catch (Failure locked) {
      return Optional.of("it is encrypted: " + locked.message());
    }
  }

  private record Time(long millis, String basis) {}

  private Time time(StoredBackup backup) {
    Optional<Proof> own = backup.state().restoreProof();
    if (own.isPresent()) {
      return new Time(
          millis(own.get()) * 11 / 10 + AROUND_MILLIS, "measured when it was proven by a restore");
    }
    long bytes = backup.manifest().database().bytes();
    for (StoredBackup other : usable(true)) {
      Optional<Proof> proof = other.state().restoreProof();
      long measured = other.manifest().database().bytes();
      if (proof.isPresent() && measured > 0) {
        return new Time(
            (long) (millis(proof.get()) * 1.1 * bytes / measured) + AROUND_MILLIS,
            "extrapolated from the restore of %s by size".formatted(other.id()));
      }
    }
    return new Time(
        AROUND_MILLIS + bytes * 1000 / GUESSED_BYTES_PER_SECOND,
        "guessed from the size, %s: no restore was ever measured".formatted(Units.bytes(bytes)));
  }

  private static long millis(Proof proof) {
    return proof.restoreMillis().orElse(0L) + proof.verificationMillis().orElse(0L);
  }

  private record Loss(@Nullable Long rows, boolean exact, String words) {}

  /** Against the emergency backup, which knows each table exactly; else against what is counted. */
  private Loss loss(StoredBackup backup, Optional<Map<TableName, Long>> now) {
    Optional<StoredBackup> made =
        all.stream()
            .filter(each -> emergency.filter(each.id()::equals).isPresent())
            .filter(StoredBackup::isWayBack)
            .findFirst();
    Map<TableName, Fingerprint> then = contents(backup.manifest().content());
    if (made.isPresent()) {
      Content live = made.get().manifest().content();
      boolean comparable =
          live.form().equals(backup.manifest().content().form())
              && live.probe().equals(backup.manifest().content().probe());
      return exactly(contents(live), made.get().takenAt(), then, comparable);
    }
    return now.map(rows -> roughly(rows, then))
        .orElse(
            new Loss(
                null,
                false,
                "not known: everything written since " + Units.moment(backup.takenAt())));
  }

  private static Loss exactly(
      Map<TableName, Fingerprint> live,
      Instant at,
      Map<TableName, Fingerprint> then,
      boolean comparable) {
    long fewer = 0;
    long differing = 0;
    for (Map.Entry<TableName, Fingerprint> table : live.entrySet()) {
      Fingerprint before = then.get(table.getKey());
      fewer += Math.max(0, table.getValue().rows() - (before == null ? 0 : before.rows()));
      if (before == null ? table.getValue().rows() > 0 : !before.equals(table.getValue())) {
        differing++;
      }
    }
    if (comparable && differing == 0) {
      return new Loss(
          0L,
          true,
          "nothing until %s, since no table had been written to by then"
              .formatted(Units.moment(at)));
    }
    return new Loss(
        fewer,
        false,
        "at least %s; %s since"
            .formatted(
                Units.count(fewer, "row", "rows"),
                comparable
                    ? Units.count(differing, "table was", "tables were") + " written to"
                    : "which tables were written to is not known"));
  }

  private static Loss roughly(Map<TableName, Long> live, Map<TableName, Fingerprint> then) {
    long fewer = 0;
    for (Map.Entry<TableName, Long> table : live.entrySet()) {
      Fingerprint before = then.get(table.getKey());
      fewer += Math.max(0, table.getValue() - (before == null ? 0 : before.rows()));
    }
    return new Loss(
        fewer,
        false,
        "%s more %s there now, as the server guesses; which rows were changed is not known"
            .formatted(
                fewer == 0 ? "no rows" : "about " + Units.count(fewer, "row", "rows"),
                fewer == 1 ? "is" : "are"));
  }

  /** Flyway's tables and Belay's own say what was done, and are nobody's data. */
  private Map<TableName, Fingerprint> contents(Content content) {
    Map<TableName, Fingerprint> contents = new HashMap<>();
    for (TableContent table : content.tables()) {
      if (!isBookkeeping(table.name())) {
        contents.put(table.name(), table.content());
      }
    }
    return contents;
  }

  private boolean isBookkeeping(TableName table) {
    return table.schema().equals(dev.belay.ledger.Ledger.SCHEMA)
        || run.settings().apps().stream().map(BackupOutlook::history).anyMatch(table::equals);
  }

  private static TableName history(AppSettings app) {
    return new TableName(app.historySchema(), app.historyTable());
  }
}
