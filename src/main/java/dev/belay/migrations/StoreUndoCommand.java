package dev.belay.migrations;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.JarsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay store-undo}: keeps undo scripts in the target, so that they travel with it. */
@Command(
    name = "store-undo",
    description =
        "Store the undo scripts of applied migrations in the target, in its schema belay, so that"
            + " an application of an older version, which lacks the files, can still be undone.",
    footer = {
      "",
      "A script that the ledger has with another text stays as it is there, unless",
      "--replace is given. Exit status 11: a script is empty, or ends transactions.",
      "",
      "Examples:",
      "  belay store-undo",
      "  belay store-undo orders --migration V18 --migration V19 --yes",
      "  belay store-undo --generate --dry-run"
    })
public final class StoreUndoCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  @Option(
      names = "--migration",
      paramLabel = "<migration>",
      description = "Only this one, such as V18; repeatable (default: all that are in force).")
  private List<String> migrations = new ArrayList<>();

  @Option(
      names = "--generate",
      description =
          "Make a script for those that have none, from what they did in a replay, where that loses"
              + " nothing that was there before and is proven.")
  private boolean generate;

  @Option(
      names = "--replace",
      description = "Store also scripts that the ledger has with another text.")
  private boolean replace;

  @Mixin private JarsOption jars = new JarsOption();

  private final String version;

  /**
   * @param version of this program, which the ledger records
   */
  public StoreUndoCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "store-undo", wait.longest());
    return new StoreUndo(run, version)
        .run(
            new StoreUndoRequest(
                Optional.ofNullable(app),
                migrations,
                generate,
                replace,
                jars.jars(surroundings()),
                change.dryRun()),
            change.consent(terminal(), settings.isProduction()));
  }
}
