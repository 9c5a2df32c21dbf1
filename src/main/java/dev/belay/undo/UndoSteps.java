package dev.belay.undo;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.ParsedScript;
import dev.belay.ledger.StoredUndo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Chooses the script of each migration that goes, and looks at it. */
public final class UndoSteps {
  private UndoSteps() {}

  /**
   * The step for a migration.
   *
   * @throws Failure REFUSED when its script must not be run, or is not what was stored; FAILED when
   *     it cannot be parsed; UNAVAILABLE when it cannot be read
   */
  public static UndoStep of(
      AppSettings app,
      Target target,
      UndoScripts scripts,
      Migration migration,
      UndoRequest request) {
    UndoScripts.Found found = scripts.of(migration, request.preferred());
    Optional<UndoScript> chosen = found.chosen(request.preferred());
    List<String> notes = new ArrayList<>();
    if (found.differs()) {
      notes.add(differing(found, chosen));
    }
    scripts
        .inLedger(migration)
        .filter(
            row ->
                chosen.map(UndoScript::origin).filter(UndoScript.Origin.LEDGER::equals).isPresent())
        .filter(row -> isOfAnother(row, migration))
        .ifPresent(
            row ->
                notes.add(
                    "the ledger's script was stored when the migration had another checksum (%s)"
                        .formatted(row.migrationChecksum())));
    return chosen
        .map(script -> parsed(app, target, migration, script, notes))
        .orElseGet(() -> without(migration, notes, request));
  }

  /** The same with a script that was found otherwise. */
  static UndoStep parsed(
      AppSettings app, Target target, Migration migration, UndoScript script, List<String> notes) {
    ParsedScript parsed = ParsedScript.of(app, target, script.name(), script.text());
    Optional<Failure> against = ScriptRules.against(parsed);
    if (against.isPresent()) {
      throw against.get();
    }
    return new UndoStep(migration, Optional.of(script), Optional.of(parsed), notes);
  }

  /** The step for a migration of which a script was to be made. */
  public static UndoStep generated(
      AppSettings app, Target target, Migration migration, GeneratedUndo.Result result) {
    return result
        .script()
        .map(
            script ->
                parsed(
                    app,
                    target,
                    migration,
                    script,
                    List.of("made by belay from what the migration did in a replay: read it")))
        .orElseGet(
            () ->
                new UndoStep(
                    migration,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(
                        "there is no undo script of it, and belay cannot make one: "
                            + String.join("; ", result.reasons()))));
  }

  private static UndoStep without(Migration migration, List<String> notes, UndoRequest request) {
    notes.add(
        "there is no undo script of it"
            + (request.generate() ? "" : "; belay can try to make one: --generated"));
    return new UndoStep(migration, Optional.empty(), Optional.empty(), notes);
  }

  private static String differing(UndoScripts.Found found, Optional<UndoScript> chosen) {
    String file = found.file().map(UndoScript::name).orElse("");
    boolean disk =
        chosen.map(UndoScript::origin).filter(UndoScript.Origin.FILE::equals).isPresent();
    return disk
        ? "%s on disk is run; the ledger has another text from line %d on"
            .formatted(file, found.differsAt())
        : "the ledger's script is run; %s on disk has another text from line %d on (--prefer-disk)"
            .formatted(file, found.differsAt());
  }

  private static boolean isOfAnother(StoredUndo row, Migration migration) {
    AppliedMigration applied = migration.applied();
    return applied != null && !Objects.equals(row.migrationChecksum(), applied.checksum());
  }
}
