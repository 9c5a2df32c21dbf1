package dev.belay.cli;

import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import picocli.CommandLine.Command;

/** {@code belay config}: what is in force, and where each value came from. Reaches no server. */
@Command(
    name = "config",
    description = "Show every setting with its value and where it came from.",
    footer = {
      "",
      "Examples:",
      "  belay config",
      "  belay config --url postgresql://app@db1/orders --output json"
    })
public final class ConfigCommand extends ReportCommand {
  public ConfigCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    return ConfigReport.of(settings);
  }
}
