package dev.belay.reconcile;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.integrity.LargeObjects;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.swap.Replaced;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The database that was live until a restore took its place, and which backup that was. */
final class ReplacedSource {
  private static final String HINT = "see which are kept with: belay list-replaced";

  private ReplacedSource() {}

  /**
   * The replaced database that the operator means.
   *
   * @param from its name, or {@value ReconcileRequest#FROM_REPLACED} for the newest of the target
   * @throws Failure REFUSED when there is none, or it was another database
   */
  static Replaced choose(Database maintenance, String live, String from) {
    List<Replaced> all = Replaced.list(maintenance);
    if (from.equals(ReconcileRequest.FROM_REPLACED)) {
      return all.stream()
          .filter(kept -> kept.of().equals(live))
          .filter(kept -> kept.isOfTheSameOwner(maintenance))
          .findFirst()
          .orElseThrow(() -> Failure.refused("no replaced database of " + live + " is kept", HINT));
    }
    Replaced found =
        all.stream()
            .filter(kept -> kept.name().equals(from))
            .findFirst()
            .orElseThrow(
                () -> Failure.refused(from + " is not a replaced database that is kept", HINT));
    if (!found.of().equals(live)) {
      throw Failure.refused(
          "%s was %s, and the target is %s".formatted(found.name(), found.of(), live),
          "name the right target with --url");
    }
    return found;
  }

  /** The backup that took its place, as its note says, if it is still there. */
  static Optional<StoredBackup> restored(BackupStore store, Replaced replaced) {
    return store.list().stream()
        .filter(backup -> backup.problem().isEmpty())
        .filter(backup -> isBy(replaced, backup.id()))
        .findFirst();
  }

  static boolean isBy(Replaced replaced, String backup) {
    return replaced.by().endsWith(" " + backup);
  }

  /**
   * Only a moment before the replacement is one that both databases come from.
   *
   * @throws Failure REFUSED when the backup was taken afterwards
   */
  static void refuseYounger(StoredBackup backup, Replaced replaced) {
    if (!isBy(replaced, backup.id()) && !backup.takenAt().isBefore(replaced.at())) {
      throw Failure.refused(
          "the backup %s is of %s, after %s was replaced at %s: the two do not come from it"
              .formatted(
                  backup.id(),
                  Units.moment(backup.takenAt()),
                  replaced.name(),
                  Units.moment(replaced.at())),
          "name the backup that was restored then: belay list-backups");
    }
  }

  /** Looks at it, and counts what was written to it since the backup. */
  static Source open(
      Snapshot snapshot,
      Replaced replaced,
      String backup,
      ScratchCopy copy,
      Predicate<TableName> wanted,
      DiffOptions options,
      Progress progress) {
    List<Relation> relations = Relations.of(snapshot.database());
    Map<TableName, Relation> then = Matching.byName(Relations.of(copy.snapshot().database()));
    Map<TableName, Written> written =
        WrittenSince.of(
            Side.of(snapshot),
            Side.of(copy.snapshot()),
            relations.stream().filter(relation -> wanted.test(relation.name())).toList(),
            then,
            relation -> LostColumnQueries.rows(snapshot.database(), relation),
            options,
            progress);
    return new Source(
        Origin.REPLACED,
        replaced.name(),
        snapshot,
        relations,
        Optional.of(new Source.Base(backup, Side.of(copy.snapshot()), then)),
        written,
        largeObjects(snapshot.database(), copy.snapshot().database()));
  }

  private static List<String> largeObjects(Database replaced, Database backup) {
    LargeObjects here = LargeObjects.of(replaced);
    LargeObjects then = LargeObjects.of(backup);
    if (!here.equals(then)) {
      return List.of(
          "large objects, which are not merged: %s in the replaced database, %s in the backup%s"
              .formatted(
                  Units.count(here.count()),
                  Units.count(then.count()),
                  here.count() == then.count() ? ", and they differ" : ""));
    }
    return here.count() > 0 && here.content().isEmpty()
        ? List.of("large objects, which are not merged: this role may not read and compare them")
        : List.of();
  }
}
