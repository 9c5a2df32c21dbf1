package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.flyway.MigrationVersion;
import dev.belay.flyway.ScriptKind;
import dev.belay.flyway.ScriptProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which migrations are replayed, and in which order: those that were applied, as they were applied,
 * then those that were not, as Flyway would apply them.
 *
 * @param applied in the order of their ranks, those without a version last
 * @param pending in the order of Flyway
 * @param outdated descriptions of repeatable migrations that were applied and run again, since they
 *     are not as they were
 * @param createdSchemas the schemas that Flyway itself made or is to make
 * @param notes what cannot be replayed, and what that means
 * @param before plans of other apps of the database, which are replayed before and not recorded,
 *     since this one may need what they make
 */
public record ReplayPlan(
    AppSettings app,
    List<MigrationScript> applied,
    List<MigrationScript> pending,
    List<String> outdated,
    List<String> createdSchemas,
    List<String> notes,
    List<ReplayPlan> before) {
  private static final Comparator<MigrationScript> BY_VERSION =
      Comparator.comparing(
          MigrationScript::version, Comparator.nullsLast(Comparator.naturalOrder()));

  public ReplayPlan {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    outdated = List.copyOf(outdated);
    createdSchemas = List.copyOf(createdSchemas);
    notes = List.copyOf(notes);
    before = List.copyOf(before);
  }

  /** The same with other apps before it. */
  ReplayPlan after(List<ReplayPlan> others) {
    return new ReplayPlan(app, applied, pending, outdated, createdSchemas, notes, others);
  }

  /**
   * The same with only some of the applied migrations, and nothing pending.
   *
   * @param kept asked for each
   */
  public ReplayPlan applying(Predicate<MigrationScript> kept) {
    List<MigrationScript> fewer = applied.stream().filter(kept).toList();
    return new ReplayPlan(app, fewer, List.of(), List.of(), createdSchemas, notes, before);
  }

  /** The same with other migrations pending. */
  public ReplayPlan pending(List<MigrationScript> others) {
    return new ReplayPlan(app, applied, others, List.of(), createdSchemas, notes, before);
  }

  /**
   * The same where the history is that of the live database: there a repeatable migration that is
   * not as it was is to be run again, and is pending.
   */
  public ReplayPlan runningAgain() {
    Predicate<MigrationScript> again =
        script -> script.version() == null && outdated.contains(script.description());
    List<MigrationScript> later = new ArrayList<>(pending);
    applied.stream().filter(again).forEach(later::add);
    later.sort(
        BY_VERSION.thenComparing(script -> script.version() == null ? script.description() : ""));
    return new ReplayPlan(
        app,
        applied.stream().filter(again.negate()).toList(),
        later,
        List.of(),
        createdSchemas,
        notes,
        before);
  }

  /** How far a replay goes beyond what was applied. */
  public enum Reach {
    /** Not at all. */
    APPLIED,
    /** To what the next migrate applies. */
    NEXT_MIGRATE,
    /** To every script that is on disk and could still be applied. */
    EVERYTHING
  }

  /**
   * The plan for an app in the state that it has in the live database.
   *
   * @throws Failure FAILED when two scripts are the same migration: Flyway would not even begin
   */
  public static ReplayPlan of(AppState state, Reach reach) {
    return of(state, reach, List.of());
  }

  /**
   * The same without repeatable migrations that are recorded as applied only so that they are not
   * run again.
   *
   * @param held their rows, as {@link dev.belay.ledger.HeldRepeatables} finds them
   * @throws Failure FAILED when two scripts are the same migration
   */
  static ReplayPlan of(AppState state, Reach reach, List<AppliedMigration> held) {
    refuseDuplicates(state);
    List<String> notes = new ArrayList<>();
    List<MigrationScript> versioned = new ArrayList<>(beforeBaseline(state, notes));
    List<MigrationScript> repeatable = new ArrayList<>();
    List<String> outdated = new ArrayList<>();
    for (AppliedMigration row : state.history().inForce()) {
      Migration migration = migration(state, row);
      MigrationScript script = migration.script();
      if (script == null) {
        notes.add(missing(migration));
      } else if (held.contains(row) && !isRunAgain(migration, reach)) {
        notes.add(heldBack(migration));
      } else if (isProgram(script)) {
        notes.add(program(script));
      } else {
        (script.version() == null ? repeatable : versioned).add(script);
        if (migration.differences().contains(Migration.Difference.CHECKSUM)) {
          notes.add(
              migration.name() + " is not as it was applied: it is replayed as it is on disk now");
        }
        if (migration.state() == MigrationState.OUTDATED) {
          outdated.add(script.description());
        }
      }
    }
    repeatable.sort(Comparator.comparing(MigrationScript::description));
    versioned.addAll(repeatable);
    List<MigrationScript> pending = new ArrayList<>();
    if (reach != Reach.APPLIED) {
      for (Migration migration : state.migrations()) {
        MigrationScript script = migration.script();
        if (migration.applied() != null || script == null || !isWithin(reach, migration)) {
          continue;
        }
        if (isProgram(script)) {
          notes.add(program(script));
        } else {
          pending.add(script);
        }
      }
      pending.sort(
          BY_VERSION.thenComparing(script -> script.version() == null ? script.description() : ""));
    }
    return new ReplayPlan(
        state.app(), versioned, pending, outdated, createdSchemas(state), notes, List.of());
  }

  private static void refuseDuplicates(AppState state) {
    for (ScriptProblem problem : state.scripts().problems()) {
      if (problem.kind() == ScriptProblem.Kind.DUPLICATE) {
        throw Failure.failed(
            problem.where() + " is " + problem.message() + ", which stops every command of Flyway",
            "give one of the two another version: belay resolve-conflicts "
                + state.app().name()
                + " says more");
      }
    }
  }

  /** All, in the order in which they are replayed. */
  public List<MigrationScript> all() {
    List<MigrationScript> all = new ArrayList<>(applied);
    all.addAll(pending);
    return all;
  }

  /**
   * The applied migrations in runs of rising versions: within one run Flyway's order is that of the
   * ranks.
   */
  List<List<MigrationScript>> legs() {
    List<List<MigrationScript>> legs = new ArrayList<>();
    List<MigrationScript> leg = new ArrayList<>();
    @Nullable MigrationVersion last = null;
    for (MigrationScript script : applied) {
      MigrationVersion version = script.version();
      if (version != null && last != null && version.compareTo(last) < 0) {
        legs.add(leg);
        leg = new ArrayList<>();
      }
      leg.add(script);
      last = version == null ? last : version;
    }
    if (!leg.isEmpty()) {
      legs.add(leg);
    }
    return legs;
  }

  private static Migration migration(AppState state, AppliedMigration row) {
    return state.migrations().stream()
        .filter(
            migration ->
                migration.applied() != null
                    && migration.applied().installedRank() == row.installedRank())
        .findFirst()
        .orElseThrow();
  }

  /** A baseline without a script says that what is below it was there already. */
  private static List<MigrationScript> beforeBaseline(AppState state, List<String> notes) {
    List<AppliedMigration> baselines =
        state.history().rows().stream().filter(row -> row.type().equals("BASELINE")).toList();
    if (baselines.isEmpty()) {
      return List.of();
    }
    List<MigrationScript> below =
        state.migrations().stream()
            .filter(
                migration ->
                    migration.state() == MigrationState.BELOW_BASELINE
                        || migration.state() == MigrationState.BASELINE_IGNORED)
            .map(Migration::script)
            .filter(Objects::nonNull)
            .filter(script -> script.kind() == ScriptKind.VERSIONED && !isProgram(script))
            .sorted(BY_VERSION)
            .toList();
    String version = String.valueOf(baselines.get(0).version());
    notes.add(
        below.isEmpty()
            ? "what was there before the baseline "
                + version
                + " has no script, so it is not in the replay"
            : "the scripts up to the baseline "
                + version
                + " are replayed as if they had been applied");
    return below;
  }

  private static boolean isWithin(Reach reach, Migration migration) {
    return switch (migration.state()) {
      case PENDING -> true;
      case ABOVE_TARGET -> reach == Reach.EVERYTHING;
      case IGNORED ->
          reach == Reach.EVERYTHING
              && migration.script() != null
              && migration.script().kind() == ScriptKind.VERSIONED;
      default -> false;
    };
  }

  /** Whether the next start runs it in spite of what is held, since its file was changed. */
  private static boolean isRunAgain(Migration migration, Reach reach) {
    return reach != Reach.APPLIED && migration.state() == MigrationState.OUTDATED;
  }

  private static String heldBack(Migration migration) {
    return migration.name()
        + " went with a migration that is held: it is recorded as applied, and not replayed until that is reopened";
  }

  private static boolean isProgram(MigrationScript script) {
    return script.type().equals("SCRIPT");
  }

  private static String program(MigrationScript script) {
    return script.script()
        + " is a program: it could reach anything, so it is not run, and what it does is not seen";
  }

  private static String missing(Migration migration) {
    return migration.isInCode()
        ? migration.name()
            + " is written in Java: it is not replayed unless --jars names where its class is"
        : migration.name() + " was applied, and there is no script of it: it is not replayed";
  }

  /** What the row that Flyway wrote says, where it wrote one; before that, what it would do. */
  private static List<String> createdSchemas(AppState state) {
    for (AppliedMigration row : state.history().rows()) {
      if (row.type().equals("SCHEMA")) {
        return SchemaList.parse(row.script());
      }
    }
    boolean creates =
        !state.history().present()
            && !"false".equalsIgnoreCase(state.app().flyway().get("createSchemas"));
    List<String> schemas = new ArrayList<>(state.app().schemas());
    schemas.remove("public");
    return creates ? schemas : List.of();
  }
}
