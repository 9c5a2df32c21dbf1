package dev.belay.migrations;

import dev.belay.core.Failure;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptFault;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RelationLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Puts together what is said of one pending migration. */
final class PendingAnswers {
  private static final String ELSEWHERE =
      "the replay is not on the server of the database: roles and extensions that are only there"
          + " are made by files that scratch.init names";

  private final Path directory;
  private final boolean elsewhere;

  /**
   * @param directory from which files are named
   * @param elsewhere whether the replay is on another server than the database
   */
  PendingAnswers(Path directory, boolean elsewhere) {
    this.elsewhere = elsewhere;
    this.directory = directory.toAbsolutePath().normalize();
  }

  private record Parts(
      List<Risk> risks, List<Loss> losses, List<LockedTable> locks, List<String> notes) {
    static Parts of(Risk risk) {
      return new Parts(List.of(risk), List.of(), List.of(), List.of());
    }

    static Parts of(String note) {
      return new Parts(List.of(), List.of(), List.of(), List.of(note));
    }
  }

  /** One that was replayed. */
  PendingRisk checked(
      Migration migration, MigrationScript script, StepFacts facts, UndoAnswer undo) {
    List<Loss> losses = LossRisks.of(facts);
    List<Risk> risks = new ArrayList<>();
    losses.forEach(loss -> risks.add(LossRisks.risk(loss)));
    risks.addAll(LockRisks.of(facts));
    risks.addAll(ChangeRisks.of(facts));
    undo.risk(facts.done()).ifPresent(risks::add);
    List<String> notes = new ArrayList<>(facts.done().notes());
    notes.addAll(partitions(facts));
    Parts parts = new Parts(risks, losses, LockRisks.tables(facts), notes);
    return answer(migration, script, parts, facts.done(), undo, Optional.empty());
  }

  /** One that failed in the replay. */
  PendingRisk failed(Migration migration, MigrationScript script, Failure failure) {
    OptionalInt line = ScriptFault.in(failure).map(ScriptFault::line).orElseGet(OptionalInt::empty);
    Risk risk = Risk.of(RiskRule.FAILS, "fails in the replay: " + failure.message());
    return answer(
        migration,
        script,
        new Parts(List.of(risk), List.of(), List.of(), elsewhere ? List.of(ELSEWHERE) : List.of()),
        null,
        untried(migration),
        line.isPresent() ? Optional.of(line.getAsInt()) : Optional.empty());
  }

  /** One that comes after one that failed. */
  PendingRisk unchecked(Migration migration, MigrationScript script) {
    return noted(migration, script, "not checked, since a migration before it failed");
  }

  /** One that Flyway does not run. */
  PendingRisk passedOver(Migration migration, MigrationScript script) {
    return noted(migration, script, "Flyway passes it over, by its own settings");
  }

  private PendingRisk noted(Migration migration, MigrationScript script, String note) {
    return answer(migration, script, Parts.of(note), null, untried(migration), Optional.empty());
  }

  /** One that is a program, which is never run. */
  PendingRisk program(Migration migration, MigrationScript script) {
    Risk risk = Risk.of(RiskRule.NOT_SEEN, "is not replayed, so what it does is not known");
    return answer(migration, script, Parts.of(risk), null, untried(migration), Optional.empty());
  }

  /** What is known of the way back when the undo script is not run. */
  UndoAnswer untried(Migration migration) {
    MigrationScript undo = migration.undo();
    if (undo != null) {
      return UndoAnswer.without(UndoVerdict.untried, Optional.of(file(undo)));
    }
    boolean versioned = migration.version() != null;
    return UndoAnswer.without(versioned ? UndoVerdict.missing : UndoVerdict.none, Optional.empty());
  }

  /** Where a script is, seen from the working directory if it is below it. */
  String file(MigrationScript script) {
    Path file = script.file().toAbsolutePath().normalize();
    Path shown = file.startsWith(directory) ? directory.relativize(file) : file;
    return shown.toString().replace('\\', '/');
  }

  private PendingRisk answer(
      Migration migration,
      MigrationScript script,
      Parts parts,
      @Nullable RecordedMigration done,
      UndoAnswer undo,
      Optional<Integer> line) {
    return new PendingRisk(
        migration.name(),
        Optional.ofNullable(script.version()).map(Object::toString),
        script.description(),
        Optional.of(script).filter(each -> !each.type().equals("JDBC")).map(this::file),
        line,
        RiskLevel.greatest(parts.risks().stream().map(Risk::level).toList()),
        done != null,
        Optional.ofNullable(done).map(RecordedMigration::inTransaction),
        Optional.ofNullable(done).map(RecordedMigration::millis),
        parts.risks(),
        parts.losses(),
        parts.locks(),
        undo,
        parts.notes());
  }

  /** Partitions that the application makes are not in the replay. */
  private static List<String> partitions(StepFacts facts) {
    List<String> notes = new ArrayList<>();
    for (RelationLock lock : facts.done().locks()) {
      long relation = lock.relation().address().object();
      boolean partitioned =
          facts.before().relation(relation).map(each -> each.kind().equals("p")).orElse(false);
      long known = facts.live().partitions(relation);
      if (partitioned && lock.strongest().stopsWrites()) {
        facts
            .live(relation)
            .filter(table -> table.partitions() > known)
            .ifPresent(
                table ->
                    notes.add(
                        ("%s has %d live partitions, and %d in the replay: locks and rewrites of"
                                + " the others are not seen")
                            .formatted(table.name().plain(), table.partitions(), known)));
      }
    }
    return notes;
  }
}
