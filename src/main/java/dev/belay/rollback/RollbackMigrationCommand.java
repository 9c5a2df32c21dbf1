package dev.belay.rollback;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Consent;
import dev.belay.cli.JarsOption;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.report.Report;
import dev.belay.scratch.ProofRoom;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay rollback-migration}: takes applied migrations back, and says what that costs. */
@Command(
    name = "rollback-migration",
    description = "Undo a migration, and all that were applied after it.",
    footer = {
      "",
      "The undo script comes from the ledger, else from the undo locations. A backup",
      "is made first, and what is lost is exported. Scripts, Flyway's table and the",
      "ledger are one transaction: when anything fails, everything is as before.",
      "",
      "Examples:",
      "  belay rollback-migration 18 --dry-run",
      "  belay rollback-migration billing V18 --accept-loss 120",
      "  belay rollback-migration --to 17 --hold",
      "  belay rollback-migration 18 --reopen"
    })
public final class RollbackMigrationCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "0..2",
      paramLabel = "[<app>] <migration>",
      description =
          "The migration: 18, V18, V18__remove_x or its file. The app may be left out when there is"
              + " only one.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "<version>",
      description = "Undo all that were applied after this one, which stays.")
  private @Nullable String to;

  @Option(names = "--only", description = "Undo that one alone, when nothing needs it.")
  private boolean only;

  @Option(
      names = "--hold",
      description =
          "Record it so that no application applies it again (default: the next start does).")
  private boolean hold;

  @Option(names = "--reopen", description = "Undo nothing: take the hold of a held migration away.")
  private boolean reopen;

  @Option(
      names = "--accept-loss",
      paramLabel = "<rows>",
      description = "So many rows and values may be lost (default: none).")
  private @Nullable Long acceptLoss;

  @Option(names = "--no-backup", description = "Make no backup first.")
  private boolean noBackup;

  @Option(names = "--no-export", description = "Do not export what is lost.")
  private boolean noExport;

  @Option(
      names = "--generated",
      description = "Where there is no undo script, use one made from what the migration did.")
  private boolean generated;

  @Option(
      names = "--prefer-disk",
      description = "Where ledger and disk have different scripts, use that of the disk.")
  private boolean preferDisk;

  @Option(
      names = "--unproven",
      description =
          "Undo even when the replay in a scratch database fails, gives another schema or cannot be"
              + " made.")
  private boolean unproven;

  @Option(
      names = "--restore",
      description = "Go back by the newest backup from before these migrations instead.")
  private boolean restore;

  @Option(
      names = "--kill-blocker",
      description =
          "End sessions that the plan names and that hold locks while idle in their transaction.")
  private boolean killBlocker;

  @Option(
      names = "--lock-tries",
      paramLabel = "<n>",
      defaultValue = "12",
      description =
          "How often it is tried when a lock is not given, with longer and longer pauses (default:"
              + " ${DEFAULT-VALUE}).")
  private int lockTries;

  @Option(
      names = "--on-failure",
      paramLabel = "<what>",
      description =
          "When a script that cannot run in a transaction fails: stop (default), or restore the"
              + " backup.")
  private String onFailure = "stop";

  @Mixin private JobsOption jobs = new JobsOption();

  @Mixin private JarsOption jars = new JarsOption();

  private final String version;

  /**
   * @param version of this program
   */
  public RollbackMigrationCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    RollbackRequest request = request(settings);
    GuardedRun run = GuardedRun.of(settings, progress, "rollback-migration", wait.longest());
    Consent consent = change.consent(terminal(), settings.isProduction());
    new Interrupted(run).tell();
    if (reopen) {
      return new Reopening(run, version).run(request.undo(), change.dryRun(), consent);
    }
    RollbackMigration rollback =
        new RollbackMigration(
            run,
            live ->
                UndoPlanning.plan(
                    settings,
                    run.databases(),
                    live,
                    request.undo(),
                    progress,
                    unprovenFor(request, settings, run.databases(), live)),
            surroundings().environment(),
            version);
    return restore
        ? rollback.restore(request, change.dryRun(), consent)
        : rollback.run(request, change.dryRun(), consent);
  }

  /**
   * Why the proof is left out that nobody insists on: a disk that is nearly full is not filled for
   * it. Where scripts are generated, or others stay, the undo cannot do without.
   */
  private static Optional<Failure> unprovenFor(
      RollbackRequest request, Settings settings, Databases databases, Database live) {
    boolean dispensable =
        request.unproven()
            && !request.undo().generate()
            && request.undo().reach() != UndoRequest.Reach.ONLY;
    return dispensable ? new ProofRoom(settings, databases).against(live) : Optional.empty();
  }

  private RollbackRequest request(Settings settings) {
    refuseTogether(reopen, "--reopen", hold, "--hold");
    refuseTogether(reopen, "--reopen", restore, "--restore");
    refuseTogether(reopen, "--reopen", to != null, "--to");
    refuseTogether(only, "--only", to != null, "--to");
    refuseTogether(restore, "--restore", hold, "--hold");
    refuseTogether(restore, "--restore", only, "--only");
    List<String> given = new ArrayList<>(words);
    String migration = to != null ? to : given.isEmpty() ? "" : given.remove(given.size() - 1);
    if (migration.isBlank() || given.size() > 1) {
      throw Failure.usage(
          migration.isBlank()
              ? "which migration is to be undone is not said"
              : "--to names the migration that stays, and '%s' another"
                  .formatted(String.join(" ", given)),
          "belay rollback-migration <app> <migration>, or: belay rollback-migration <app> --to <version>");
    }
    return new RollbackRequest(
        new UndoRequest(
            settings.appOrOnly(given.stream().findFirst()).name(),
            migration,
            to != null
                ? UndoRequest.Reach.DOWN_TO
                : only ? UndoRequest.Reach.ONLY : UndoRequest.Reach.DOWN_FROM,
            preferDisk ? UndoRequest.Preferred.DISK : UndoRequest.Preferred.LEDGER,
            generated,
            jars.jars(surroundings())),
        hold,
        acceptLoss == null ? OptionalLong.empty() : OptionalLong.of(acceptLoss),
        !noBackup,
        !noExport,
        unproven,
        killBlocker,
        restoresOnFailure(),
        lockTries,
        jobs.jobs(settings));
  }

  private boolean restoresOnFailure() {
    return switch (onFailure) {
      case "stop" -> false;
      case "restore" -> true;
      default ->
          throw Failure.usage(
              "there is no '%s' for --on-failure".formatted(onFailure), "use restore or stop");
    };
  }

  private static void refuseTogether(boolean one, String first, boolean other, String second) {
    if (one && other) {
      throw Failure.usage(
          "%s and %s are given together".formatted(first, second), "leave one of them out");
    }
  }
}
