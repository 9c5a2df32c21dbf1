package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Undo scripts that were stored in the target, and those that were not.
 *
 * @param dryRun whether nothing was done
 */
public record StoreUndoReport(
    String target, boolean dryRun, List<Line> scripts, @ToPaste List<String> notes)
    implements Report {
  public StoreUndoReport {
    scripts = List.copyOf(scripts);
    notes = List.copyOf(notes);
  }

  /** What became of a script. */
  public enum Outcome {
    /** It is in the ledger now. */
    STORED("stored"),
    /** It is there now, and counts instead of an earlier one. */
    REPLACED("replaced"),
    /** It was there before. */
    UNCHANGED("unchanged"),
    /** Another is there, and stays. */
    KEPT("kept"),
    /** There is none. */
    MISSING("missing");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** For JSON and people. */
    @JsonProperty
    public String word() {
      return word;
    }
  }

  /**
   * One migration.
   *
   * @param outcome {@code stored}, {@code replaced}, {@code unchanged}, {@code kept} or {@code
   *     missing}
   * @param script its file name; empty where there is none
   * @param origin {@code file} or {@code generated}
   * @param why more about it
   */
  public record Line(
      String app,
      String migration,
      String outcome,
      Optional<String> script,
      Optional<String> origin,
      Optional<String> sha256,
      Optional<String> why) {}

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return !dryRun && stored() > 0;
  }

  @JsonIgnore
  private long stored() {
    return count(Outcome.STORED) + count(Outcome.REPLACED);
  }

  private long count(Outcome outcome) {
    return scripts.stream().filter(line -> line.outcome().equals(outcome.word())).count();
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    if (dryRun) {
      return List.of("nothing was done: --dry-run");
    }
    List<String> lines = new ArrayList<>();
    TextTable table = new TextTable("", "", "", "");
    for (Line line : scripts) {
      table.row(
          "  " + line.outcome(), line.migration(), line.script().orElse(""), line.why().orElse(""));
    }
    lines.addAll(table.lines().subList(1, scripts.size() + 1));
    notes.forEach(note -> lines.add(TextTable.visible("note: " + note)));
    lines.add(
        "%s stored in the ledger of %s; %d unchanged, %d kept, %d without one"
            .formatted(
                Units.count(stored(), "undo script", "undo scripts"),
                TextTable.visible(target),
                count(Outcome.UNCHANGED),
                count(Outcome.KEPT),
                count(Outcome.MISSING)));
    if (count(Outcome.KEPT) > 0) {
      lines.add(
          "to store those that the ledger has otherwise: "
              + toPaste.apply("belay store-undo --replace"));
    }
    return lines;
  }
}
