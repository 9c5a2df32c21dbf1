package dev.belay.status;

import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * Every migration of every app that was asked for, with its state.
 *
 * @param database as {@code database@host:port}
 */
public record ListMigrationsReport(String database, List<AppMigrations> apps) implements Report {
  private static final String LEGEND =
      "[✓] applied  [ ] not applied  [!] failed  [-] taken back  [?] applied, no script; times are UTC";

  /** This command lists: a migration that failed or is missing is an answer, not a failure. */
  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Migrations in " + database);
    for (AppMigrations app : apps) {
      lines.add("");
      lines.addAll(app.lines());
    }
    lines.add("");
    lines.add(LEGEND);
    return lines;
  }
}
