package dev.belay.readiness;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationState;
import dev.belay.undo.RehearsalAge;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.RehearsedUndos;
import dev.belay.undo.UndoRequest;
import dev.belay.undo.UndoScripts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the migrations that were applied last have undo scripts that can be relied on. */
final class UndoPoint {
  private UndoPoint() {}

  static Point look(Look look) {
    int recent = look.limits().recent();
    String limit =
        recent == 1
            ? "the last one of each app"
            : "each of the last %d of each app".formatted(recent);
    if (recent == 0) {
      return Point.passed(Topic.UNDO_SCRIPTS, "not asked for", "readiness.recent is 0");
    }
    look.database();
    List<AppSettings> apps = look.request().apps();
    List<String> values = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    for (AppSettings app : apps) {
      look(look, app, apps.size() == 1 ? "" : app.name() + ": ", values, findings);
    }
    String value = String.join(", ", values);
    return findings.isEmpty()
        ? Point.passed(Topic.UNDO_SCRIPTS, value, limit)
        : Point.failed(
            Topic.UNDO_SCRIPTS,
            value,
            limit,
            findings,
            "write the script, or make it with: belay store-undo --generate");
  }

  /** An app that cannot be read hides no other. */
  private static void look(
      Look look, AppSettings app, String prefix, List<String> values, List<String> findings) {
    AppState state;
    UndoScripts undos;
    try {
      state = AppState.read(look.database(), app);
      undos = UndoScripts.readable(look.database(), state);
    } catch (Failure unreadable) {
      values.add(prefix + "not readable");
      findings.add(prefix + unreadable.message());
      return;
    }
    measure(look, app, state, undos);
    List<Migration> applied = recent(state, look.limits().recent());
    long covered = 0;
    long rehearsed = 0;
    long old = 0;
    for (Migration migration : applied) {
      String missing = missing(undos, migration);
      if (missing.isEmpty()) {
        covered++;
        Optional<RehearsedUndo> proof = rehearsal(look, app, undos, migration);
        rehearsed += proof.isPresent() ? 1 : 0;
        old += proof.filter(each -> isOld(look, each)).isPresent() ? 1 : 0;
      } else {
        findings.add(prefix + migration.name() + " " + missing);
      }
    }
    undos.notes().forEach(note -> findings.add(prefix + note));
    values.add(
        prefix
            + (applied.isEmpty()
                ? "no migration is applied"
                : "%d of the last %d have one, %d rehearsed with data%s"
                    .formatted(
                        covered,
                        applied.size(),
                        rehearsed,
                        old == 0 ? "" : " (%d of them long ago, or much smaller)".formatted(old))));
  }

  /** The one that proved its script as it is now, with data, for the migration as it is. */
  private static Optional<RehearsedUndo> rehearsal(
      Look look, AppSettings app, UndoScripts undos, Migration migration) {
    RehearsedUndos rehearsals = new RehearsedUndos(look.settings().folders().migrationMonitoring());
    return undos
        .of(migration)
        .chosen(UndoRequest.Preferred.LEDGER)
        .flatMap(
            script ->
                rehearsals.last(
                    look.target(),
                    app.name(),
                    Objects.requireNonNull(migration.version()),
                    script.sha256()))
        .filter(RehearsedUndo::isProven)
        .filter(each -> each.checksum() == null || each.isOf(checksum(migration)));
  }

  private static boolean isOld(Look look, RehearsedUndo rehearsal) {
    long bytes =
        look.database().number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
    return RehearsalAge.of(look.settings()).old(rehearsal, bytes, Instant.now()).isPresent();
  }

  private static @Nullable Integer checksum(Migration migration) {
    return migration.applied() == null ? null : migration.applied().checksum();
  }

  private static void measure(Look look, AppSettings app, AppState state, UndoScripts undos) {
    Map<String, String> labels = Map.of("database", look.target().toString(), "app", app.name());
    look.metrics()
        .gauge(
            "belay_migrations_pending",
            "Migrations on disk that are not applied.",
            labels,
            (double)
                state.migrations().stream()
                    .filter(migration -> migration.state() == MigrationState.PENDING)
                    .count());
    look.metrics()
        .gauge(
            "belay_migrations_without_undo",
            "Of the migrations that were applied last, those without an undo script.",
            labels,
            (double)
                recent(state, look.limits().recent()).stream()
                    .filter(migration -> !undos.has(migration))
                    .count());
  }

  /** The newest first. What only records something about another one needs no way back. */
  private static List<Migration> recent(AppState state, int number) {
    return state.migrations().stream()
        .filter(migration -> migration.state().isInForce() && migration.version() != null)
        .filter(migration -> !migration.isRecord())
        .filter(
            migration ->
                migration.applied() != null && migration.state() != MigrationState.BASELINE)
        .sorted(
            Comparator.comparingInt(
                    (Migration migration) ->
                        Objects.requireNonNull(migration.applied()).installedRank())
                .reversed())
        .limit(number)
        .toList();
  }

  /** What is wrong with its undo script; empty: nothing. */
  private static String missing(UndoScripts undos, Migration migration) {
    if (!undos.has(migration)) {
      return "has no undo script, in the ledger or on disk";
    }
    try {
      undos.of(migration);
      return "";
    } catch (Failure unusable) {
      return "has one that cannot be used: " + unusable.message();
    }
  }
}
