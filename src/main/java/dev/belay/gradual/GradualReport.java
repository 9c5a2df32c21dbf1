package dev.belay.gradual;

import dev.belay.batch.BatchProgress;
import dev.belay.batch.BatchRun;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was taken back gradually.
 *
 * @param database as {@code database@host:port}
 * @param dryRun whether nothing was done
 * @param run its number in the ledger; null where nothing was done
 * @param migrations what was taken back, the newest first
 * @param statements what was run in batches
 * @param backup the backup that was made before; null: none
 * @param exports files with what was destroyed
 * @param problems what is not as it should be; empty: all is well
 */
public record GradualReport(
    String database,
    String app,
    boolean dryRun,
    @Nullable Long run,
    List<String> migrations,
    List<Batched> statements,
    @Nullable String backup,
    List<String> exports,
    @ToPaste List<String> notes,
    @ToPaste List<String> problems)
    implements Report {
  public GradualReport {
    migrations = List.copyOf(migrations);
    statements = List.copyOf(statements);
    exports = List.copyOf(exports);
    notes = List.copyOf(notes);
    problems = List.copyOf(problems);
  }

  /**
   * A statement that was run in batches.
   *
   * @param rows that it changed
   */
  public record Batched(String script, int line, String table, long batches, long rows) {
    static Batched of(BatchProgress progress) {
      return new Batched(
          progress.script(),
          progress.line(),
          progress.table(),
          progress.batchesDone(),
          progress.rowsDone());
    }
  }

  static GradualReport wouldBe(GuardedRun run, GradualPlan plan) {
    return new GradualReport(
        run.target().toString(),
        plan.undo().app().name(),
        true,
        null,
        names(plan),
        List.of(),
        null,
        List.of(),
        List.of(),
        List.of());
  }

  static GradualReport done(
      GuardedRun run,
      GradualPlan plan,
      long id,
      List<BatchProgress> progress,
      Optional<String> backup,
      List<String> exports,
      List<String> notes,
      List<String> problems) {
    return new GradualReport(
        run.target().toString(),
        plan.undo().app().name(),
        false,
        id,
        names(plan),
        progress.stream().map(Batched::of).toList(),
        backup.orElse(null),
        exports,
        notes,
        problems);
  }

  /** One whose schema an earlier run of the program had switched. */
  static GradualReport onlyVerified(
      GuardedRun run,
      BatchRun begun,
      List<BatchProgress> progress,
      List<String> problems,
      boolean dryRun) {
    return new GradualReport(
        run.target().toString(),
        begun.app(),
        dryRun,
        begun.id(),
        List.of(begun.migration()),
        progress.stream().map(Batched::of).toList(),
        begun.kept().backup().orElse(null),
        begun.kept().exports(),
        List.of("the schema had been switched before this run"),
        problems);
  }

  private static List<String> names(GradualPlan plan) {
    return plan.undo().steps().stream().map(step -> step.migration().name()).toList();
  }

  @Override
  public ExitCode exitCode() {
    return problems.isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }

  @Override
  public boolean databaseChanged() {
    return !dryRun;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (dryRun) {
      lines.add("nothing was done: --dry-run");
      return lines;
    }
    lines.add(
        "%s of %s %s taken back in %s"
            .formatted(
                String.join(", ", migrations),
                app,
                migrations.size() == 1 ? "was" : "were",
                database));
    for (Batched each : statements) {
      lines.add(
          "  %s, line %d: %s of %s in %s"
              .formatted(
                  each.script(),
                  each.line(),
                  Units.count(each.rows(), "row", "rows"),
                  each.table(),
                  Units.count(each.batches(), "batch", "batches")));
    }
    notes.forEach(note -> lines.add("  " + note));
    if (backup != null) {
      lines.add("  backup from before: " + backup);
    }
    exports.forEach(file -> lines.add("  what was lost is in: " + file));
    if (problems.isEmpty()) {
      lines.add("the schema is what the migrations that are left give");
    } else {
      lines.add("not as it should be:");
      problems.forEach(problem -> lines.add("  " + problem));
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
