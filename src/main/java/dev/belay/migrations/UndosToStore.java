package dev.belay.migrations;

import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptContent;
import dev.belay.ledger.NewUndo;
import dev.belay.ledger.StoredUndo;
import dev.belay.migrations.StoreUndoReport.Outcome;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.GeneratedUndo;
import dev.belay.undo.ScriptRules;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoScripts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides for the migrations of one app what becomes of their undo scripts. */
final class UndosToStore {
  private final GuardedRun run;
  private final Database session;
  private final AppState state;
  private final UndoScripts scripts;
  private final StoreUndoRequest request;
  private final Refusals refusals;
  private final Map<Migration, GeneratedUndo.Result> generated = new HashMap<>();

  /**
   * @param refusals is told of every script that must not be run
   */
  UndosToStore(
      GuardedRun run,
      Database session,
      AppState state,
      UndoScripts scripts,
      StoreUndoRequest request,
      Refusals refusals) {
    this.run = run;
    this.session = session;
    this.state = state;
    this.scripts = scripts;
    this.request = request;
    this.refusals = refusals;
  }

  /** In the order in which the migrations were applied. */
  List<UndoToStore> all() {
    List<Migration> chosen = chosen();
    if (request.generate()) {
      Set<Migration> without =
          chosen.stream().filter(each -> !scripts.has(each)).collect(Collectors.toSet());
      if (!without.isEmpty()) {
        generated.putAll(
            GeneratedUndo.of(
                run.settings(), session, state, without, request.jars(), run.progress()));
      }
    }
    return chosen.stream().map(this::decided).toList();
  }

  private List<Migration> chosen() {
    if (request.migrations().isEmpty()) {
      return state.migrations().stream().filter(UndosToStore::isApplied).toList();
    }
    List<Migration> chosen = new ArrayList<>();
    for (String name : request.migrations()) {
      Migration found = MigrationNames.find(state, name);
      if (!isApplied(found)) {
        throw Failure.refused(
            "%s is not an applied version (%s), so it has no undo to store"
                .formatted(found.name(), found.state().word()),
            "see what was applied with: belay "
                + ShellWords.join(List.of("list-migrations", state.app().name())));
      }
      if (!chosen.contains(found)) {
        chosen.add(found);
      }
    }
    return chosen;
  }

  private static boolean isApplied(Migration migration) {
    return migration.applied() != null
        && migration.version() != null
        && migration.state().isInForce()
        && !migration.isRecord()
        && !migration.type().contains("BASELINE");
  }

  private UndoToStore decided(Migration migration) {
    Optional<StoredUndo> stored = scripts.inLedger(migration);
    Optional<UndoScript> file = scripts.file(migration);
    if (file.isPresent()) {
      return compared(migration, file.get(), stored);
    }
    if (stored.isPresent()) {
      return new UndoToStore(
          migration, Outcome.UNCHANGED, Optional.empty(), "there is no file of it any more");
    }
    GeneratedUndo.Result made = generated.get(migration);
    if (made == null) {
      return new UndoToStore(migration, Outcome.MISSING, Optional.empty(), "");
    }
    return made.script()
        .map(
            script ->
                new UndoToStore(
                    migration, Outcome.STORED, Optional.of(created(migration, script)), ""))
        .orElseGet(
            () ->
                new UndoToStore(
                    migration,
                    Outcome.MISSING,
                    Optional.empty(),
                    "belay cannot make one: " + String.join("; ", made.reasons())));
  }

  private UndoToStore compared(Migration migration, UndoScript file, Optional<StoredUndo> stored) {
    Optional<NewUndo> script = Optional.of(created(migration, file));
    try {
      ScriptRules.against(ParsedScript.of(state.app(), run.target(), file.name(), file.text()))
          .ifPresent(refusals::add);
    } catch (Failure unparsed) {
      refusals.add(unparsed);
    }
    if (stored.isEmpty()) {
      return new UndoToStore(migration, Outcome.STORED, script, "");
    }
    Optional<String> differs = differs(migration, file, stored.get());
    if (differs.isEmpty()) {
      boolean same = Objects.equals(stored.get().migrationChecksum(), checksum(migration));
      boolean more = script.get().migration().isPresent() && !stored.get().hasMigration();
      return same && !more
          ? new UndoToStore(migration, Outcome.UNCHANGED, script, "")
          : new UndoToStore(
              migration,
              Outcome.STORED,
              script,
              "the same text, with what is known of the migration now");
    }
    return new UndoToStore(
        migration, request.replace() ? Outcome.REPLACED : Outcome.KEPT, script, differs.get());
  }

  private Optional<String> differs(Migration migration, UndoScript file, StoredUndo stored) {
    if (!stored.sha256().equals(file.sha256())) {
      return Optional.of(where(migration));
    }
    try {
      scripts.ledger(migration);
    } catch (Failure damaged) {
      return Optional.of(damaged.message());
    }
    if (stored.transactional() != file.transactional()) {
      return Optional.of("executeInTransaction is another than in the ledger");
    }
    return stored.script().equals(file.name())
        ? Optional.empty()
        : Optional.of("the same text is in the ledger as " + stored.script());
  }

  private String where(Migration migration) {
    try {
      return "from line %d on it is not what the ledger has"
          .formatted(scripts.of(migration).differsAt());
    } catch (Failure damaged) {
      return damaged.message();
    }
  }

  private NewUndo created(Migration migration, UndoScript script) {
    MigrationVersion version = Objects.requireNonNull(migration.version());
    return new NewUndo(
        state.app().name(),
        version,
        migration.description(),
        checksum(migration),
        text(migration),
        script.name(),
        script.text(),
        script.transactional(),
        script.origin() == UndoScript.Origin.GENERATED
            ? StoredUndo.Origin.GENERATED
            : StoredUndo.Origin.FILE);
  }

  private static @Nullable Integer checksum(Migration migration) {
    AppliedMigration row = migration.applied();
    return row == null ? null : row.checksum();
  }

  /** The migration's own text, where it is that which was applied. */
  private Optional<String> text(Migration migration) {
    MigrationScript own = migration.script();
    AppliedMigration row = migration.applied();
    if (own == null || row == null || !own.type().equals("SQL")) {
      return Optional.empty();
    }
    boolean applied = row.checksum() == null || own.hasChecksum(row.checksum());
    return applied
        ? Optional.of(ScriptContent.of(state.app(), own.file()).text())
        : Optional.empty();
  }
}
