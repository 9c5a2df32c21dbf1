package dev.belay.emergency;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.JarsOption;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Renderer;
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

/** {@code belay emergency-recovery [app]}: save, look, fix what is safe, and tell the ways on. */
@Command(
    name = "emergency-recovery",
    description =
        "When it has happened: save the database as it is, look what is wrong, fix what is safely"
            + " fixable, and tell every way on with its time and loss.",
    footer = {
      "",
      "Six steps: emergency backup, critical export, state, schema, fixes, final",
      "verification. One that fails stops none of the others. Only the fixes change",
      "the database; they are shown as a plan, and asked for. It works with the",
      "database down, too: it says then what is known from the disk.",
      "",
      "Exit status 0: everything was done, nothing is wrong (data of a database above",
      "emergency.checkLimit is not looked at, which is said); 10: something is wrong,",
      "and nothing was changed; 11: fixes were not agreed to; 12: nothing is known to",
      "be wrong, but not every step could be done; 20: something was fixed, and",
      "something is left.",
      "",
      "Examples:",
      "  belay emergency-recovery",
      "  belay emergency-recovery --dry-run",
      "  belay emergency-recovery billing --export 'public.invoice*' --yes",
      "  belay emergency-recovery --no-backup --no-export --no-fix --output json"
    })
public final class EmergencyRecoveryCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "0..1",
      paramLabel = "<app>",
      description = "Only the tables, the schema and the migrations of this app (default: all).")
  private @Nullable String app;

  @Option(
      names = "--export",
      paramLabel = "<table>",
      split = ",",
      description =
          "Export the tables of this pattern, such as public.order*; repeatable (default:"
              + " emergency.export; else what an undo would take data from, then the smallest, up to"
              + " emergency.exportLimit).")
  private List<String> export = new ArrayList<>();

  @Option(names = "--no-backup", description = "Make no emergency backup.")
  private boolean noBackup;

  @Option(names = "--no-export", description = "Export nothing.")
  private boolean noExport;

  @Option(names = "--no-fix", description = "Fix nothing; say what could be.")
  private boolean noFix;

  @Mixin private JobsOption jobs = new JobsOption();

  @Mixin private JarsOption jars = new JarsOption();

  private final String version;

  /**
   * @param version of this program
   */
  public EmergencyRecoveryCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    EmergencyRequest request =
        new EmergencyRequest(
            Optional.ofNullable(app),
            export,
            !noBackup,
            !noExport,
            !noFix,
            jobs.jobs(settings),
            jars.jars(surroundings()),
            change.dryRun(),
            database());
    change.noted();
    GuardedRun run = GuardedRun.of(settings, progress, "emergency-recovery", wait.longest());
    EmergencyReport report =
        new EmergencyRecovery(run, surroundings().environment(), version)
            .run(request, change.consent(terminal(), settings.isProduction()));
    report
        .unreachable()
        .or(report::refused)
        .map(database()::failure)
        .ifPresent(failure -> Renderer.lines(failure).forEach(terminal().err()::println));
    terminal().err().flush();
    return report;
  }
}
