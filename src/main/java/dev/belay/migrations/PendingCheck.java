package dev.belay.migrations;

import dev.belay.catalogue.Catalogue;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.flyway.ScriptFault;
import dev.belay.postgres.Database;
import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ReplayStep;
import dev.belay.scratch.ReplaySteps;
import dev.belay.scratch.SchemaShape;
import dev.belay.scratch.ScratchReplay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through the pending migrations of one app, one by one. */
final class PendingCheck {
  private static final List<String> LIMITS =
      List.of(
          "the replay has no live rows: whether they satisfy new constraints and types, and how"
              + " many a migration changes, is not seen",
          "what a DO block, function or trigger does depends on the rows that it finds; bodies"
              + " that no migration calls are not run");

  private final ScratchReplay replay;
  private final Database live;
  private final AppState state;
  private final CheckMigrationsRequest request;
  private final Progress progress;
  private final Set<ObjectAddress> made = new HashSet<>();
  private final Map<ObjectAddress, String> names = new HashMap<>();
  private final Set<Long> used = new HashSet<>();
  private final List<PendingRisk> answers = new ArrayList<>();
  private boolean unseen;

  PendingCheck(
      ScratchReplay replay,
      Database live,
      AppState state,
      CheckMigrationsRequest request,
      Progress progress) {
    this.replay = replay;
    this.live = live;
    this.state = state;
    this.request = request;
    this.progress = progress;
  }

  /** Whether the next migrate applies anything. */
  static boolean hasPending(AppState state) {
    return state.migrations().stream().anyMatch(PendingCheck::isPending);
  }

  private static boolean isPending(Migration migration) {
    return migration.applied() == null
        && migration.script() != null
        && migration.state() == MigrationState.PENDING;
  }

  AppRisk run() {
    String app = state.app().name();
    if (!hasPending(state)) {
      return new AppRisk(app, RiskLevel.none, List.of(), List.of());
    }
    progress.step("replaying the migrations of app " + app);
    ReplayPlan plan = ReplayPlan.of(state, ReplayPlan.Reach.NEXT_MIGRATE);
    List<String> notes = new ArrayList<>(plan.notes());
    programs(plan);
    if (!plan.pending().isEmpty()) {
      try (ReplaySteps steps = replay.steps(plan)) {
        notes.addAll(steps.earlier().notes());
        steps.earlier().applied().forEach(this::remember);
        made.clear();
        used.clear();
        unseen = false;
        check(steps, plan);
      }
      notes.addAll(LIMITS);
    }
    return new AppRisk(
        app, RiskLevel.greatest(answers.stream().map(PendingRisk::level).toList()), answers, notes);
  }

  /** Programs are never run; the plan leaves them out. */
  private void programs(ReplayPlan plan) {
    for (Migration migration : state.migrations()) {
      MigrationScript script = migration.script();
      if (script != null && isPending(migration) && !plan.pending().contains(script)) {
        Risk risk = Risk.of(RiskRule.NOT_SEEN, "is not replayed, so what it does is not known");
        answers.add(
            answer(
                migration,
                script,
                new Parts(List.of(risk), List.of(), List.of(), List.of()),
                null,
                untried(migration)));
      }
    }
  }

  private void check(ReplaySteps steps, ReplayPlan plan) {
    UndoProof proof =
        new UndoProof(
            steps, new TableName(state.app().historySchema(), state.app().historyTable()));
    SchemaShape before = steps.shape();
    LiveTables tables = new LiveTables(live, before);
    @Nullable Catalogue known = null;
    for (int at = 0; at < plan.pending().size(); at++) {
      MigrationScript script = plan.pending().get(at);
      Migration migration = migration(script);
      progress.step("checking " + migration.name());
      boolean proves = request.undo() && migration.undo() != null;
      Catalogue schema = proves ? (known != null ? known : proof.now()) : null;
      ReplayStep step = steps.apply(script);
      if (step.failure() != null) {
        failed(migration, script, step.failure());
        plan.pending().subList(at + 1, plan.pending().size()).forEach(this::unchecked);
        return;
      }
      if (step.recorded() == null) {
        passedOver(migration, script);
        continue;
      }
      SchemaShape after = steps.shape();
      UndoAnswer undo =
          schema == null || migration.undo() == null
              ? untried(migration)
              : proof.of(migration.undo(), schema, file(migration.undo()));
      checked(migration, script, step.recorded(), before, after, tables, undo);
      known = null;
      before = after;
    }
    steps.finish().ifPresent(this::callbackFailed);
  }

  private void checked(
      Migration migration,
      MigrationScript script,
      RecordedMigration done,
      SchemaShape before,
      SchemaShape after,
      LiveTables tables,
      UndoAnswer undo) {
    unseen |= !done.inTransaction();
    StepFacts facts = new StepFacts(done, before, after, tables, made, names, used, unseen);
    List<Loss> losses = LossRisks.of(facts);
    List<Risk> risks = new ArrayList<>();
    losses.forEach(loss -> risks.add(LossRisks.risk(loss)));
    risks.addAll(LockRisks.of(facts));
    risks.addAll(ChangeRisks.of(facts));
    undoRisk(undo, done).ifPresent(risks::add);
    List<String> notes = new ArrayList<>(done.notes());
    notes.addAll(partitions(facts));
    answers.add(
        answer(
            migration,
            script,
            new Parts(risks, losses, LockRisks.tables(facts), notes),
            done,
            undo));
    remember(done);
  }

