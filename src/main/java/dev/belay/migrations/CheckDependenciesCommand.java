package dev.belay.migrations;

import dev.belay.cli.JarsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code belay check-dependencies <app> <migration>}: exit 0 when the migration can go, or come,
 * alone; 10 when others stand in the way.
 */
@Command(
    name = "check-dependencies",
    description =
        "Say what a migration needs and what needs it, found out by replaying the migrations in a"
            + " scratch database. The live database is only read.",
    footer = {
      "",
      "A migration is named as 18, V18, V18__remove_x, or by its file. The app may be",
      "left out where there is only one.",
      "",
      "Declare what a replay cannot see, in a script: -- belay:requires V17",
      "",
      "Exit status 0: it can be undone, or applied, alone; 10: others stand in the",
      "way, or a declaration is wrong; 13: the migrations cannot be replayed.",
      "",
      "Examples:",
      "  belay check-dependencies V18",
      "  belay check-dependencies medications V18__remove_x --output json",
      "  belay check-dependencies V18 --format dot | dot -Tsvg > V18.svg",
      "  belay check-dependencies V18 --set scratch.server=embedded"
    })
public final class CheckDependenciesCommand extends ReportCommand {
  /** Forms of the text. */
  enum Form {
    list,
    dot
  }

  @Parameters(
      index = "0..1",
      arity = "1..2",
      paramLabel = "[<app>] <migration>",
      description = "The app, where there are several, and the migration.")
  private List<String> names = new ArrayList<>();

  @Mixin private JarsOption jars = new JarsOption();

  @Option(
      names = "--format",
      paramLabel = "<form>",
      description = "Form of the text: ${COMPLETION-CANDIDATES} (default: list).")
  private Form form = Form.list;

  @Option(
      names = "--no-proof",
      description = "Do not replay without the migration to prove what needs it; faster.")
  private boolean noProof;

  private final CheckDependencies checkDependencies;

  public CheckDependenciesCommand(
      Surroundings surroundings, Terminal terminal, CheckDependencies checkDependencies) {
    super(surroundings, terminal);
    this.checkDependencies = checkDependencies;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    return checkDependencies.run(
        settings,
        new CheckDependencies.Request(
            app(settings),
            names.get(names.size() - 1),
            jars.jars(surroundings()),
            !noProof,
            form == Form.dot),
        progress);
  }

  private String app(Settings settings) {
    if (names.size() == 2) {
      return names.get(0);
    }
    if (settings.apps().size() != 1) {
      throw Failure.usage(
          "there are several apps, and none is named",
          "name one: belay check-dependencies %s %s"
              .formatted(settings.apps().get(0).name(), names.get(0)));
    }
    return settings.apps().get(0).name();
  }
}
