package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables were restored from a backup.
 *
 * @param backup its id
 * @param takenAt the moment that it shows
 * @param database the live database, as {@code database@host:port}
 * @param policy what became of rows that differed
 * @param tables sorted by name
 * @param sequences what was done to sequences, in words
 * @param notes what a person should know
 * @param statements what the loss of a table took away with it and is not back: SQL to make it
 *     again
 * @param done false: it was only looked at
 */
public record TableReport(
    String backup,
    Instant takenAt,
    String database,
    String policy,
    boolean triggersFired,
    List<Table> tables,
    List<String> sequences,
    @ToPaste List<String> notes,
    List<String> statements,
    long restoreMillis,
    long totalMillis,
    boolean done)
    implements Report {
  public TableReport {
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
    notes = List.copyOf(notes);
    statements = List.copyOf(statements);
  }

  /**
   * What became of one.
   *
   * @param recreated whether it was gone and was made again, with all its rows
   * @param added rows that came back
   * @param changed rows that are as in the backup again
   * @param removed rows that the backup did not have
   * @param left rows that differ from the backup and stay
   */
  public record Table(
      String name, boolean recreated, long added, long changed, long removed, long left) {}

  private boolean changedAnything() {
    return tables.stream()
        .anyMatch(
            table -> table.recreated() || table.added() + table.changed() + table.removed() > 0);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return done && changedAnything();
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (!done) {
      lines.add("nothing was done: --dry-run");
    } else if (!changedAnything()) {
      lines.add(
          "nothing was to be done: the tables of %s are as in %s, as far as %s goes"
              .formatted(database, backup, policy));
    } else {
      lines.add(
          "%s of %s: restored from %s of %s, %s"
              .formatted(
                  Units.count(tables.size(), "table", "tables"),
                  database,
                  backup,
                  Units.moment(takenAt),
                  policy));
    }
    TextTable table = new TextTable("TABLE", "ADDED", "CHANGED", "REMOVED", "LEFT", "");
    for (Table each : tables) {
      table.row(
          each.name(),
          Units.count(each.added()),
          Units.count(each.changed()),
          Units.count(each.removed()),
          Units.count(each.left()),
          each.recreated() ? "made again" : "");
    }
    lines.addAll(table.lines());
    sequences.forEach(line -> lines.add(TextTable.visible(line)));
    notes.forEach(line -> lines.add(TextTable.visible(line)));
    if (!statements.isEmpty()) {
      lines.add("what went with the tables and is not back; in psql:");
      lines.addAll(statements);
    }
    lines.add(
        "the backup was restored and proven in %s, %s in all"
            .formatted(words(restoreMillis), words(totalMillis)));
    return lines;
  }

  private static String words(long millis) {
    return Units.duration(Duration.ofMillis(millis));
  }
}