  /** Partitions that the application makes are not in the replay. */
  private static List<String> partitions(StepFacts facts) {
    List<String> notes = new ArrayList<>();
    for (RelationLock lock : facts.done().locks()) {
      long relation = lock.relation().address().object();
      boolean partitioned =
          facts.before().relation(relation).map(each -> each.kind().equals("p")).orElse(false);
      if (!partitioned || !lock.strongest().stopsWrites()) {
        continue;
      }
      facts
          .live(relation)
          .filter(table -> table.partitions() > facts.live().partitions(relation))
          .ifPresent(
              table ->
                  notes.add(
                      "%s has %d live partitions, and %d in the replay: locks and rewrites of the others are not seen"
                          .formatted(
                              table.name().plain(),
                              table.partitions(),
                              facts.live().partitions(relation))));
    }
    return notes;
  }

  private static Optional<Risk> undoRisk(UndoAnswer undo, RecordedMigration done) {
    return switch (undo.verdict()) {
      case fails -> Optional.of(Risk.of(RiskRule.UNDO_FAILS, "the undo script " + undo.words()));
      case differs -> Optional.of(Risk.of(RiskRule.UNDO_DIFFERS, "undo: " + undo.words()));
      case missing -> Optional.of(Risk.of(RiskRule.UNDO_MISSING, "there is no undo script for it"));
      case empty -> {
        boolean changes =
            !(done.created().isEmpty() && done.changed().isEmpty() && done.dropped().isEmpty());
        String what = "the undo script " + undo.words();
        yield Optional.of(
            changes ? Risk.of(RiskRule.UNDO_EMPTY, what) : Risk.mild(RiskRule.UNDO_EMPTY, what));
      }
      default -> Optional.empty();
    };
  }

  private void remember(RecordedMigration done) {
    unseen |= !done.inTransaction();
    ChangeRisks.remember(names, done.created());
    ChangeRisks.remember(names, done.changed());
    done.created().stream().map(RecordedObject::address).forEach(made::add);
    done.locks().stream()
        .filter(lock -> lock.modes().stream().anyMatch(LockMode::isOfRows))
        .forEach(lock -> used.add(lock.relation().address().object()));
  }

  private void failed(Migration migration, MigrationScript script, Failure failure) {
    Risk risk = Risk.of(RiskRule.FAILS, "fails in the replay: " + failure.message());
    PendingRisk answer =
        answer(
            migration,
            script,
            new Parts(List.of(risk), List.of(), List.of(), List.of()),
            null,
            untried(migration));
    Optional<Integer> line =
        ScriptFault.in(failure)
            .flatMap(
                fault ->
                    fault.line().isPresent()
                        ? Optional.of(fault.line().getAsInt())
                        : Optional.empty());
    answers.add(
        new PendingRisk(
            answer.migration(),
            answer.version(),
            answer.description(),
            answer.file(),
            line,
            answer.level(),
            true,
            answer.inTransaction(),
            answer.replayMillis(),
            answer.risks(),
            answer.losses(),
            answer.locks(),
            answer.undo(),
            answer.notes()));
  }

  private void unchecked(MigrationScript script) {
    Migration migration = migration(script);
    Parts parts =
        new Parts(
            List.of(),
            List.of(),
            List.of(),
            List.of("not checked, since a migration before it failed"));
    answers.add(answer(migration, script, parts, null, untried(migration)));
  }

  private void passedOver(Migration migration, MigrationScript script) {
    Parts parts =
        new Parts(
            List.of(), List.of(), List.of(), List.of("Flyway passes it over, by its own settings"));
    answers.add(answer(migration, script, parts, null, untried(migration)));
  }

  private void callbackFailed(Failure failure) {
    int last = answers.size() - 1;
    PendingRisk answer = answers.get(last);
    List<Risk> risks = new ArrayList<>(answer.risks());
    risks.add(
        Risk.of(RiskRule.FAILS, "a callback after the migrations fails: " + failure.message()));
    answers.set(
        last,
        new PendingRisk(
            answer.migration(),
            answer.version(),
            answer.description(),
            answer.file(),
            answer.line(),
            RiskLevel.critical,
            answer.replayed(),
            answer.inTransaction(),
            answer.replayMillis(),
            risks,
            answer.losses(),
            answer.locks(),
            answer.undo(),
            answer.notes()));
  }

  private record Parts(
      List<Risk> risks, List<Loss> losses, List<LockedTable> locks, List<String> notes) {}

  private PendingRisk answer(
      Migration migration,
      MigrationScript script,
      Parts parts,
      @Nullable RecordedMigration done,
      UndoAnswer undo) {
    return new PendingRisk(
        migration.name(),
        script.version() == null ? Optional.empty() : Optional.of(script.version().toString()),
        script.description(),
        Optional.of(script).filter(each -> !each.type().equals("JDBC")).map(this::file),
        Optional.empty(),
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

  private UndoAnswer untried(Migration migration) {
    MigrationScript undo = migration.undo();
    if (undo != null) {
      return UndoAnswer.without(UndoVerdict.untried, Optional.of(file(undo)));
    }
    boolean versioned = migration.version() != null;
    return UndoAnswer.without(versioned ? UndoVerdict.missing : UndoVerdict.none, Optional.empty());
  }

  private Migration migration(MigrationScript script) {
    return state.migrations().stream()
        .filter(each -> isPending(each) && script.equals(each.script()))
        .findFirst()
        .orElseThrow();
  }

  /** Where it is, seen from the working directory if it is below it. */
  private String file(MigrationScript script) {
    Path file = script.file().toAbsolutePath().normalize();
    Path directory = request.directory().toAbsolutePath().normalize();
    Path shown = file.startsWith(directory) ? directory.relativize(file) : file;
    return shown.toString().replace('\\', '/');
  }
}
