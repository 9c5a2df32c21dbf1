package dev.belay.status;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Renderer;
import dev.belay.report.Report;
import dev.belay.scratch.ReplayedSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code belay verify-state}: exit 0 when nothing is wrong, 10 when something is, 12 when the
 * server cannot be reached or something could not be checked.
 */
@Command(
    name = "verify-state",
    description =
        "Check the connection, the server, the migrations, the schema and what endangers recovery.",
    footer = {
      "",
      "Exit status 0: nothing is wrong, warnings at most; 10: something is; 12: the",
      "server cannot be reached, or something could not be checked.",
      "",
      "Examples:",
      "  belay verify-state",
      "  belay verify-state --schema",
      "  belay verify-state --url postgresql://app@db1/orders --output json"
    })
public final class VerifyStateCommand extends ReportCommand {
  @Option(
      names = "--schema",
      description =
          "Replay the applied migrations in a scratch database and compare the schema, too.")
  private boolean schema;

  private final VerifyState verifyState;

  public VerifyStateCommand(Surroundings surroundings, Terminal terminal, VerifyState verifyState) {
    super(surroundings, terminal);
    this.verifyState = verifyState;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    VerifyState checks =
        schema ? verifyState.withSchema(new ReplayedSchema(), progress) : verifyState;
    VerifyStateReport report = checks.run(settings);
    report
        .unreachable()
        .ifPresent(failure -> Renderer.lines(failure).forEach(terminal().err()::println));
    terminal().err().flush();
    return report;
  }
}
