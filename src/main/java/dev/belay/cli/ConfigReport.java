package dev.belay.cli;

import dev.belay.config.Setting;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.List;

/**
 * What is configured, and where each value came from.
 *
 * @param settings sorted by name; secrets are masked
 */
public record ConfigReport(List<Setting> settings) implements Report {
  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    TextTable table = new TextTable("SETTING", "VALUE", "FROM");
    settings.forEach(setting -> table.row(setting.name(), setting.value(), setting.source()));
    return table.lines();
  }
}
