package dev.belay.cli;

import dev.belay.cli.Recorder.Beginning;
import dev.belay.cli.Recorder.Ending;
import dev.belay.cli.Recorder.Recording;
import dev.belay.config.Masking;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.report.Remark;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one command does, for the record: it is written down when its plan was agreed to and before
 * anything is changed, and again when it ended, however it did. What only looks is not recorded.
 */
public final class Operation {
  private static final Logger LOG = LoggerFactory.getLogger(Logging.OPERATOR);

  private final Optional<Recorder> recorder;
  private final Settings settings;
  private final String command;
  private final String arguments;
  private final Instant startedAt = Instant.now();
  private final RunId run;
  private final List<Companion> companions;
  private final Announcer announcer;
  private final SameDatabase database;
  private List<String> plan = List.of();
  private boolean begun;
  private boolean accompanied;
  private @Nullable Outcome outcome;
  private @Nullable Recording recording;
  private Cleanup.@Nullable Pending signal;

  /**
   * @param recorder empty: nothing is recorded
   * @param arguments without secrets
   */
  public Operation(
      Optional<Recorder> recorder, Settings settings, String command, String arguments) {
    this(
        recorder,
        List.of(),
        Announcer.silent(),
        settings,
        command,
        arguments,
        SameDatabase.plain());
  }

  /**
   * @param recorder empty: nothing is recorded
   * @param companions go along with it once it began
   * @param announcer told of what happens
   * @param arguments without secrets
   * @param database for which what is to be pasted is meant
   */
  Operation(
      Optional<Recorder> recorder,
      List<Companion> companions,
      Announcer announcer,
      Settings settings,
      String command,
      String arguments,
      SameDatabase database) {
    this.recorder = recorder;
    this.companions = List.copyOf(companions);
    this.announcer = announcer;
    this.run = recorder.map(Recorder::run).orElseGet(RunId::fresh);
    this.settings = settings;
    this.command = command;
    this.arguments = arguments;
    this.database = database;
  }

  /** The run that this is; a new one where nothing is recorded. */
  public RunId run() {
    return run;
  }

  /** For which what this run prints is to be pasted. */
  SameDatabase database() {
    return database;
  }

  /** Tells people of something while it goes on. */
  public void announce(Announcement announcement) {
    announcer.announced(facts(), announcement);
  }

  private synchronized Facts facts() {
    return new Facts(run, command, arguments, settings, startedAt, plan);
  }

  /**
   * Looks whether its companions are rightly configured.
   *
   * @throws Failure USAGE when they are not
   */
  void check() {
    companions.forEach(each -> each.check(settings));
  }

  /** What its companions would do, for below its plan. */
  List<String> intends() {
    return companions.stream()
        .flatMap(each -> each.intends(settings, command).stream())
        .map(Masking::text)
        .map(TextTable::visible)
        .toList();
  }

  /**
   * It has no plan to be agreed to, and begins.
   *
   * @throws Failure when that cannot be recorded, so that nothing may be changed
   */
  public void begin() {
    begin(null);
  }

  /**
   * Its plan was agreed to.
   *
   * @throws Failure when that cannot be recorded, so that nothing may be changed
   */
  public synchronized void agreed(Plan agreed) {
    plan = agreed.lines();
    String digest = digest(agreed);
    Recording recorded = recording;
    if (recorded != null) {
      recorded.agreed(digest);
    }
    begin(digest);
  }

  /**
   * It is on record from here, though nothing was agreed to yet and it may do without: a record
   * that fails is only said.
   */
  public void noted() {
    attempt(() -> open(null));
  }

  private synchronized void open(@Nullable String digest) {
    if (recorder.isPresent() && recording == null) {
      recording = recorder.get().begin(beginning(digest));
      signal = Cleanup.register(this::endedBySignal);
    }
  }

  private synchronized void begin(@Nullable String digest) {
    open(digest);
    if (!begun) {
      begun = true;
      accompanied = true;
      Facts facts = facts();
      companions.forEach(each -> each.before(facts));
    }
  }

