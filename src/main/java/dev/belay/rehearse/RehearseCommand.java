package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.cli.JarsOption;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.postgres.Databases;
import dev.belay.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay rehearse}: exit 0 when every way back is proven, 10 when one is not. */
@Command(
    name = "rehearse",
    description =
        "Try the pending migrations and their undo scripts on a copy of the database with its data,"
            + " and compare every row. The live database is only read.",
    footer = {
      "",
      "The copy is made of the live database itself when nobody is with it (in",
      "production only with --from-live: whoever connects meanwhile has to wait),",
      "else of the newest backup that is proven readable. Nobody's session is ended.",
      "",
      "Exit status 0: every way back is proven; 10: one is not, and why; 11: there",
      "can be no such copy; 12: nothing to copy, no room, no right, no server.",
      "The report is kept in migration_monitoring/rehearsal_*.json and *.txt.",
      "",
      "Examples:",
      "  belay rehearse",
      "  belay rehearse medications --from-backup --concurrent",
      "  belay rehearse --applied 2",
      "  belay rehearse --target 18 --from-backup orders_20240101_120000"
    })
public final class RehearseCommand extends ReportCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "<app>",
      description = "The app; needed where there are several.")
  private @Nullable String app;

  @Option(
      names = "--from-backup",
      arity = "0..1",
      fallbackValue = BackupStore.LATEST,
      paramLabel = "<backup>",
      description = "Copy a backup: an id, a path, or latest (default where it has no value).")
  private @Nullable String backup;

  @Option(
      names = "--from-live",
      description = "Copy the live database, or refuse when somebody is with it.")
  private boolean fromLive;

  @Option(
      names = "--target",
      paramLabel = "<version>",
      description = "Only the pending migrations up to this version.")
  private @Nullable String target;

  @Option(
      names = "--applied",
      paramLabel = "<number>",
      description = "Take the last so many applied migrations back, and apply them again.")
  private @Nullable Integer applied;

  @Option(
      names = "--concurrent",
      description =
          "Read and write the tables in question meanwhile, and say what failed and what waited.")
  private boolean concurrent;

  @Option(
      names = "--generated-undo",
      description = "Where there is no undo script, try one that belay makes.")
  private boolean generated;

  @Option(names = "--keep", description = "Let the copy stay, and say its name.")
  private boolean keep;

  @Mixin private JobsOption jobs = new JobsOption();

  @Mixin private JarsOption jars = new JarsOption();

  private final Databases databases;

  public RehearseCommand(Surroundings surroundings, Terminal terminal, Databases databases) {
    super(surroundings, terminal);
    this.databases = databases;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    int back = applied == null ? 0 : applied;
    if (applied != null && back < 1) {
      throw Failure.usage("--applied is " + applied, "give at least 1");
    }
    if (fromLive && backup != null) {
      throw Failure.usage(
          "--from-live and --from-backup name two things to copy", "give one of them");
    }
    if (back > 0 && target != null) {
      throw Failure.usage(
          "--target is of pending migrations, --applied of applied ones", "give one of them");
    }
    RehearseRequest.From from =
        backup != null
            ? RehearseRequest.From.BACKUP
            : fromLive ? RehearseRequest.From.LIVE : RehearseRequest.From.EITHER;
    return new Rehearse(
            settings,
            databases,
            new RehearseRequest(
                Optional.ofNullable(app),
                from,
                backup == null ? BackupStore.LATEST : backup,
                Optional.ofNullable(target),
                back,
                concurrent,
                generated,
                keep,
                jobs.jobs(settings),
                jars.jars(surroundings())),
            surroundings().environment(),
            progress)
        .run();
  }
}
