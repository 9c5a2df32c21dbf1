package dev.belay.conflicts;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The copies of histories that one run takes before it changes them. */
final class HistorySaving {
  private final GuardedRun run;
  private final ReportFiles files;
  private final Map<String, Path> copies = new LinkedHashMap<>();

  HistorySaving(GuardedRun run) {
    this.run = run;
    this.files = new ReportFiles(run.settings().folders().conflictReports());
  }

  /**
   * Saves the history of an app as it is in this transaction; the file is on the disk, and named in
   * the journal, when this returns.
   *
   * @param before what is about to be done
   */
  HistoryContent save(Database session, AppSettings app, String before, Journal journal) {
    TableName table = HistoryLocks.table(app);
    HistoryContent content = HistoryTableQueries.content(session, table);
    Path file =
        files.writeCopy(
            new HistoryCopy(
                HistoryCopy.FORM,
                Instant.now(),
                before,
                run.run().text(),
                ServerInfo.systemIdentifier(session).orElse(null),
                run.live(),
                HistoryTableQueries.databaseNumber(session),
                app.name(),
                table.schema(),
                table.table(),
                content));
    copies.put(app.name(), file);
    journal.step(
        "history-saved",
        Map.of("app", app.name(), "table", table.plain(), "copy", file.toString()));
    return content;
  }

  /** Discards the copies of a try that was rolled back. */
  void forget() {
    copies.values().forEach(files::discard);
    copies.clear();
  }

  /** The copies, in the order of the apps. */
  List<String> files() {
    return copies.values().stream().map(Path::toString).toList();
  }

  /** The copy of one app; empty: there is none. */
  String fileOf(String app) {
    Path file = copies.get(app);
    return file == null ? "" : file.toString();
  }

  /** Writes a report beside them. */
  String writeReport(String app, Instant at, String markdown) {
    return files.writeReport(run.live(), app, at, markdown).toString();
  }

  /**
   * The failure as it is to be told. Where nothing was changed, the copies are of no use; where
   * that is not known, they are named, and the journal stays open.
   */
  Failure told(Failure failure, Journal journal) {
    if (failure.exitCode() != ExitCode.INCOMPLETE) {
      forget();
      return failure;
    }
    journal.leaveOpen();
    return failure.withState(
        "%s; the history as it was before: %s"
            .formatted(failure.state(), String.join(", ", files())));
  }
}
