package dev.belay.gradual;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay gradual-rollback}: takes migrations back while applications work. */
@Command(
    name = "gradual-rollback",
    description = "Take a migration back while applications work: data in batches, then schema.",
    footer = {
      "",
      "Four phases: prepare (backup, what only adds, triggers that keep two columns",
      "equal), data in batches, schema in one short transaction, verify. How an undo",
      "script says what is run in batches: docs/gradual.md.",
      "",
      "From another terminal: belay batch status|pause|resume|abort. Each batch writes",
      "its checkpoint in its own transaction: killed anywhere, the same command goes",
      "on exactly there.",
      "",
      "Examples:",
      "  belay gradual-rollback 18 --dry-run",
      "  belay gradual-rollback clinic 18",
      "  belay gradual-rollback clinic 18 --batch-size auto --max-lag 2s",
      "  belay gradual-rollback clinic 18 --batch-size 50 --delay-seconds 3",
      "  belay gradual-rollback clinic 18 --batch-size auto --wait-before-switch --yes"
    })
public final class GradualRollbackCommand extends ReportCommand {
  @Mixin private GradualOptions options;
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "1..2",
      paramLabel = "[<app>] <migration>",
      description =
          "The migration, as 18, V18 or its file name; it and all after it go. The app may be left"
              + " out when there is only one.")
  private List<String> names = new ArrayList<>();

  private final String version;

  /**
   * @param version of this program
   */
  public GradualRollbackCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "gradual-rollback", wait.longest());
    return new GradualRollback(
            run, earlier -> asked(earlier, settings), surroundings().environment(), version)
        .run(change.dryRun(), change.consent(terminal(), settings.isProduction()));
  }

  private GradualAsked asked(List<String> earlier, Settings settings) {
    GradualOptions all = options.over(earlier);
    String app =
        settings.appOrOnly(names.size() > 1 ? Optional.of(names.get(0)) : Optional.empty()).name();
    String migration = names.get(names.size() - 1);
    List<String> words = new ArrayList<>(List.of("belay", "gradual-rollback", app, migration));
    words.addAll(all.words());
    return new GradualAsked(
        all.request(app, migration, settings),
        all.words(),
        ShellWords.join(words),
        ShellWords.join(all.atOnce(app, migration)));
  }
}