  /** What killed runs left was put right. It is done, so a record that fails is only said. */
  public void recovered(List<String> done) {
    if (recorder.isPresent() && !done.isEmpty()) {
      attempt(() -> recorder.get().recovered(beginning(null), done));
    }
  }

  private Beginning beginning(@Nullable String plan) {
    return new Beginning(
        settings.folders().journal(), command, arguments, settings.reached(), plan);
  }

  /** It came to its end. Never fails: what was done is done. */
  public void ended(ExitCode exitCode, boolean databaseChanged) {
    if (databaseChanged) {
      attempt(this::record);
    }
    end(exitCode, databaseChanged, null);
  }

  /** What changed something without having begun is on record all the same. */
  private synchronized void record() {
    if (recorder.isPresent() && recording == null) {
      recording = recorder.get().begin(beginning(null));
    }
  }

  /**
   * Its work is done, and its answer not yet written: the companions look. Never fails.
   *
   * @return what they have to add
   */
  public List<Remark> settled(Report report) {
    return settle(report.exitCode(), report.databaseChanged(), report, null);
  }

  private synchronized List<Remark> settle(
      @Nullable ExitCode code,
      @Nullable Boolean changed,
      @Nullable Report report,
      @Nullable Failure failure) {
    Outcome now =
        new Outcome(
            code,
            changed,
            begun,
            Duration.between(startedAt, Instant.now()),
            report,
            failure,
            List.of(),
            database);
    List<Remark> remarks = new ArrayList<>();
    if (accompanied) {
      accompanied = false;
      Facts facts = facts();
      for (Companion each : companions) {
        remarks.addAll(each.after(facts, now));
      }
    }
    outcome = now.with(Remark.worst(code, Boolean.TRUE.equals(changed), remarks), remarks);
    return remarks;
  }

  /** Its answer is written, or its failure: people are told. Never fails. */
  public void tell() {
    // Who is ended by a signal is told of by what runs then: this thread may be stopped any moment.
    if (!Cleanup.interrupted()) {
      announceEnd();
    }
  }

  private void announceEnd() {
    Outcome ended = outcome;
    if (ended != null) {
      outcome = null;
      announcer.ended(facts(), ended);
    }
  }

  /** It failed. Never fails itself. */
  public void failed(Throwable thrown) {
    if (Cleanup.interrupted()) {
      // What broke is a consequence of the signal, which ends it.
      return;
    }
    Failure failure = thrown instanceof Failure known ? known : Failure.unexpected(thrown);
    Boolean changed =
        failure.exitCode() == ExitCode.UNEXPECTED
            ? null
            : Boolean.valueOf(failure.exitCode() == ExitCode.INCOMPLETE);
    failed(failure, changed);
  }

  /**
   * It failed. Never fails itself.
   *
   * @param changed whether the database was changed all the same; null: not known
   */
  public void failed(Failure failure, @Nullable Boolean changed) {
    if (!Cleanup.interrupted()) {
      settle(failure.exitCode(), changed, null, database.failure(failure))
          .forEach(
              remark -> {
                if (remark.problem()) {
                  LOG.warn(remark.line());
                } else {
                  LOG.info(remark.line());
                }
              });
      end(failure.exitCode(), changed, Masking.text(failure.message()));
    }
  }

  private void endedBySignal() {
    settle(null, null, null, null);
    end(null, null, "ended by a signal");
    announceEnd();
  }

  private synchronized void end(
      @Nullable ExitCode exitCode, @Nullable Boolean changed, @Nullable String message) {
    Recording recorded = recording;
    if (recorded == null) {
      return;
    }
    recording = null;
    Duration duration = Duration.between(startedAt, Instant.now());
    attempt(() -> recorded.ended(new Ending(exitCode, changed, duration, message)));
    if (exitCode != null && signal != null) {
      signal.cancel();
    }
  }

  private static void attempt(Runnable record) {
    try {
      record.run();
    } catch (Failure cannot) {
      LOG.warn("the audit trail lacks a line: {}", cannot.message());
    }
  }

  /** The SHA-256 of the plan's lines, each with its line end. */
  static String digest(Plan plan) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      plan.lines().forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
