package dev.belay.emergency;

import dev.belay.archive.StoredBackup;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.RehearsalAge;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import dev.belay.undo.UndoLock;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The undo of the migration that was applied last, worked out once and only when it is asked for.
 */
final class UndoOutlook {
  /** A rewrite of a table writes so many bytes in a second; slow on purpose. */
  private static final long GUESSED_BYTES_PER_SECOND = 30_000_000;

  private static final long AROUND_MILLIS = 2_000;

  private final GuardedRun run;
  private final List<AppSettings> apps;
  private final List<Path> jars;
  private final RehearsalAge ages;
  private boolean looked;
  private @Nullable Newest newest;
  private @Nullable UndoPlan plan;
  private @Nullable Failure failure;
  private @Nullable RehearsedUndo rehearsed;
  private Optional<String> old = Optional.empty();
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

  /** The migration that was applied last, of whichever app. */
  record Newest(AppState state, Migration migration, AppliedMigration row) {
    String label() {
      return MigrationNames.label(state.app(), migration);
    }
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
  Optional<Newest> newest() {
    look();
    return Optional.ofNullable(newest);
  }

  private void look() {
    if (looked) {
      return;
    }
    looked = true;
    try (Database live = run.databases().open(run.target())) {
      newest = newest(live);
      if (newest != null) {
        plan =
            UndoPlanning.plan(
                run.settings(),
                run.databases(),
                live,
                new UndoRequest(
                    newest.state().app().name(),
                    newest.label(),
                    UndoRequest.Reach.DOWN_FROM,
                    UndoRequest.Preferred.LEDGER,
                    false,
                    jars),
                run.progress(),
                new ProofRoom(run).against(live));
        rehearsed = rehearsed(plan);
        liveBytes =
            live.number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
        old =
            Optional.ofNullable(rehearsed)
                .flatMap(last -> ages.old(last, liveBytes, Instant.now()));
      }
    } catch (Failure cannot) {
      failure = cannot;
    }
  }

  /** The last rehearsal of just these scripts; null: of one of them there is none. */
  private @Nullable RehearsedUndo rehearsed(UndoPlan known) {
    RehearsedUndos rehearsals = new RehearsedUndos(run.settings().folders().migrationMonitoring());
    return known.steps().size() == 1
        ? rehearsals.last(run.target(), known.app().name(), known.steps().get(0)).orElse(null)
        : null;
  }

  private @Nullable Newest newest(Database live) {
    List<Newest> all = new ArrayList<>();
    for (AppSettings app : apps) {
      try {
        AppState state = AppState.read(live, app);
        state.migrations().stream()
            .filter(each -> each.state().isInForce() && !each.isRecord())
            .filter(each -> each.version() != null && !each.type().endsWith("BASELINE"))
            .flatMap(
                each ->
                    each.applied() == null
                        ? java.util.stream.Stream.empty()
                        : java.util.stream.Stream.of(new Newest(state, each, each.applied())))
            .max(Comparator.comparingInt(each -> each.row().installedRank()))
            .ifPresent(all::add);
      } catch (Failure unreadable) {
        failure = unreadable;
      }
    }
    return all.stream()
        .max(
            Comparator.comparing(
                each -> Optional.ofNullable(each.row().installedOn()).orElse(Instant.EPOCH)))
        .orElse(null);
  }

  /**
   * The way.
   *
   * @param lastBackup tells how long the backup that comes first will take
   * @param failed migrations that are recorded as failed now, in words
   */
  Optional<WayOn> way(Optional<StoredBackup> lastBackup, List<String> failed) {
    look();
    if (newest == null) {
      return Optional.empty();
    }
    String app = newest.state().app().name();
    String what = "undo %s of app %s".formatted(newest.migration().name(), app);
    if (plan == null) {
      return Optional.of(
          new WayOn(
              WayKind.UNDO,
              what,
              false,
              failure == null
                  ? "it could not be worked out"
                  : "%s (%s)".formatted(failure.message(), failure.hint()),
              null,
              "not worked out",
              null,
              false,
              "not known",
              "not known",
              "not proven",
              command(app, 0, false)));
    }
    UndoPlan known = plan;
    UndoProof.Verdict verdict = known.proof().verdict();
    boolean unproven = verdict == UndoProof.Verdict.NOT_TRIED;
    boolean seen = !unproven && known.isComplete();
    UndoPrice price =
        UndoPrice.of(
            known.losses(), known.destroyed(), Optional.ofNullable(rehearsed), checksum(), old);
    Optional<String> against = against(known, failed);
    Optional<String> doubt =
        unproven
            ? Optional.of("it is not proven")
            : failedRehearsal().or(() -> seen ? price.against() : Optional.empty());
    return Optional.of(
        new WayOn(
            WayKind.UNDO,
            what,
            against.isEmpty(),
            against.or(() -> doubt).orElse(null),
            millis(known, lastBackup),
            basis(known, lastBackup),
            seen ? price.rows() : null,
            seen && price.exact(),
            seen
                ? price.words()
                : "not known: " + known.proof().reason().orElse("it could not be tried"),
            seen ? locks(known) : "not known",
            proven(known.proof()),
            known.isComplete()
                ? command(app, known.rowsLost(), unproven)
                : command(app, 0, false) + " --generated"));
  }

