package dev.belay.recovery;

import dev.belay.archive.BackupStore;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.integrity.Content;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.TableContent;
import dev.belay.integrity.TableShape;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the rows are as they were before a migration; Flyway's tables and Belay's ledger do not
 * count.
 *
 * @param known whether that could be found out
 * @param changed the tables that are not, by name; empty also when nothing is known
 * @param how it is known, or why not, as a sentence
 */
record DataNow(boolean known, List<String> changed, String how) {
  private static final String LEDGER = "belay";
  private static final int SHOWN = 5;

  DataNow {
    changed = List.copyOf(changed);
  }

  /** Whether every row is as before, for certain. */
  boolean same() {
    return known && changed.isEmpty();
  }

  /**
   * That rows changed, in words; empty: none did, or that is not known.
   *
   * @param alone whether nobody but the migration can have written
   */
  Optional<String> changedWords(boolean alone) {
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "rows of %s changed since the backup%s"
                .formatted(
                    tables(),
                    alone
                        ? ", and nobody else was there: it was the migration"
                        : ", by the migration or by others"));
  }

  private String tables() {
    String shown = changed.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return changed.size() > SHOWN
        ? shown + ", and " + Units.count(changed.size() - SHOWN) + " more"
        : shown;
  }

  /**
   * Finds out, by what is cheapest first.
   *
   * @param committed whether something of the migration was committed, which no rollback of the
   *     server took back
   */
  static DataNow of(GuardedRun run, Database session, FailedMigration failed, boolean committed) {
    long next = RecoveryQueries.nextTransaction(session);
    if (next == failed.before().nextTransaction()) {
      return new DataNow(
          true, List.of(), "no transaction wrote anything on the whole server since");
    }
    if (failed.rolledBack() && !committed) {
      return new DataNow(
          true, List.of(), "what the migration did beside that was rolled back by the server");
    }
    if (failed.written().map(Set::isEmpty).orElse(false)) {
      return new DataNow(true, List.of(), "the migration changed no row of any table");
    }
    if (failed.backup().isEmpty()) {
      return new DataNow(
          false,
          List.of(),
          "whether rows were changed is not known, since there is no backup to compare with");
    }
    try {
      return compared(run, session, failed.backup().get(), failed.written());
    } catch (Failure broken) {
      return new DataNow(
          false, List.of(), "whether rows were changed is not known: " + broken.message());
    }
  }

  /** What others wrote to tables that the migration left alone is theirs, and is to stay. */
  private static DataNow compared(
      GuardedRun run, Database session, String backup, Optional<Set<TableName>> written) {
    Content then =
        new BackupStore(run.settings().folders().backups()).find(backup).manifest().content();
    boolean comparable =
        then.form().equals(Fingerprints.FORM) && then.probe().equals(Fingerprints.probe(session));
    if (!comparable) {
      return new DataNow(
          false,
          List.of(),
          "the fingerprints of the backup %s have another form".formatted(backup));
    }
    Set<TableName> histories =
        run.settings().apps().stream()
            .map(DataNow::history)
            .collect(Collectors.toUnmodifiableSet());
    Map<TableName, Fingerprint> expected = new HashMap<>();
    for (TableContent each : then.tables()) {
      boolean looked = written.map(tables -> tables.contains(each.name())).orElse(true);
      if (looked && !histories.contains(each.name()) && !each.name().schema().equals(LEDGER)) {
        expected.put(each.name(), each.content());
      }
    }
    List<TableShape> shapes =
        Fingerprints.tables(session).shapes().stream()
            .filter(shape -> expected.containsKey(shape.name()))
            .toList();
    long bytes = shapes.stream().mapToLong(TableShape::bytes).sum();
    Map<TableName, Fingerprint> now;
    try (var bar = run.progress().bar("comparing rows with the backup", bytes, "bytes")) {
      now =
          Fingerprints.measure(
              shapes, () -> run.databases().open(run.target()), run.settings().jobs(), bar);
    }
    List<String> changed = new ArrayList<>();
    expected.forEach(
        (name, content) -> {
          if (!Optional.ofNullable(now.get(name)).equals(Optional.of(content))) {
            changed.add(name.plain());
          }
        });
    changed.sort(null);
    String how =
        changed.isEmpty()
            ? (written.isEmpty() ? "every row" : "every row of the tables that were written")
                + " is as in the backup "
                + backup
            : "rows are not as in the backup " + backup;
    return new DataNow(true, changed, how);
  }

  private static TableName history(AppSettings app) {
    return new TableName(app.historySchema(), app.historyTable());
  }
}
