package dev.belay.cli;

import dev.belay.config.Configuration;
import dev.belay.config.Masking;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Format;
import dev.belay.report.Remark;
import dev.belay.report.Renderer;
import dev.belay.report.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The only superclass of commands: configuration, log, run, render, exit code. */
public abstract class ReportCommand implements Callable<Integer> {
  private static final String DRY_RUN = "--dry-run";

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  private final Instant startedAt = Instant.now();
  private final Surroundings surroundings;
  private final Terminal terminal;
  private Optional<Recorder> recorder = Optional.empty();
  private Supplier<Accompaniment> accompaniment = () -> Accompaniment.NOBODY;
  private @Nullable Operation operation;
  private SameDatabase database = SameDatabase.plain();

  protected ReportCommand(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  /** Does the command's work. */
  protected abstract Report run(Settings settings, Progress progress);

  /** Whether its answer can be written as JUnit's XML. */
  protected boolean writesJunit() {
    return false;
  }

  @Override
  public final Integer call() {
    // What goes wrong before the settings are read has a hint too.
    database = sameDatabase(null);
    try {
      return carriedOut();
    } catch (Failure failure) {
      throw database.failure(failure);
    }
  }

  private Integer carriedOut() {
    if (common.format() == Format.junit && !writesJunit()) {
      throw Failure.usage(
          "belay %s has no --output junit, since its answer is no list of checks".formatted(name()),
          "belay %s --output json".formatted(name()));
    }
    Settings settings = Configuration.load(surroundings, common.flags());
    database = sameDatabase(settings);
    StatusLine statusLine = new StatusLine(terminal.err());
    Logging.start(settings.logFile(), statusLine.above(), common.verbose(), colour());
    List<String> words = spec.root().commandLine().getParseResult().originalArgs();
    Logger log = LoggerFactory.getLogger(ReportCommand.class);
    log.info("belay {}", Masking.commandLine(words));
    for (String name : SameDatabase.leftOut(common.arguments())) {
      log.info("--set {} may be a secret: it is not in the commands that are printed", name);
    }
    Accompaniment along = accompaniment.get();
    Operation current =
        new Operation(
            recorder,
            along.companions(),
            along.announcer(),
            settings,
            name(),
            Masking.commandLine(words),
            database);
    operation = current;
    try {
      if (isRecorded() || this instanceof ConfigCommand) {
        current.check();
      }
      record(current);
      Report report =
          database.report(run(settings, new Progress(terminal, statusLine, Optional.of(current))));
      List<Remark> remarks = current.settled(report);
      renderer().report(report, remarks, terminal.out());
      ExitCode code =
          Objects.requireNonNull(
              Remark.worst(report.exitCode(), report.databaseChanged(), remarks));
      current.ended(code, report.databaseChanged());
      terminal.out().flush();
      tell();
      return code.status();
    } catch (Error broken) {
      current.failed(broken);
      // picocli would let it pass, and with it the JSON that was asked for.
      throw Failure.unexpected(broken);
    } catch (RuntimeException broken) {
      current.failed(broken);
      throw broken;
    }
  }

  /** What it answered, or why it failed, is shown: people are told of it. */
  final void tell() {
    Operation ended = operation;
    if (ended != null) {
      ended.tell();
    }
  }

  /** These go along with what it changes, and tell of it; asked for only when it is run. */
  public final void accompaniedBy(Supplier<Accompaniment> others) {
    accompaniment = others;
  }

  /** What it changes is recorded there. */
  public final void recordedBy(Recorder keeper) {
    recorder = Optional.of(keeper);
  }

  /**
   * A command with a plan is recorded when that was agreed to. One without that can do a dry run
   * changes something otherwise, if only files, and is recorded from its beginning.
   */
  private void record(Operation current) {
    Optional<ChangeOptions> change = changeOptions();
    OptionSpec dryRun = spec.findOption(DRY_RUN);
    if (change.isPresent()) {
      change.get().of(current);
    } else if (isRecorded()
        && (this instanceof Recorded
            || (dryRun != null && !Boolean.TRUE.equals(dryRun.getValue())))) {
      current.begin();
    }
  }

  /** Whether it may change something, so that it is recorded and companions go along with it. */
  public final boolean isRecorded() {
    return !(this instanceof Unrecorded)
        && (this instanceof Recorded
            || changeOptions().isPresent()
            || spec.findOption(DRY_RUN) != null);
  }

  private Optional<ChangeOptions> changeOptions() {
    return spec.mixins().values().stream()
        .map(CommandSpec::userObject)
        .filter(ChangeOptions.class::isInstance)
        .map(ChangeOptions.class::cast)
        .findFirst();
  }

  /** Its words after {@code belay}, with blanks between them. */
  public final String name() {
    String whole = spec.qualifiedName();
    String program = spec.root().qualifiedName() + " ";
    return whole.startsWith(program) ? whole.substring(program.length()) : whole;
  }

  /** For which what this command prints is to be pasted; complete when {@link #run} is called. */
  protected final SameDatabase database() {
    return database;
  }

  private SameDatabase sameDatabase(@Nullable Settings settings) {
    List<String> given = common.arguments();
    Optional<PsqlAddress> address =
        settings == null
            ? Optional.empty()
            : PsqlAddress.of(settings, surroundings)
                .filter(
                    any ->
                        !given.isEmpty()
                            || !PsqlAddress.isFoundByItself(settings, surroundings.environment()));
    return given.isEmpty() && address.isEmpty()
        ? SameDatabase.plain()
        : SameDatabase.of(names(spec.root().commandLine()), given, address.orElse(null));
  }

  /** All commands that have the common options. */
  private static List<String> names(CommandLine parent) {
    List<String> names = new ArrayList<>();
    for (CommandLine line : parent.getSubcommands().values()) {
      if (line.getCommand() instanceof ReportCommand command) {
        names.add(command.name());
      }
      names.addAll(names(line));
    }
    return names;
  }

  /**
   * What another command of this program needs to be configured like this one. May hold secrets.
   */
  protected final List<String> commonArguments() {
    return common.arguments();
  }

  /** The streams of this run. */
  protected final Terminal terminal() {
    return terminal;
  }

  /** Where this run happens. */
  protected final Surroundings surroundings() {
    return surroundings;
  }

  /** How this command's answer and failures are written. */
  final Renderer renderer() {
    return new Renderer(format(), name(), startedAt, colour(), database::text);
  }

  private boolean colour() {
    return Colour.isWanted(terminal, surroundings.environment());
  }

  private Format format() {
    Format wanted = common.format();
    return wanted == Format.junit && !writesJunit() ? Format.text : wanted;
  }
}
