package dev.belay.watch;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
      BreachResponse response =
          new BreachResponse(target, settings, progress, watching, pulling, announces);
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
          tick(probe, eye, machine, response);
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

  private void tick(Probe probe, DatabaseEye eye, Machine machine, BreachResponse response) {
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
    response.to(events);
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
