package dev.belay.rollback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code rollback-migration}.
 *
 * @param undone what was undone, in that order; after {@code --dry-run}, what would be
 * @param rowsLost rows and values that went, counted under the locks
 * @param exports files of what went
 * @param backup the id of the backup that was made before; null: none
 * @param longestLockMillis how long locks were held; null where nothing was done
 * @param tries how often the transaction was tried
 * @param endedSessions sessions that were ended, in words
 * @param nextStart what the next start of an application does
 * @param problems what is not as it should be now
 * @param notes what was so before
 * @param bringBack the commands that bring back what went, once its tables and columns are there
 *     again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RollbackMigrationReport(
    String database,
    String app,
    boolean dryRun,
    List<Line> undone,
    long rowsLost,
    List<Lost> losses,
    List<String> exports,
    @Nullable String backup,
    @Nullable Long longestLockMillis,
    int tries,
    List<String> endedSessions,
    List<String> nextStart,
    @ToPaste List<String> problems,
    @ToPaste List<String> notes,
    @ToPaste List<String> bringBack)
    implements Report {

  RollbackMigrationReport(
      String database,
      String app,
      boolean dryRun,
      List<Line> undone,
      long rowsLost,
      List<Lost> losses,
      List<String> exports,
      @Nullable String backup,
      @Nullable Long longestLockMillis,
      int tries,
      List<String> endedSessions,
      List<String> nextStart,
      List<String> problems,
      List<String> notes) {
    this(
        database,
        app,
        dryRun,
        undone,
        rowsLost,
        losses,
        exports,
        backup,
        longestLockMillis,
        tries,
        endedSessions,
        nextStart,
        problems,
        notes,
        bringBack(exports, losses));
  }

  /**
   * A migration that was undone.
   *
   * @param method ledger, file, generated or vanished
   * @param recordedAs the type of the row in Flyway's table; null: nothing was recorded
   * @param recordRank the rank of that row
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      String migration,
      String method,
      @Nullable String recordedAs,
      @Nullable Integer recordRank,
      int statements,
      long millis) {}

  /** What went. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Lost(String kind, String table, @Nullable String column, long rows) {
    static Lost of(UndoLoss loss) {
      return new Lost(
          loss.kind().name(), loss.table().plain(), loss.column().orElse(null), loss.rows());
    }
  }

  /** What an undo that is only looked at would do. */
  static RollbackMigrationReport wouldBe(Target target, UndoPlan plan, RollbackRequest request) {
    return new RollbackMigrationReport(
        target.toString(),
        plan.app().name(),
        true,
        plan.steps().stream()
            .map(
                step ->
                    new Line(
                        step.migration().name(),
                        UndoneEntries.method(step.script()),
                        null,
                        null,
                        step.parsed().map(parsed -> parsed.statements().size()).orElse(0),
                        0))
            .toList(),
        plan.rowsLost(),
        plan.losses().stream().map(Lost::of).toList(),
        List.of(),
        null,
        null,
        0,
        List.of(),
        PlanText.nextStart(plan, request),
        List.of(),
        Stream.concat(plan.notes().stream(), UnseenRepeatables.words(plan).stream()).toList());
  }

  private static List<String> bringBack(List<String> exports, List<Lost> losses) {
    boolean columns = losses.stream().anyMatch(loss -> loss.column() != null);
    return exports.stream()
        .map(
            file ->
                "belay import-data %s --policy overwrite%s"
                    .formatted(ShellWords.quote(file), columns ? " --columns-common" : ""))
        .toList();
  }

  @Override
  public ExitCode exitCode() {
    return problems.isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }

  @Override
  public boolean databaseChanged() {
    return !dryRun && !undone.isEmpty();
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (dryRun) {
      lines.add("Nothing was changed in %s; the plan is above".formatted(database));
      return lines;
    }
    lines.add(
        "Undone in %s, app %s: %s"
            .formatted(database, app, Units.count(undone.size(), "migration", "migrations")));
    for (Line line : undone) {
      lines.add(
          "  %s  by %s, %s in %s%s"
              .formatted(
                  line.migration(),
                  line.method(),
                  Units.count(line.statements(), "statement", "statements"),
                  Units.duration(Duration.ofMillis(line.millis())),
                  line.recordedAs() == null
                      ? ""
                      : "; row %d, %s".formatted(line.recordRank(), line.recordedAs())));
    }
    lines.add("  lost       %s".formatted(Units.count(rowsLost, "row or value", "rows or values")));
    losses.stream()
        .filter(loss -> loss.rows() > 0)
        .forEach(
            loss ->
                lines.add(
                    "    %s%s: %s"
                        .formatted(
                            loss.table(),
                            loss.column() == null ? "" : "." + loss.column(),
                            Units.count(loss.rows()))));
    exports.forEach(file -> lines.add("  exported   " + file));
    if (backup != null) {
      lines.add("  backup     " + backup);
    }
    if (longestLockMillis != null) {
      lines.add(
          "  locks      held for %s, %s"
              .formatted(
                  Units.duration(Duration.ofMillis(longestLockMillis)),
                  Units.count(tries, "try", "tries")));
    }
    endedSessions.forEach(session -> lines.add("  ended      " + session));
    nextStart.forEach(words -> lines.add("  next start " + words));
    notes.forEach(note -> lines.add("  note       " + note));
    problems.forEach(problem -> lines.add("  PROBLEM    " + problem));
    lines.add("");
    if (!problems.isEmpty()) {
      lines.add(
          backup == null
              ? "look at the problems; no backup was made by this run: "
                  + toPaste.apply("belay list-backups")
              : "when the state before is wanted: "
                  + toPaste.apply("belay backup-restore " + backup));
    } else if (exports.isEmpty()) {
      lines.add("see the state with: " + toPaste.apply("belay list-migrations"));
    } else {
      lines.add("when what was lost is wanted again, and the migration is applied again:");
      bringBack.forEach(command -> lines.add("  " + command));
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
