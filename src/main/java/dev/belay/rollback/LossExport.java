package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.dataset.Condition;
import dev.belay.dataset.DataExport;
import dev.belay.dataset.ExportCompression;
import dev.belay.dataset.ExportForm;
import dev.belay.dataset.ExportedColumn;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Exports what an undo destroys: whole tables, and of a table that only loses columns its key with
 * these columns.
 */
public final class LossExport {
  private final GuardedRun run;
  private final AppSettings app;
  private final int jobs;
  private final String version;

  /**
   * @param jobs parallel sessions
   * @param version of this program
   */
  public LossExport(GuardedRun run, AppSettings app, int jobs, String version) {
    this.run = run;
    this.app = app;
    this.jobs = jobs;
    this.version = version;
  }

  /**
   * Exports.
   *
   * @param condition only rows that fulfil it; empty: all
   * @return the file
   * @throws Failure REFUSED when a table cannot be exported
   */
  public Path write(List<UndoLoss> losses, Optional<Condition> condition) {
    DataExport.Request request =
        new DataExport.Request(
            run.target(),
            run.settings().apps(),
            Optional.of(app.name()),
            run.settings().folders().dataExports(),
            Optional.empty(),
            ExportForm.json,
            ExportCompression.parse("none"),
            jobs);
    return new DataExport(run.databases(), run.progress(), version)
        .run(request, live -> chosen(live, losses, condition))
        .file();
  }

  private List<DataExport.Chosen> chosen(
      LiveTables live, List<UndoLoss> losses, Optional<Condition> condition) {
    Map<TableName, Set<String>> columns = new LinkedHashMap<>();
    Set<TableName> whole = new HashSet<>();
    for (UndoLoss loss : losses) {
      columns.computeIfAbsent(loss.table(), none -> new HashSet<>());
      loss.column()
          .ifPresentOrElse(
              column -> columns.computeIfAbsent(loss.table(), none -> new HashSet<>()).add(column),
              () -> whole.add(loss.table()));
    }
    List<DataExport.Chosen> chosen = new ArrayList<>();
    columns.forEach(
        (name, lost) -> {
          LiveTable table =
              live.tables().stream()
                  .filter(each -> each.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> notExported(name));
          boolean all = whole.contains(name) || table.primaryKey().isEmpty();
          chosen.add(
              new DataExport.Chosen(app.name(), all ? table : narrow(table, lost), condition));
        });
    return chosen;
  }

  private static Failure notExported(TableName name) {
    return Failure.refused(
        "%s loses rows and is no table that can be exported, such as a partition of another"
            .formatted(name.plain()),
        "export it in another way, then run the same command again with --no-export");
  }

  private static LiveTable narrow(LiveTable table, Set<String> lost) {
    List<ExportedColumn> columns =
        table.columns().stream()
            .filter(
                column ->
                    lost.contains(column.name()) || table.primaryKey().contains(column.name()))
            .toList();
    return new LiveTable(
        table.name(),
        columns,
        table.primaryKey(),
        table.ofExtension(),
        table.parts(),
        table.foreignParts());
  }
}
