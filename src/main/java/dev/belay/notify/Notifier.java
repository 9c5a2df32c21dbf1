package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.cli.Announcer;
import dev.belay.cli.Companion;
import dev.belay.cli.Facts;
import dev.belay.cli.Logging;
import dev.belay.cli.Outcome;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.process.ShellWords;
import dev.belay.report.Remark;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of what operations do, as the configuration says, and of incidents that last while
 * an operation runs. Whatever goes wrong with that is one line of warning and nothing else. Where
 * nothing is configured it loads and does nothing.
 */
public final class Notifier implements Announcer, Companion {

  private static final Duration FOR_ONE = Duration.ofSeconds(55);
  private static final Duration FOR_WAITING = Duration.ofSeconds(15);
  private static final Duration FOR_LAST = Duration.ofSeconds(40);

  /** Whoever ended the program does not wait long until ending it by force. */
  private static final Duration HURRIED_WAITING = Duration.ofSeconds(1);

  private static final Duration HURRIED_LAST = Duration.ofSeconds(6);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final int MOST_WAITING = 100;

  private @Nullable NotifySettings configured;
  private @Nullable Engine engine;
  private boolean broken;

  /** What is wrong is said at the beginning, and stops nothing. */
  @Override
  public void check(Settings settings) {
    attempt(
        () -> {
          if (NotifyReading.isConfigured(settings)) {
            configured(settings);
          }
        });
  }

  @Override
  public void before(Facts facts) {
    attempt(
        () -> {
          if (NotifyReading.isConfigured(facts.settings())
              && !facts.command().equals(SendNotification.COMMAND)) {
            Engine ready = engine(facts);
            if (!ready.settings.stages().isEmpty()) {
              ready.watch(facts);
            }
          }
        });
  }

  @Override
  public List<Remark> after(Facts facts, Outcome outcome) {
    return List.of();
  }

  @Override
  public void announced(Facts facts, Announcement announcement) {
    attempt(
        () -> {
          if (NotifyReading.isConfigured(facts.settings())) {
            engine(facts).later(Endings.of(facts, announcement), facts);
          }
        });
  }

  @Override
  public void ended(Facts facts, Outcome outcome) {
    attempt(
        () -> {
          if (NotifyReading.isConfigured(facts.settings())) {
            boolean hurried = outcome.exitCode() == null || Cleanup.interrupted();
            finish(facts, outcome, hurried);
          }
        });
  }

  private void finish(Facts facts, Outcome outcome, boolean hurried) {
    Engine known = known();
    if (known != null) {
      known.stop(hurried ? HURRIED_WAITING : FOR_WAITING);
    }
    List<String> patterns = facts.settings().section("notify").list("commands");
    Endings.of(facts, outcome, patterns)
        .ifPresent(
            event ->
                engine(facts)
                    .tell(event, hurried ? Order.hurried(HURRIED_LAST) : Order.usual(FOR_LAST)));
  }

  private synchronized NotifySettings configured(Settings settings) {
    NotifySettings read = configured;
    if (read == null) {
      read = NotifyReading.read(settings);
      configured = read;
      if (!read.problems().none()) {
        log()
            .warn(
                "not everybody will be told, since notify is configured wrongly: {};"
                    + " look with: belay send-notification --test",
                String.join("; ", read.problems().messages()));
      }
    }
    return read;
  }

  private synchronized @Nullable Engine known() {
    return engine;
  }

  private synchronized Engine engine(Facts facts) {
    Engine ready = engine;
    if (ready == null) {
      ready = new Engine(facts);
      engine = ready;
    }
    return ready;
  }

