package dev.belay.points;

import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.LiveTable;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rollback point that was made.
 *
 * @param created false: this only says what would be in it
 * @param file the file with the data; null: none was made
 */
record CreateReport(
    boolean created,
    @Nullable String id,
    String database,
    @Nullable String file,
    long rows,
    long bytes,
    List<String> tables)
    implements Report {
  static CreateReport of(PointRecord record, Path folder) {
    return new CreateReport(
        true,
        record.id(),
        record.target(),
        folder.resolve(record.data()).toString(),
        record.rows(),
        record.bytes(),
        record.tables().stream().map(table -> table.name().plain()).toList());
  }

  static CreateReport wouldBe(Target target, List<LiveTable> tables) {
    return new CreateReport(
        false,
        null,
        target.toString(),
        null,
        0,
        tables.stream().mapToLong(LiveTable::bytes).sum(),
        tables.stream().map(table -> table.name().plain()).toList());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (created) {
      lines.add("point:     " + id);
    } else {
      lines.add("point:     none yet: this is what would be in one");
    }
    lines.add("database:  " + TextTable.visible(database));
    lines.add("tables:    " + TextTable.visible(String.join(", ", tables)));
    if (created) {
      lines.add("rows:      " + Units.count(rows));
      lines.add("data:      " + TextTable.visible(file + " (" + Units.bytes(bytes) + ")"));
      lines.add("go back:   " + toPaste.apply("belay rollback-point execute " + id));
    } else {
      lines.add("size:      some " + Units.bytes(bytes) + " in the database");
    }
    return lines;
  }
}
