package dev.belay.emergency;

import dev.belay.archive.StoredBackup;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.scratch.ProofRoom;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.RehearsalAge;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The undo of the migration that was applied last, worked out once and only when it is asked for.
 */
final class UndoOutlook {
  private final GuardedRun run;
  private final List<AppSettings> apps;
  private final List<Path> jars;
  private final RehearsalAge ages;
  private boolean looked;
  private @Nullable NewestMigration newest;
  private @Nullable UndoPlan plan;
  private @Nullable Failure failure;
  private LastRehearsal rehearsal = new LastRehearsal(null, Optional.empty());
  private long liveBytes;

  /**
   * @param jars with Java migrations
   * @param ages for how long a rehearsal counts
   */
  UndoOutlook(GuardedRun run, List<AppSettings> apps, List<Path> jars, RehearsalAge ages) {
    this.run = run;
    this.apps = apps;
    this.jars = jars;
    this.ages = ages;
  }

  /** The tables from which the undo would take data; empty when that is not known. */
  Set<TableName> endangered() {
    look();
    return plan == null
        ? Set.of()
        : plan.losses().stream()
            .map(UndoLoss::table)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The migration that would go; empty: none was applied, or nobody can tell. */
  Optional<NewestMigration> newest() {
    look();
    return Optional.ofNullable(newest);
  }

  private void look() {
    if (looked) {
      return;
    }
    looked = true;
    try (Database live = run.databases().open(run.target())) {
      newest = NewestMigration.find(live, apps, unreadable -> failure = unreadable);
      if (newest != null) {
        plan =
            UndoPlanning.plan(
                run.settings(),
                run.databases(),
                live,
                new UndoRequest(
                    newest.app(),
                    newest.label(),
                    UndoRequest.Reach.DOWN_FROM,
                    UndoRequest.Preferred.LEDGER,
                    false,
                    jars),
                run.progress(),
                new ProofRoom(run.settings(), run.databases()).against(live));
        liveBytes =
            live.number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
        rehearsal = rehearsal(plan);
      }
    } catch (Failure cannot) {
      failure = cannot;
    }
  }

  /** Several scripts are not rehearsed as one. */
  private LastRehearsal rehearsal(UndoPlan known) {
    RehearsedUndos rehearsals = new RehearsedUndos(run.settings().folders().migrationMonitoring());
    Optional<RehearsedUndo> last =
        known.steps().size() == 1
            ? rehearsals.last(run.target(), known.app().name(), known.steps().get(0))
            : Optional.empty();
    return new LastRehearsal(
        last.orElse(null), last.flatMap(each -> ages.old(each, liveBytes, Instant.now())));
  }

  /**
   * The way.
   *
   * @param lastBackup tells how long the backup that comes first will take
   * @param failed migrations that are recorded as failed now, in words
   * @param half those that may be half done now, in words
   */
  Optional<WayOn> way(Optional<StoredBackup> lastBackup, List<String> failed, List<String> half) {
    look();
    if (newest == null) {
      return Optional.empty();
    }
    return Optional.of(
        plan == null ? unplanned(newest) : planned(newest, plan, lastBackup, failed, half));
  }

  private static String what(NewestMigration migration) {
    return "undo %s of app %s".formatted(migration.migration().name(), migration.app());
  }

  private WayOn unplanned(NewestMigration migration) {
    return new WayOn(
        WayKind.UNDO,
        what(migration),
        false,
        failure == null
            ? "it could not be worked out"
            : "%s; %s".formatted(failure.message(), failure.hint()),
        null,
        "not worked out",
        null,
        false,
        "not known",
        "not known",
        "not proven",
        command(migration, 0, false));
  }

  private WayOn planned(
      NewestMigration migration,
      UndoPlan known,
      Optional<StoredBackup> lastBackup,
      List<String> failed,
      List<String> half) {
    Integer checksum = migration.row().checksum();
    UndoEvidence evidence = new UndoEvidence(known, rehearsal, checksum);
    UndoPrice price =
        UndoPrice.of(
            known.losses(),
            known.destroyed(),
            Optional.ofNullable(rehearsal.undo()),
            checksum,
            rehearsal.old());
    UndoTime time = UndoTime.of(known, rehearsal, liveBytes, lastBackup);
    boolean seen = !evidence.isUnproven() && known.isComplete();
    Optional<String> against = evidence.against(failed, half);
    Optional<String> doubt = evidence.doubt().or(() -> seen ? price.against() : Optional.empty());
    return new WayOn(
        WayKind.UNDO,
        what(migration),
        against.isEmpty(),
        against.or(() -> doubt).orElse(null),
        time.millis(),
        time.basis(),
        seen ? price.rows() : null,
        seen && price.exact(),
        seen
            ? price.words()
            : "not known: " + known.proof().reason().orElse("it could not be tried"),
        seen ? locks(known) : "not known",
        evidence.proven(),
        known.isComplete()
            ? command(migration, known.rowsLost(), evidence.isUnproven())
            : command(migration, 0, false) + " --generated");
  }

  private static String command(NewestMigration migration, long rows, boolean unproven) {
    List<String> words =
        new ArrayList<>(List.of("rollback-migration", migration.app(), migration.label()));
    if (rows > 0) {
      words.addAll(List.of("--accept-loss", String.valueOf(rows)));
    }
    if (unproven) {
      words.add("--unproven");
    }
    return "belay " + ShellWords.join(words);
  }

  private static String locks(UndoPlan plan) {
    return plan.locks().isEmpty()
        ? "none that stops reads or writes"
        : plan.locks().stream()
            .map(lock -> lock.table().plain() + " in mode " + lock.mode().word())
            .collect(Collectors.joining(", "));
  }
}
