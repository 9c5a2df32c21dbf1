package dev.belay.conflicts;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Consent;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay resolve-conflicts [app]}: what history, scripts and declarations disagree about. */
@Command(
    name = "resolve-conflicts",
    description =
        "Find the conflicts between Flyway's history, the scripts here and what they declare;"
            + " resolve those that are safe, and write a report about the others.",
    footer = {
      "",
      "Before a history is changed it is saved, with a checksum, in the folder of",
      "conflict reports; --restore-history puts it back exactly. All changes are one",
      "transaction. A migration whose script is missing is never marked deleted.",
      "",
      "Exit status 0: no conflict is left, notices at most; 10: some are; 12: not all",
      "could be looked at.",
      "",
      "Examples:",
      "  belay resolve-conflicts --dry-run",
      "  belay resolve-conflicts medications --yes",
      "  belay resolve-conflicts medications --accept-checksum V3",
      "  belay resolve-conflicts medications --only remove-failed-rows --accept V7",
      "  belay resolve-conflicts --list-resolutions",
      "  belay resolve-conflicts --restore-history conflict_reports/<copy>.json"
    })
public final class ResolveConflictsCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  @Option(
      names = "--only",
      paramLabel = "<resolution>",
      split = ",",
      description = "Use only this resolution; repeatable (default: all that need no --accept).")
  private List<String> only = List.of();

  @Option(
      names = "--accept-checksum",
      paramLabel = "<migration>",
      split = ",",
      description =
          "The script of this migration, as it is here, is what this database has: record its"
              + " checksum; repeatable.")
  private List<String> checksums = List.of();

  @Option(
      names = "--accept",
      paramLabel = "<migration>",
      split = ",",
      description =
          "Use the resolutions named with --only for this migration, though belay cannot tell"
              + " whether they are right; repeatable.")
  private List<String> accepted = List.of();

  @Option(
      names = "--list-resolutions",
      description = "List all resolutions with what must be so for each; reach no server.")
  private boolean list;

  @Option(
      names = "--restore-history",
      paramLabel = "<file>",
      description = "Put a history table back as this copy has it, and do nothing else.")
  private @Nullable String copy;

  public ResolveConflictsCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    Set<Resolution> resolutions =
        only.stream().map(Resolution::of).collect(Collectors.toCollection(LinkedHashSet::new));
    if (list) {
      return ResolutionList.all();
    }
    GuardedRun run = GuardedRun.of(settings, progress, "resolve-conflicts", wait.longest());
    Consent consent = change.consent(terminal(), settings.isProduction());
    Optional<String> name = Optional.ofNullable(app);
    if (copy == null) {
      return new ResolveConflicts(run)
          .run(name, new Chosen(resolutions, checksums, accepted), change.dryRun(), consent);
    }
    if (!only.isEmpty() || !checksums.isEmpty() || !accepted.isEmpty()) {
      throw Failure.usage("--restore-history does nothing else", "leave --only and --accept out");
    }
    Path file = surroundings().directory().resolve(copy);
    return new RestoreHistory(run).run(file, name, change.dryRun(), consent);
  }
}
