package dev.belay.restore;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay emergency-rollback}: one command and one confirmation back to the last backup. */
@Command(
    name = "emergency-rollback",
    description = "Swap in the newest backup that was proven to be readable.",
    footer = {
      "",
      "The same as backup-restore with the newest whole backup of the database that is",
      "readable or better, and one question. A time limit refuses only on a measured",
      "restore, so prove backups by one: belay validate-backup latest --level restored",
      "",
      "Examples:",
      "  belay emergency-rollback",
      "  belay emergency-rollback --max-age 24h --time-limit 10m --yes"
    })
public final class EmergencyRollbackCommand extends ReportCommand {
  private final RestoreParts parts;

  @Mixin private RestoreOptions options;
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Option(
      names = "--max-age",
      paramLabel = "<duration>",
      description = "Refuse when the newest proven backup is older, such as 24h.")
  private @Nullable String maxAge;

  @Option(
      names = "--time-limit",
      paramLabel = "<duration>",
      description = "Refuse at once when the measured restore takes longer (default: 5m).")
  private String timeLimit = "5m";

  public EmergencyRollbackCommand(Surroundings surroundings, Terminal terminal) {
    this(surroundings, terminal, new StoredParts(surroundings.environment()));
  }

  EmergencyRollbackCommand(Surroundings surroundings, Terminal terminal, RestoreParts parts) {
    super(surroundings, terminal);
    this.parts = parts;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    RestoreRequest request =
        new RestoreRequest(
            "latest",
            Strategy.SWAP,
            Optional.empty(),
            options.jobs(settings),
            options.stallTimeout(settings),
            false,
            false,
            options.verify(),
            Writes.UNSEEN);
    GuardedRun run = GuardedRun.of(settings, progress, "emergency-rollback", wait.longest());
    return new EmergencyRollback(run, parts)
        .run(
            Optional.ofNullable(maxAge).map(Units::parseDuration),
            Units.parseDuration(timeLimit),
            request,
            change.dryRun(),
            change.consent(terminal(), settings.isProduction()));
  }
}
