package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.Selection;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.pgtools.Compression;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.Recipients;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay create-backup}: a backup that knows what it holds. */
@Command(
    name = "create-backup",
    description =
        "Back the database up, with counts and fingerprints of every table, and prove it.",
    footer = {
      "",
      "Row counts and fingerprints are taken in the snapshot that pg_dump reads, while",
      "it reads it. Nothing is ever overwritten, and nothing that is unfinished looks",
      "like a backup. Roles and tablespaces are not in it: pg_dumpall -g has them.",
      "",
      "Examples:",
      "  belay create-backup",
      "  belay create-backup --level restored --description 'before V42'",
      "  belay create-backup --encrypt-to age1… --pin",
      "  belay create-backup --table 'billing.*' --table public.orders"
    })
public final class CreateBackupCommand extends ReportCommand {
  private final String version;

  @Mixin private WaitOptions wait;

  @Mixin private JobsOption jobs = new JobsOption();

  @Option(
      names = "--compress",
      paramLabel = "<method>",
      description =
          "auto, none, gzip:1 to gzip:9, zstd:1 to zstd:19, lz4 (default: as configured).")
  private @Nullable String compress;

  @Option(
      names = "--encrypt-to",
      paramLabel = "<age1…>",
      description = "Encrypt to this age public key; repeatable (default: as configured).")
  private List<String> encryptTo = new ArrayList<>();

  @Option(
      names = "--description",
      paramLabel = "<text>",
      description = "What the backup is for; shown in lists.")
  private @Nullable String description;

  @Option(names = "--pin", description = "Keep cleanup-backups away from it.")
  private boolean pin;

  @Option(
      names = "--level",
      paramLabel = "<level>",
      description =
          "How far to prove it now: listed, checksummed, readable (default), restored or sound.")
  private @Nullable String level;

  @Option(
      names = "--app",
      paramLabel = "<app>",
      description =
          "Back up only what belongs to this app; such a backup is no point to go back to.")
  private @Nullable String app;

  @Option(
      names = {"-t", "--table"},
      paramLabel = "<pattern>",
      description =
          "Back up only these tables, schema.table with * and ?; repeatable; no point to go back to.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--stall-timeout",
      paramLabel = "<duration>",
      description = "End pg_dump when it makes no progress for so long (default: as configured).")
  private @Nullable String stallTimeout;

  @Option(names = "--dry-run", description = "Only look for what would stop the backup.")
  private boolean dryRun;

  public CreateBackupCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "create-backup", wait.longest());
    PostgresTools tools =
        new PostgresTools(settings.postgresPrograms(), surroundings().environment());
    return new CreateBackup(run, tools, version).run(request(settings), dryRun);
  }

  private BackupRequest request(Settings settings) {
    return new BackupRequest(
        jobs.jobs(settings),
        Compression.parse(compress == null ? settings.compress() : compress),
        Recipients.parse(encryptTo.isEmpty() ? settings.encryptTo() : encryptTo),
        stallTimeout == null ? settings.stallTimeout() : Units.parseDuration(stallTimeout),
        selection(settings),
        Optional.ofNullable(description),
        pin,
        level == null ? Level.READABLE : Level.parse(level),
        level != null);
  }

  private Optional<Selection> selection(Settings settings) {
    if (app != null && !tables.isEmpty()) {
      throw Failure.usage("--app and --table are given together", "name either an app or tables");
    }
    if (app == null && tables.isEmpty()) {
      return Optional.empty();
    }
    Optional.ofNullable(app).ifPresent(settings::app);
    return Optional.of(new Selection(Optional.ofNullable(app), tables));
  }
}
