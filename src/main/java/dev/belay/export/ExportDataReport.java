package dev.belay.export;

import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.dataset.DataExport;
import dev.belay.dataset.DataExport.Chosen;
import dev.belay.dataset.ExportedTable;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code export-data}.
 *
 * @param file null when it was only looked whether one could be made
 * @param checksumFile what {@code sha256sum -c} takes
 * @param takenAt the moment that it shows
 * @param tables by app and by name
 * @param fileBytes the file's size
 * @param notes what is not in it, or not where one might think
 */
record ExportDataReport(
    String database,
    @Nullable String file,
    @Nullable String checksumFile,
    @Nullable String sha256,
    String format,
    String compression,
    @Nullable Instant takenAt,
    List<Table> tables,
    long rows,
    long fileBytes,
    long durationMillis,
    @ToPaste List<String> notes)
    implements Report {
  private static final int SHOWN = 30;

  /**
   * A table of it.
   *
   * @param rows null when it was only looked
   * @param condition null: all rows
   */
  record Table(String app, String table, @Nullable Long rows, @Nullable String condition) {}

  static ExportDataReport wouldBe(
      Target target, ExportRequest request, List<Chosen> chosen, List<String> notes) {
    return new ExportDataReport(
        target.toString(),
        null,
        null,
        null,
        request.form().name(),
        request.compression().toString(),
        null,
        chosen.stream()
            .map(
                each ->
                    new Table(
                        each.app(),
                        each.table().name().plain(),
                        null,
                        each.condition().map(condition -> condition.sql()).orElse(null)))
            .toList(),
        0,
        0,
        0,
        notes);
  }

  static ExportDataReport of(
      Target target,
      ExportRequest request,
      DataExport.Result result,
      List<String> notes,
      Duration duration) {
    List<Table> tables = new ArrayList<>();
    for (Map.Entry<ExportedTable, Long> each : result.rows().entrySet()) {
      ExportedTable table = each.getKey();
      tables.add(
          new Table(
              table.app(), table.name().plain(), each.getValue(), table.condition().orElse(null)));
    }
    return new ExportDataReport(
        target.toString(),
        result.file().toString(),
        result.checksum().toString(),
        result.sha256(),
        request.form().name(),
        request.compression().toString(),
        result.header().takenAt(),
        tables,
        result.rows().values().stream().mapToLong(Long::longValue).sum(),
        result.bytes(),
        duration.toMillis(),
        notes);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (file == null) {
      lines.add(
          "%s of %s can be exported"
              .formatted(
                  Units.count(tables.size(), "table", "tables"), TextTable.visible(database)));
    } else {
      double seconds = Math.max(0.001, durationMillis / 1000.0);
      lines.add("export:   " + TextTable.visible(file));
      lines.add("of:       " + TextTable.visible(database));
      Optional.ofNullable(takenAt).ifPresent(at -> lines.add("as of:    " + Units.moment(at)));
      lines.add(
          "holds:    %s, %s"
              .formatted(
                  Units.count(tables.size(), "table", "tables"), Units.count(rows, "row", "rows")));
      lines.add(
          "size:     %s in %s, %s/s"
              .formatted(
                  Units.bytes(fileBytes),
                  Units.duration(Duration.ofMillis(durationMillis)),
                  Units.bytes((long) (fileBytes / seconds))));
      lines.add("sha256:   " + sha256);
    }
    notes.forEach(note -> lines.add("note:     " + TextTable.visible(note)));
    lines.addAll(table());
    if (checksumFile != null) {
      lines.add("");
      lines.add("check it with: " + TextTable.visible(checking(Path.of(checksumFile))));
    }
    return lines;
  }

  private static String checking(Path checksum) {
    return "(cd %s && sha256sum -c %s)"
        .formatted(
            ShellWords.quote(String.valueOf(checksum.toAbsolutePath().getParent())),
            ShellWords.quote(String.valueOf(checksum.getFileName())));
  }

  private List<String> table() {
    if (tables.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    TextTable text = new TextTable("APP", "TABLE", "ROWS", "WHERE");
    tables.stream()
        .limit(SHOWN)
        .forEach(
            each ->
                text.row(
                    each.app(),
                    each.table(),
                    each.rows() == null ? "-" : Units.count(each.rows()),
                    each.condition() == null ? "" : each.condition()));
    lines.addAll(text.lines());
    if (tables.size() > SHOWN) {
      lines.add("… and %d more; all of them: --output json".formatted(tables.size() - SHOWN));
    }
    return lines;
  }
}
