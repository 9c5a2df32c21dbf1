package dev.belay.watch;

import dev.belay.cli.Announcement;
import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Severity;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.journal.RunSessions;
import dev.belay.monitor.DatabaseEye;
import dev.belay.monitor.DatabaseFigures;
import dev.belay.monitor.Machine;
import dev.belay.monitor.MachineFigures;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Measures how a database answers, and pulls triggers when that is beyond limits for long. */
public final class Watch {
  private static final Duration PRINT = Duration.ofMinutes(1);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private final Databases databases;
  private final Target target;
  private final RunId run;
  private final Path folder;
  private final WatchSettings settings;
  private final Progress progress;
  private final Watching watching;
  private final Map<Measure, CoolDown> quiet = new EnumMap<>(Measure.class);
  private final Set<Measure> told = EnumSet.noneOf(Measure.class);
  private final Set<Measure> pulled = EnumSet.noneOf(Measure.class);
  private final Set<Measure> warned = EnumSet.noneOf(Measure.class);
  private final CoolDown coolDown;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long began = System.nanoTime();
  private volatile boolean here = true;
  private String trouble = "";

  /**
   * @param folder whose file system is looked at
   */
  public Watch(
      Databases databases,
      Target target,
      RunId run,
      Path folder,
      WatchSettings settings,
      Progress progress) {
    this.databases = databases;
    this.target = target;
    this.run = run;
    this.folder = folder;
    this.settings = settings;
    this.progress = progress;
    this.watching = new Watching(settings);
    this.coolDown = new CoolDown(settings.coolDown());
    settings.limits().keySet().forEach(each -> quiet.put(each, new CoolDown(settings.coolDown())));
  }

