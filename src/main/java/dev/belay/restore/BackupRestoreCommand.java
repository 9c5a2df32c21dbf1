package dev.belay.restore;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay backup-restore}: brings a backup, or tables of it, back. */
@Command(
    name = "backup-restore",
    description = "Restore a backup beside the live database, prove it, and swap it in.",
    footer = {
      "",
      "Strategies:",
      "  swap          restore beside the live database, prove, exchange the two. The",
      "                live one is not touched before, and kept afterwards for",
      "                undo-restore or discard-replaced (default)",
      "  in-place      into the live database, in one transaction; for roles that may",
      "                not create databases. Clients wait, and no copy is kept",
      "  new-database  beside it under another name; the live one is not touched",
      "",
      "Single tables:",
      "  With --table the backup is restored and proven in a scratch database, and its",
      "  rows are merged into the live tables, in one transaction. A table that is",
      "  gone is made again with its indexes, constraints, sequences and grants.",
      "",
      "What was written since the backup:",
      "  It stays in the replaced database, and the report names the command that",
      "  brings it back. --expect-writes counts it before the swap; --carry-new-rows",
      "  brings rows that are new along, up to the last one before the swap.",
      "",
      "Examples:",
      "  belay backup-restore latest",
      "  belay backup-restore latest --carry-new-rows",
      "  belay backup-restore latest --table public.orders --dry-run",
      "  belay backup-restore orders_20240101_120000 --dry-run",
      "  belay backup-restore latest --strategy new-database --new-name orders_old",
      "  belay backup-restore latest --strategy in-place"
    })
public final class BackupRestoreCommand extends ReportCommand {
  private final RestoreParts parts;

  @Mixin private RestoreOptions options;
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;
  @Mixin private TableOptions tables;
  @Mixin private WriteOptions writes;

  @Parameters(arity = "1", paramLabel = "<backup>", description = "An id, a path, or latest.")
  private String backup = "";

  @Option(
      names = "--strategy",
      paramLabel = "<strategy>",
      description = "swap (default), in-place or new-database.")
  private @Nullable String strategy;

  @Option(
      names = "--new-name",
      paramLabel = "<name>",
      description = "The name of the new database, for the strategy new-database.")
  private @Nullable String newName;

  @Option(
      names = "--discard-replaced",
      description =
          "Drop the replaced database after success; it cannot be swapped back then. Not with"
              + " --expect-writes, --carry-new-rows or --leave-writes.")
  private boolean discardReplaced;

  @Option(
      names = "--from-other-database",
      description = "Accept a backup of another database or of another server.")
  private boolean fromOtherDatabase;

  public BackupRestoreCommand(Surroundings surroundings, Terminal terminal) {
    this(surroundings, terminal, new StoredParts(surroundings.environment()));
  }

  BackupRestoreCommand(Surroundings surroundings, Terminal terminal, RestoreParts parts) {
    super(surroundings, terminal);
    this.parts = parts;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    if (tables.given()) {
      return tables(settings, progress);
    }
    RestoreRequest request =
        new RestoreRequest(
            backup,
            strategy == null ? Strategy.SWAP : Strategy.of(strategy),
            Optional.ofNullable(newName),
            options.jobs(settings),
            options.stallTimeout(settings),
            discardReplaced,
            fromOtherDatabase,
            options.verify(),
            writes.writes(change));
    GuardedRun run = GuardedRun.of(settings, progress, "backup-restore", wait.longest());
    try (RestoreSource source = parts.sources(run).find(backup)) {
      return new BackupRestore(run, parts.migrations(run))
          .run(
              source,
              request,
              RestoreTime.of(source.facts()),
              change.dryRun(),
              change.consent(terminal(), settings.isProduction()));
    }
  }

  private Report tables(Settings settings, Progress progress) {
    if (strategy != null || newName != null || discardReplaced) {
      throw Failure.usage(
          "%s is for a whole database, and --table restores tables in the live one"
              .formatted(
                  strategy != null
                      ? "--strategy"
                      : newName != null ? "--new-name" : "--discard-replaced"),
          "leave it out");
    }
    writes.refuse();
    TableRequest request = tables.request(settings, options, fromOtherDatabase);
    GuardedRun run = GuardedRun.of(settings, progress, "backup-restore", wait.longest());
    try (RestoreSource source = parts.sources(run).find(backup)) {
      return new TableRestore(run, parts.migrations(run))
          .run(
              source,
              request,
              change.dryRun(),
              change.consent(terminal(), settings.isProduction()));
    }
  }
}
