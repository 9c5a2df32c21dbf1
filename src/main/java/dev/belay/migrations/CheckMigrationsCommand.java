package dev.belay.migrations;

import dev.belay.cli.JarsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay check-migrations [app]}: exit 10 when a risk reaches {@code --fail-on}. */
@Command(
    name = "check-migrations",
    description =
        "Say what the pending migrations would lock, rewrite, destroy and break, by replaying them"
            + " in a scratch database, and prove their undo scripts. The live database is only"
            + " read.",
    footer = {
      "",
      "Exit status 0: no risk reaches --fail-on; 10: one does, or a migration fails",
      "in the replay; 11: one reaches beyond its database; 12: no scratch database can",
      "be made; 13: what was applied cannot be replayed.",
      "",
      "Examples:",
      "  belay check-migrations",
      "  belay check-migrations medications --fail-on high --annotations github",
      "  belay check-migrations --output json --set scratch.server=embedded",
      "  belay check-migrations --rules"
    })
public final class CheckMigrationsCommand extends ReportCommand {
  /** Levels that make the answer exit 10. */
  enum FailOn {
    low,
    medium,
    high,
    critical
  }

  /** Who reads the log. */
  enum Annotations {
    none,
    github
  }

  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  @Option(
      names = "--fail-on",
      paramLabel = "<level>",
      description = "Exit 10 from this level on: ${COMPLETION-CANDIDATES} (default: critical).")
  private FailOn failOn = FailOn.critical;

  @Mixin private JarsOption jars = new JarsOption();

  @Option(names = "--no-undo", description = "Do not try the undo scripts; faster.")
  private boolean noUndo;

  @Option(
      names = "--count-timeout",
      paramLabel = "<duration>",
      description =
          "How long one count of live rows may take before an estimate is used (default: 10s).")
  private String countTimeout = "10s";

  @Option(
      names = "--annotations",
      paramLabel = "<form>",
      description =
          "Lines for the log of a CI after the text: ${COMPLETION-CANDIDATES} (default: none).")
  private Annotations annotations = Annotations.none;

  @Option(names = "--rules", description = "Show the rules of risk, and reach no server.")
  private boolean rules;

  private final CheckMigrations checkMigrations;

  public CheckMigrationsCommand(
      Surroundings surroundings, Terminal terminal, CheckMigrations checkMigrations) {
    super(surroundings, terminal);
    this.checkMigrations = checkMigrations;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    if (rules) {
      return RulesReport.all();
    }
    if (Units.parseDuration(countTimeout).isZero()) {
      throw Failure.usage(
          "--count-timeout: '" + countTimeout + "' is no time at all",
          "give it some: --count-timeout 10s");
    }
    return checkMigrations.run(
        settings,
        new CheckMigrationsRequest(
            Optional.ofNullable(app),
            jars.jars(surroundings()),
            RiskLevel.valueOf(failOn.name()),
            !noUndo,
            Units.parseDuration(countTimeout),
            annotations == Annotations.github,
            surroundings().directory()),
        progress);
  }
}
