package dev.belay.undo;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.catalogue.Reversal;
import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptContent;
import dev.belay.ledger.UndoStore;
import dev.belay.postgres.Database;
import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ReplayStep;
import dev.belay.scratch.ReplaySteps;
import dev.belay.scratch.RowsChanged;
import dev.belay.scratch.SchemaShape;
import dev.belay.scratch.ScratchReplay;
import dev.belay.scratch.UndoText;
import dev.belay.scratch.UndoneChain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes undo scripts from what migrations did in a replay: where nothing that was there before is
 * lost, and only when the schema is as before after it.
 */
public final class GeneratedUndo {
  private final ScratchReplay replay;
  private final AppState state;
  private final CatalogueScope scope;
  private final Progress progress;

  /**
   * @param state in which every migration that is replayed has its script
   */
  public GeneratedUndo(ScratchReplay replay, AppState state, Progress progress) {
    this.replay = replay;
    this.state = state;
    this.scope =
        CatalogueScope.without(
            new TableName(state.app().historySchema(), state.app().historyTable()));
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param script empty where there can be none
   * @param reasons why there is none
   */
  public record Result(Optional<UndoScript> script, List<String> reasons) {
    public Result {
      reasons = List.copyOf(reasons);
    }

    private static Result none(Collection<String> reasons) {
      return new Result(Optional.empty(), List.copyOf(reasons));
    }
  }

  /**
   * The scripts of some applied migrations, by the migration; none of one that cannot be replayed.
   *
   * @param live a session with the live database
   * @param jars jars with Java migrations, for the replay
   * @throws Failure as {@link ScratchReplay#recording}
   */
  public static Map<Migration, Result> of(
      Settings settings,
      Database live,
      AppState state,
      Set<Migration> wanted,
      List<Path> jars,
      Progress progress) {
    try (ScratchReplay replay = ScratchReplay.open(settings, live, jars, progress)) {
      AppState whole = replay.state(live, state.app());
      ReplayPlan plan = replay.plan(live, whole, ReplayPlan.Reach.APPLIED);
      Map<Migration, MigrationScript> scripts = new HashMap<>();
      for (Migration migration : wanted) {
        UndoPlanning.script(whole, migration)
            .filter(plan.applied()::contains)
            .ifPresent(script -> scripts.put(migration, script));
      }
      Map<MigrationScript, Result> made =
          new GeneratedUndo(replay, whole, progress).of(plan, Set.copyOf(scripts.values()));
      Map<Migration, Result> results = new HashMap<>();
      for (Migration migration : wanted) {
        Result result = made.get(scripts.get(migration));
        results.put(
            migration, result == null ? Result.none(List.of("it is not replayed here")) : result);
      }
      return results;
    }
  }

  /**
   * The scripts of some migrations, by the migration.
   *
   * @param plan the replay of all that is applied
   * @param wanted scripts of migrations of that plan
   * @throws Failure as {@link ScratchReplay#recording}
   */
  public Map<MigrationScript, Result> of(ReplayPlan plan, Set<MigrationScript> wanted) {
    Map<MigrationScript, Result> results = new HashMap<>();
    List<MigrationScript> versions =
        plan.applied().stream().filter(script -> script.version() != null).toList();
    int first = versions.size();
    int last = -1;
    for (int at = 0; at < versions.size(); at++) {
      if (wanted.contains(versions.get(at))) {
        first = Math.min(first, at);
        last = at;
      }
    }
    if (last < 0) {
      return results;
    }
    Set<MigrationScript> earlier = Set.copyOf(versions.subList(0, first));
    List<MigrationScript> next = versions.subList(first, last + 1);
    progress.step("making undo scripts from what the migrations did in a replay");
    try (ReplaySteps steps = replay.steps(plan.applying(earlier::contains).pending(next))) {
      Seen before = Seen.now(steps, scope);
      for (MigrationScript script : next) {
        RecordedMigration recorded = done(steps.apply(script), script);
        Seen after = Seen.now(steps, scope);
        if (wanted.contains(script)) {
          results.put(script, of(steps, script, recorded, before, after));
        }
        before = after;
      }
    }
    return results;
  }

  private static RecordedMigration done(ReplayStep step, MigrationScript script) {
    Failure failure = step.failure();
    if (failure != null) {
      throw failure;
    }
    RecordedMigration recorded = step.recorded();
    if (recorded == null) {
      throw Failure.failed(
          script.script() + " was passed over in the replay",
          "see its settings in the file beside it: " + script.script() + ".conf");
    }
    return recorded;
  }

  /** What there is at one moment of the replay. */
  private record Seen(Catalogue catalogue, SchemaShape shape, Map<String, NamedObject> names) {
    static Seen now(ReplaySteps steps, CatalogueScope scope) {
      try (Database session = steps.open()) {
        return new Seen(
            Catalogue.read(session, scope), steps.shape(), NamedObjectQueries.read(session));
      }
    }
  }

  private Result of(
      ReplaySteps steps,
      MigrationScript script,
      RecordedMigration recorded,
      Seen before,
      Seen after) {
    Set<String> reasons = new LinkedHashSet<>(ofRows(recorded, before.shape()));
    if (!recorded.inTransaction()) {
      reasons.add("it runs outside a transaction, so what it does to rows is not seen");
    }
    if (!hasSchemaOfHistory(before) && hasSchemaOfHistory(after)) {
      reasons.add("it makes the schema in which Flyway's history table is, which has to stay");
    }
    List<String> renames = RenamesBack.statements(before.names(), after.names());
    Reversal reversal;
    try {
      Catalogue named = renames.isEmpty() ? after.catalogue() : renamed(steps, renames);
      reversal = Reversal.of(before.catalogue(), named, SchemaReturn.OPTIONS);
    } catch (Failure failure) {
      reasons.add("its renames cannot be taken back: " + failure.message());
      return Result.none(reasons);
    }
    reasons.addAll(reversal.reasons());
    if (!reasons.isEmpty()) {
      return Result.none(reasons);
    }
    List<String> statements = new ArrayList<>(renames);
    statements.addAll(reversal.statements());
    if (statements.isEmpty()) {
      return Result.none(List.of("it changes nothing of the schema, so there is nothing to make"));
    }
    return proven(steps, before.catalogue(), text(script, statements));
  }

  private boolean hasSchemaOfHistory(Seen seen) {
    String schema = state.app().historySchema();
    return schema.equals("public")
        || seen.names().values().stream()
            .anyMatch(each -> each.kind().equals("SCHEMA") && each.name().equals(schema));
  }

  /** What it did to rows that were there before, no look at the schema can take back. */
  private static List<String> ofRows(RecordedMigration recorded, SchemaShape before) {
    Set<String> reasons = new LinkedHashSet<>();
    for (RowsChanged rows : recorded.rows()) {
      written(rows.relation(), before).ifPresent(reasons::add);
    }
    for (RelationLock lock : recorded.locks()) {
      if (lock.modes().contains(LockMode.ROW_EXCLUSIVE)) {
        written(lock.relation(), before).ifPresent(reasons::add);
      }
    }
    for (RecordedObject table : recorded.emptied()) {
      if (before.relation(table.address().object()).isPresent()) {
        reasons.add("it empties " + table.identity());
      }
    }
    return List.copyOf(reasons);
  }

  private static Optional<String> written(RecordedObject table, SchemaShape before) {
    ObjectAddress address = table.address();
    return address.isOfRelation()
            && before.relation(address.object()).filter(SchemaShape.Relation::isTable).isPresent()
        ? Optional.of("it writes rows of " + table.identity())
        : Optional.empty();
  }

  private Catalogue renamed(ReplaySteps steps, List<String> renames) {
    UndoText text = new UndoText("renames", String.join("\n", renames), true);
    try (UndoneChain chain = steps.undo(List.of(text))) {
      if (chain.failure().isPresent()) {
        throw chain.failure().get();
      }
      try (Database session = chain.open()) {
        return Catalogue.read(session, scope);
      }
    }
  }

  private Result proven(ReplaySteps steps, Catalogue before, UndoScript undo) {
    String prefix = state.app().flyway().getOrDefault("placeholderPrefix", "${");
    if (undo.text().contains(prefix)) {
      return Result.none(
          List.of("its definitions hold '" + prefix + "', which would be taken for a placeholder"));
    }
    UndoText text = new UndoText(undo.name(), undo.text(), true);
    try (UndoneChain chain = steps.undo(List.of(text))) {
      if (chain.failure().isPresent()) {
        return Result.none(
            List.of("what was made fails in the replay: " + chain.failure().get().message()));
      }
      Catalogue after;
      try (Database session = chain.open()) {
        after = Catalogue.read(session, scope);
      }
      List<String> differences = SchemaReturn.of(before, after).differences();
      return differences.isEmpty()
          ? new Result(Optional.of(undo), List.of())
          : Result.none(
              List.of(
                  "what was made does not bring the schema back in the replay: "
                      + String.join("; ", differences)));
    }
  }

  /** The path is as it was afterwards: other scripts of the same transaction may rely on it. */
  private UndoScript text(MigrationScript script, List<String> statements) {
    List<String> lines = new ArrayList<>();
    lines.add("-- Made by belay from what " + oneLine(script.script()) + " did in a replay.");
    lines.add("-- Read it before you run it: what was put into what the migration made is lost.");
    lines.add("select pg_catalog.set_config('belay.search_path',");
    lines.add("  pg_catalog.current_setting('search_path'), true);");
    lines.add("set local search_path = pg_catalog;");
    lines.add("set local check_function_bodies = false;");
    lines.add("");
    lines.addAll(statements);
    lines.add("");
    lines.add("set local check_function_bodies = default;");
    lines.add("select pg_catalog.set_config('search_path',");
    lines.add("  pg_catalog.current_setting('belay.search_path'), true);");
    String text = String.join("\n", lines) + "\n";
    return new UndoScript(
        UndoScript.Origin.GENERATED,
        state.migrations().stream()
            .filter(each -> script.equals(each.script()) && each.applied() != null)
            .findFirst()
            .map((Migration each) -> ScriptContent.undoName(state.app(), each))
            .orElse("U" + script.version() + "__generated.sql"),
        text,
        UndoStore.sha256(text),
        Optional.empty(),
        true);
  }

  private static String oneLine(String name) {
    return name.replaceAll("\\p{Cntrl}", " ");
  }
}
