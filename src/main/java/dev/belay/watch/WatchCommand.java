package dev.belay.watch;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Plan;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Report;
import dev.belay.rollback.RollbackRequest;
import dev.belay.swap.GuardedRun;
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

/**
 * {@code belay watch}: exit 0 when nothing was breached, 10 when something was; after a rollback 0,
 * or 20 when the database is to be looked at.
 */
@Command(
    name = "watch",
    description = "Measure how the database answers, and act when it answers badly.",
    footer = {
      "",
      "A limit is breached when 3 of the last 5 values are beyond it, and is not any",
      "more when all of them are within it. Then people are told, as the configuration",
      "says; a command may be run, or a migration undone that is proven to go without",
      "loss. Exit status 0: nothing was breached; 10: something was; after a rollback",
      "0, or 20 when the database is to be looked at.",
      "",
      "Examples:",
      "  belay watch --for 10m",
      "  belay watch --probe-sql 'select 1 from orders limit 1' --max-response 200ms",
      "  belay watch --until-breach --run -- ./page-the-team.sh 'orders is slow'",
      "  belay watch --for 30m --rollback 18 --yes",
      "  belay watch --metrics-file /var/lib/node_exporter/belay_watch.prom"
    })
public final class WatchCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;
  @Mixin private WatchOptions options;

  @Option(
      names = "--for",
      paramLabel = "<duration>",
      description = "Watch for so long, such as 10m (default: until it is ended).")
  private @Nullable String length;

  @Option(names = "--until-breach", description = "End at the first breach.")
  private boolean untilBreach;

  @Option(
      names = "--on-breach",
      paramLabel = "<what>",
      defaultValue = "notify",
      description = "Whether people are told: notify (default), or nothing.")
  private String onBreach = "notify";

  @Option(names = "--run", description = "Run the command behind -- when a limit is breached.")
  private boolean run;

  @Parameters(
      arity = "0..*",
      paramLabel = "-- <command>",
      description = "The command of --run and its arguments; no shell sees them.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--rollback",
      paramLabel = "<migration>",
      description =
          "Undo this migration, and all after it, when a limit is breached; refused unless it is"
              + " proven to go without loss.")
  private @Nullable String rollback;

  @Option(
      names = "--app",
      paramLabel = "<app>",
      description = "The app of the migration, where there are several.")
  private @Nullable String app;

  @Option(
      names = "--hold",
      description =
          "Record it so that no application applies it again (default: the next start does).")
  private boolean hold;

  @Option(names = "--no-backup", description = "Make no backup before the rollback.")
  private boolean noBackup;

  private final String version;

  /**
   * @param version of this program
   */
  public WatchCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    WatchSettings watched =
        new WatchReading(settings.section("watch"), options.given(), surroundings().directory())
            .read(Optional.ofNullable(length), untilBreach);
    refuseMixtures();
    GuardedRun guarded = GuardedRun.of(settings, progress, "watch", wait.longest());
    List<Trigger> triggers = new ArrayList<>();
    List<String> steps = new ArrayList<>();
    steps.add(WatchPlan.words(watched, settings.target()));
    if (run) {
      triggers.add(command(settings, guarded.run(), watched, progress));
    }
    List<String> notes = new ArrayList<>();
    if (rollback != null) {
      triggers.add(rollback(settings, guarded, notes));
    }
    triggers.forEach(each -> steps.add("on a breach, " + each.words()));
    if (onBreach.equals("notify")) {
      steps.add("on a breach, tell people as the configuration says");
    }
    Plan plan =
        new Plan(
            "watch " + settings.target(), steps, notes, List.of(), settings.target().database());
    boolean asks = rollback != null || change.dryRun();
    if (asks && !change.foresees(terminal(), settings.isProduction(), plan)) {
      return Watch.planned(settings.target(), watched);
    }
    return new Watch(
            new JdbcDatabases(RunSessions.name(guarded.run(), "watch")),
            settings.target(),
            guarded.run(),
            settings.folders().backups(),
            watched,
            progress)
        .run(triggers, onBreach.equals("notify"), this::interrupted);
  }

  private void refuseMixtures() {
    if (!onBreach.equals("notify") && !onBreach.equals("nothing")) {
      throw Failure.usage(
          "there is no '%s' for --on-breach".formatted(onBreach), "use notify or nothing");
    }
    if (run && command.isEmpty()) {
      throw Failure.usage(
          "--run has no command", "write it at the end: belay watch --run -- <command>");
    }
    if (!run && !command.isEmpty()) {
      throw Failure.usage(
          "'%s' is nothing that watch knows".formatted(command.get(0)),
          "for a command to run: belay watch --run -- " + command.get(0));
    }
    if (rollback == null && (hold || noBackup || app != null)) {
      throw Failure.usage(
          "--hold, --no-backup and --app belong to --rollback",
          "add --rollback <migration>, or leave them out");
    }
  }

  private CommandTrigger command(
      Settings settings, RunId id, WatchSettings watched, Progress progress) {
    CommandTrigger trigger =
        new CommandTrigger(
            command,
            settings.folders().migrationMonitoring(),
            watched.runLimit(),
            settings.target(),
            id,
            progress);
    trigger.check(surroundings().environment(), surroundings().directory());
    return trigger;
  }

  private RollbackTrigger rollback(Settings settings, GuardedRun guarded, List<String> notes) {
    RollbackRequest request =
        new RollbackRequest(
            new UndoRequest(
                settings.appOrOnly(Optional.ofNullable(app)).name(),
                String.valueOf(rollback),
                UndoRequest.Reach.DOWN_FROM,
                UndoRequest.Preferred.LEDGER,
                false,
                List.of()),
            hold,
            OptionalLong.empty(),
            !noBackup,
            true,
            false,
            false,
            false,
            12,
            settings.jobs());
    RollbackTrigger trigger =
        new RollbackTrigger(
            guarded, request, surroundings().environment(), version, change.standing(terminal()));
    Plan plan = trigger.rehearse();
    notes.add("memory and disk of this machine undo nothing");
    notes.add("what is beyond its limit with the first value undoes nothing before it was within");
    plan.steps().forEach(step -> notes.add("the rollback: " + step));
    notes.addAll(plan.notes());
    notes.addAll(plan.losses());
    return trigger;
  }

  /** A signal is how a watch without an end is ended, so what it saw is not lost. */
  private void interrupted(WatchReport report) {
    database()
        .report(report)
        .lines(database()::text)
        .forEach(line -> terminal().err().print(line + "\n"));
    terminal().err().flush();
  }
}