  /**
   * Watches until the time is over, a first breach or the end of a rollback, as is said.
   *
   * @param triggers pulled in this order when a limit is breached
   * @param announces whether people are told, as the configuration says
   * @param interrupted told what was seen when a signal ends the program
   * @throws Failure USAGE when the probe cannot work; UNAVAILABLE when the database cannot be
   *     reached at the beginning, or a file cannot be written; INCOMPLETE when a rollback failed in
   *     its middle
   */
  WatchReport run(List<Trigger> triggers, boolean announces, Consumer<WatchReport> interrupted) {
    Machine machine = Machine.withDiskOf(folder);
    Triggers pulling = new Triggers(triggers, over);
    Heartbeat heartbeat =
        new Heartbeat(
            settings.heartbeatFile(), settings.heartbeatUrl(), settings.heartbeatEvery(), progress);
    WatchMetrics metrics = new WatchMetrics(settings.metricsFile(), target.toString(), progress);
    try (DatabaseEye eye = new DatabaseEye(databases, target, name("watch"));
        Prober prober =
            new Prober(databases, target, name("probe"), settings.probe(), settings.probeLimit());
        Progress.Live live = progress.live(PRINT);
        pulling) {
      Probe first = prober.probe();
      refuse(first);
      metrics.check(watching, System.nanoTime());
      machine.look();
      heartbeat.check();
      Cleanup.Pending signal =
          Cleanup.register(
              () -> {
                live.close();
                interrupted.accept(report(eye, machine, pulling));
              });
      progress.step(WatchPlan.words(settings, target));
      try {
        long end = began + settings.length().map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
        long interval = settings.interval().toNanos();
        long next = System.nanoTime();
        Probe probe = first;
        while (true) {
          tick(probe, eye, machine, pulling, announces);
          long now = System.nanoTime();
          metrics.write(watching, now);
          if (!watching.isBreached()) {
            heartbeat.beat(now);
          }
          live.show(line());
          if (settings.untilBreach() && watching.wasBreached()) {
            break;
          }
          // What was missed is not made up for.
          next += Math.max(1, (now - next + interval - 1) / interval) * interval;
          if (next - end >= 0 || over.await(next - now, TimeUnit.NANOSECONDS)) {
            break;
          }
          probe = prober.probe();
        }
        if (!settings.untilBreach()) {
          over.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        pulling.await();
        signal.cancel();
      } catch (Failure failure) {
        awaitAfter(failure, pulling);
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        throw Failure.failed("the watch was interrupted", "start it again when you are ready");
      } finally {
        signal.cancel();
      }
      return report(eye, machine, pulling);
    }
  }

  /** A rollback that is going on, or done, says more of the database than what ended the watch. */
  private void awaitAfter(Failure failure, Triggers pulling) {
    try {
      pulling.await();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw failure;
    }
    if (!pulling.changed()) {
      throw failure;
    }
    progress.warn("the watch ended early: " + failure.message());
  }

  private String name(String what) {
    return RunSessions.name(run, what);
  }

  /** What fails at once and always is no measurement. */
  private static void refuse(Probe probe) {
    if (probe.failure().isEmpty()) {
      return;
    }
    Failure failure = probe.failure().get();
    boolean mistaken =
        SqlState.of(failure)
            .map(state -> state.startsWith("42") || state.startsWith("0A") || state.equals("25006"))
            .orElse(false);
    if (mistaken) {
      throw Failure.usage(
              "the probe cannot work: " + failure.message(),
              "try it with psql first; it may only read")
          .causedBy(failure);
    }
    throw failure;
  }

  private void tick(
      Probe probe, DatabaseEye eye, Machine machine, Triggers pulling, boolean announces) {
    List<Watching.Event> events = new ArrayList<>(watching.probed(probe));
    say(probe);
    DatabaseFigures figures = eye.look(patience()).figures();
    here = eye.isHere();
    eye.dataDirectory().ifPresent(machine::alsoDiskOf);
    if (figures != null) {
      events.addAll(watching.measured(Measure.CONNECTIONS, figures.connectionShare()));
      Integer waiting = figures.waiting();
      events.addAll(
          watching.measured(Measure.LOCK_WAITS, waiting == null ? null : Double.valueOf(waiting)));
    }
    MachineFigures now = machine.look();
    events.addAll(watching.measured(Measure.MEMORY, now.memory()));
    events.addAll(watching.measured(Measure.DISK, now.disk()));
    for (Watching.Event event : events) {
      if (event.change() == Window.Change.BEGAN) {
        progress.warn("breached: " + event.breach().words());
      } else {
        over(event.breach(), announces);
      }
    }
    for (Measure measure : settings.limits().keySet()) {
      warnOfBefore(measure, pulling);
      watching.open(measure).ifPresent(breach -> act(measure, breach, pulling, announces));
    }
  }

  private Duration patience() {
    Duration most = settings.interval().multipliedBy(4).dividedBy(5);
    return most.compareTo(LONGEST_LOOK) < 0 && watching.probes() > 1 ? most : LONGEST_LOOK;
  }

  /** A failure is said when it is another than the one before. */
  private void say(Probe probe) {
    String now = probe.failure().map(Failure::message).orElse("");
    // The time for which there is no answer is another each time.
    String kind = now.replaceAll("\\d+", "");
    if (!kind.equals(trouble)) {
      trouble = kind;
      if (now.isEmpty()) {
        progress.step("the probe is answered again");
      } else {
        progress.warn("the probe failed: " + now);
      }
    }
  }

  /** What was so when the watch began is not shown to come of the migration. */
  private void warnOfBefore(Measure measure, Triggers pulling) {
    if (watching.isFromBefore(measure) && pulling.canUndo(measure) && warned.add(measure)) {
      progress.warn(
          "%s is beyond its limit already: that undoes nothing until it has been within it for %d"
                  .formatted(measure.word(), settings.of())
              + " values");
    }
  }

  /** A breach that falls into a cool-down is acted on afterwards, if it is still one then. */
  private void act(Measure measure, Breach breach, Triggers pulling, boolean announces) {
    long now = System.nanoTime();
    CoolDown own = quiet.get(measure);
    List<Trigger> concerned = pulling.concerned(measure, watching.isFromBefore(measure));
    if (announces && own != null && !told.contains(measure) && own.allows(now)) {
      told.add(measure);
      announce(
          Severity.ERROR,
          "%s of %s is beyond its limit: %s".formatted(measure.word(), target, breach.words()),
          breach,
          concerned);
    }
    if (!pulled.contains(measure) && !concerned.isEmpty() && coolDown.allows(now)) {
      pulled.add(measure);
      pulling.pull(concerned, breach, () -> watching.lasts(breach));
    }
  }

  private void over(Breach breach, boolean announces) {
    Measure measure = breach.measure();
    Duration lasted =
        Duration.between(
            breach.beganAt(), breach.endedAt() == null ? breach.beganAt() : breach.endedAt());
    String words =
        "%s is within its limit again, after %s with a peak of %s"
            .formatted(measure.word(), Units.duration(lasted), measure.shown(breach.peak()));
    progress.step(words);
    pulled.remove(measure);
    if (told.remove(measure) && announces) {
      Map<String, String> facts = new LinkedHashMap<>(facts(breach));
      facts.put(Announcement.STILL_BREACHED, stillBreached());
      progress.announce(
          new Announcement(
              Announcement.Type.THRESHOLD_BREACHED,
              Severity.INFO,
              "%s: %s".formatted(target, words),
              facts));
    }
  }

  private String stillBreached() {
    String words =
        settings.limits().keySet().stream()
            .filter(measure -> watching.open(measure).isPresent())
            .map(Measure::word)
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? Announcement.NOTHING : words;
  }

  private void announce(Severity severity, String title, Breach breach, List<Trigger> concerned) {
    Map<String, String> facts = new LinkedHashMap<>(facts(breach));
    if (!concerned.isEmpty()) {
      facts.put("trigger", Triggers.words(concerned));
    }
    progress.announce(
        new Announcement(Announcement.Type.THRESHOLD_BREACHED, severity, title, facts));
  }

  private Map<String, String> facts(Breach breach) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("database", target.toString());
    facts.put("threshold", breach.threshold());
    facts.put("limit", breach.measure().shown(breach.limit()));
    facts.put("value", breach.measure().shown(breach.value()));
    facts.put("peak", breach.measure().shown(breach.peak()));
    facts.put("since", Units.moment(breach.beganAt()));
    return facts;
  }

  private String line() {
    return "watching for %s: %s"
        .formatted(Units.duration(Duration.ofNanos(System.nanoTime() - began)), watching.words());
  }

  private WatchReport report(DatabaseEye eye, Machine machine, Triggers pulling) {
    List<String> all = new ArrayList<>(eye.notes());
    all.addAll(machine.notes());
    return new WatchReport(
        target.toString(),
        false,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
        settings.interval().toMillis(),
        settings.probe(),
        watching.probes(),
        watching.failedProbes(),
        watching.slowProbes(),
        watching.response(),
        settings.breaches(),
        settings.of(),
        watching.lines(),
        watching.breachCount(),
        watching.breaches(),
        pulling.done(),
        Machine.name()
            + (here ? ", where the database is too" : ", this machine; the database is on another"),
        all);
  }

  /** The answer of a watch that was only planned. */
  static WatchReport planned(Target target, WatchSettings settings) {
    return new WatchReport(
        target.toString(),
        true,
        0,
        settings.interval().toMillis(),
        settings.probe(),
        0,
        0,
        0,
        new WatchReport.Response(null, null, null, null),
        settings.breaches(),
        settings.of(),
        new Watching(settings).lines(),
        0,
        List.of(),
        List.of(),
        "",
        List.of());
  }
}