  /** Nothing that goes wrong here may change what an operation does. */
  private void attempt(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError defect) {
      if (!broken) {
        broken = true;
        // Its text may quote what is configured.
        log()
            .warn(
                "people are not told ({}); look with: belay send-notification --test",
                defect.getClass().getSimpleName());
      }
    }
  }

  /** What is needed where something is configured. */
  private final class Engine {
    private final NotifySettings settings;
    private final Dispatch dispatch;
    private final ScheduledThreadPoolExecutor background;
    private boolean tooMany;
    private @Nullable Future<?> waiting;

    Engine(Facts facts) {
      settings = configured(facts.settings());
      dispatch =
          Dispatch.of(
              settings, facts.settings().folders().journal(), message -> log().warn(message));
      background =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "notify");
                thread.setDaemon(true);
                return thread;
              });
      background.setRemoveOnCancelPolicy(true);
      background.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void later(Event event, Facts facts) {
      if (background.getQueue().size() >= MOST_WAITING) {
        if (!tooMany) {
          tooMany = true;
          log().warn("people are not told of everything: {} messages wait already", MOST_WAITING);
        }
        return;
      }
      background.execute(
          () ->
              attempt(
                  () -> {
                    tell(event, Order.usual(FOR_ONE));
                    watch(facts);
                  }));
    }

    void tell(Event event, Order order) {
      Event tied = dispatch.tie(event, null, false, false);
      List<Told> told = dispatch.tell(tied, order);
      said(told);
      Incident incident = tied.incident();
      if (incident != null && tied.action() == Action.RESOLVE) {
        told.stream().filter(each -> !each.isKnown()).forEach(each -> unresolved(each, incident));
      }
    }

    /** The incident is forgotten here, so nobody tries that again. */
    private void unresolved(Told told, Incident incident) {
      log()
          .warn(
              "{} does not know that the incident is over, and is not told again by itself; tell it"
                  + " with: belay send-notification --resolve --dedup-key {} --channel {}",
              told.channel(),
              ShellWords.quote(incident.key()),
              ShellWords.quote(told.channel()));
    }

    private void said(List<Told> told) {
      for (Told each : told) {
        switch (each.outcome()) {
          case DELIVERED -> {
            if (each.reason() == null) {
              log().info(each.line());
            } else {
              log().warn(each.line());
            }
          }
          case BY_FALLBACK, FAILED ->
              log()
                  .warn(
                      "{}; look with: belay send-notification --test --channel {}",
                      each.line(),
                      ShellWords.quote(each.channel()));
          case HELD_BACK -> log().warn(each.line());
          case ALREADY_TOLD, DRY_RUN -> log().debug(each.line());
        }
        if (each.template() != null) {
          log().warn("channel {} got the plain text: {}", each.channel(), each.template());
        }
      }
    }

    /** Waits for the moment at which the incident of this target reaches more people. */
    void watch(Facts facts) {
      if (settings.stages().isEmpty() || background.isShutdown()) {
        return;
      }
      Duration wait = dispatch.untilNext(facts.database());
      if (wait != null) {
        schedule(facts, wait);
      }
    }

    private synchronized void schedule(Facts facts, Duration wait) {
      Future<?> before = waiting;
      if (before != null) {
        before.cancel(false);
      }
      try {
        waiting =
            background.schedule(
                () -> attempt(() -> escalate(facts)), wait.toMillis() + 1, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException ending) {
        // The operation ended meanwhile, and tells by itself.
      }
    }

    private void escalate(Facts facts) {
      dispatch
          .incidents()
          .open(facts.database())
          .ifPresent(
              incident -> {
                List<Told> told =
                    dispatch.escalate(incident, Source.of(facts), Order.usual(FOR_ONE));
                said(told);
                boolean lost = told.stream().anyMatch(each -> !each.isKnown());
                Duration wait = dispatch.untilNext(facts.database());
                if (wait != null) {
                  schedule(facts, lost && wait.compareTo(AGAIN) < 0 ? AGAIN : wait);
                }
              });
    }

    void stop(Duration patience) {
      background.shutdown();
      try {
        if (!background.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          int left = background.shutdownNow().size();
          log()
              .warn(
                  "{} were not told in time; look with: belay send-notification --test",
                  left == 0 ? "some people" : left + " messages");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Asked for when there is something to say: logging is not to be loaded at every start. */
  private static Logger log() {
    return LoggerFactory.getLogger(Logging.OPERATOR);
  }
}