  private String command(String app, long rows, boolean unproven) {
    List<String> words =
        new ArrayList<>(
            List.of("rollback-migration", app, newest == null ? "<migration>" : newest.label()));
    if (rows > 0) {
      words.addAll(List.of("--accept-loss", String.valueOf(rows)));
    }
    if (unproven) {
      words.add("--unproven");
    }
    return "belay " + ShellWords.join(words);
  }

  private Optional<String> against(UndoPlan plan, List<String> failed) {
    if (!failed.isEmpty()) {
      return Optional.of(
          "first the failed migrations have to go from Flyway's table: "
              + String.join(", ", failed));
    }
    if (!plan.isComplete()) {
      return Optional.of("there is no undo script; --generated makes one where that is possible");
    }
    return switch (plan.proof().verdict()) {
      case PROVEN, NOT_TRIED -> Optional.empty();
      case DIFFERS ->
          Optional.of(
              "in a scratch database it gives another schema: "
                  + String.join("; ", plan.proof().differences()));
      case FAILS ->
          Optional.of("in a scratch database it fails: " + plan.proof().reason().orElse(""));
    };
  }

  /**
   * A rehearsal fails by the migration, by its undo, or by what came after: which of them it was is
   * not written down, so it forbids nothing.
   */
  private Optional<String> failedRehearsal() {
    return Optional.ofNullable(rehearsed)
        .filter(RehearsedUndo::cameToTheUndo)
        .filter(last -> !last.isProven() && !last.isOnlyLossy())
        .map(
            last ->
                "the rehearsal of %s%s, on a copy with data, ended with: %s"
                    .formatted(Units.moment(last.at()), aged(), last.verdict()));
  }

  /** Of the migration as it was applied. */
  private @Nullable Integer checksum() {
    return newest == null ? null : newest.row().checksum();
  }

  private static long rewritten(UndoPlan plan) {
    return plan.locks().stream()
        .filter(UndoLock::rewrites)
        .mapToLong(lock -> lock.bytes().orElse(0L))
        .sum();
  }

  private static long backupMillis(Optional<StoredBackup> last) {
    return last.map(backup -> backup.manifest().durationMillis()).orElse(0L);
  }

  private @Nullable Long millis(UndoPlan plan, Optional<StoredBackup> last) {
    boolean known = plan.proof().verdict() != UndoProof.Verdict.NOT_TRIED || measured() != null;
    return !known || last.isEmpty()
        ? null
        : backupMillis(last) + AROUND_MILLIS + Objects.requireNonNullElse(measured(), guess(plan));
  }

  private static long guess(UndoPlan plan) {
    return rewritten(plan) * 1000 / GUESSED_BYTES_PER_SECOND;
  }

  /**
   * What the script took when it was rehearsed, for a database of this size; null: it never was.
   */
  private @Nullable Long measured() {
    RehearsedUndo last = rehearsed;
    if (last == null || !last.cameToTheUndo()) {
      return null;
    }
    double larger = last.copyBytes() <= 0 ? 1 : (double) liveBytes / last.copyBytes();
    return Math.round(last.undoMillis() * Math.max(1, larger));
  }

  private String basis(UndoPlan plan, Optional<StoredBackup> last) {
    if (last.isEmpty()) {
      return "no backup was timed, and one comes first";
    }
    return "%s for the backup that comes first, as %s took; %s"
        .formatted(
            Units.duration(Duration.ofMillis(backupMillis(last))), last.get().id(), script(plan));
  }

  private String script(UndoPlan plan) {
    RehearsedUndo last = rehearsed;
    Long millis = measured();
    if (last != null && millis != null) {
      return "%s for the script, as in the rehearsal of %s on a copy of %s%s"
          .formatted(
              Units.duration(Duration.ofMillis(millis)),
              Units.moment(last.at()),
              Units.bytes(last.copyBytes()),
              aged());
    }
    return rewritten(plan) == 0
        ? "no table is written anew"
        : "tables of %s are written anew, guessed from their size"
            .formatted(Units.bytes(rewritten(plan)));
  }

  /** What was measured so says how it was, and less how it would be now. */
  private String aged() {
    return old.map(why -> " (old: %s)".formatted(why)).orElse("");
  }

  private static String locks(UndoPlan plan) {
    return plan.locks().isEmpty()
        ? "none that stops reads or writes"
        : plan.locks().stream()
            .map(lock -> lock.table().plain() + " in mode " + lock.mode().word())
            .collect(Collectors.joining(", "));
  }

  private String proven(UndoProof proof) {
    return switch (proof.verdict()) {
      case PROVEN -> "just now, in a scratch database: the schema is as before" + withData();
      case DIFFERS -> "disproven just now, in a scratch database";
      case FAILS -> "disproven just now, in a scratch database";
      case NOT_TRIED ->
          "not proven now: " + proof.reason().orElse("it could not be tried") + withData();
    };
  }

  private String withData() {
    RehearsedUndo last = rehearsed;
    if (last == null) {
      return "; never rehearsed with data";
    }
    if (!last.cameToTheUndo()) {
      return "; never rehearsed with data: the rehearsal of %s ended before it"
          .formatted(Units.moment(last.at()));
    }
    boolean other = last.checksum() != null && !last.isOf(checksum());
    return "; rehearsed with data %s%s%s: %s"
        .formatted(
            Units.moment(last.at()),
            aged(),
            other ? ", when the migration had another text" : "",
            last.isProven()
                ? "every row was as before"
                : "%s, %s"
                    .formatted(
                        last.verdict(),
                        Units.count(last.rowsLost(), "row or value", "rows or values")));
  }
}
