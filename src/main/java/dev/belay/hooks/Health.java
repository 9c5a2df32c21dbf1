package dev.belay.hooks;

import dev.belay.cli.Facts;
import dev.belay.cli.Logging;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.report.Remark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks before and after an operation whether the application works. */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Logging.OPERATOR);
  private static final long PAUSE_MILLIS = 500;

  private final Databases databases;
  private @Nullable UrlProbe probe;
  private Map<HealthCheck, Optional<String>> before = Map.of();

  Health(Databases databases) {
    this.databases = databases;
  }

  /**
   * Asks all of them once. What is not well is said, and stops nothing.
   *
   * @throws Failure USAGE when the configuration is wrong
   */
  void before(Facts facts) {
    before = Map.of();
    HealthSettings settings = HealthSettings.of(facts.settings());
    before = ask(facts, settings.checks(), Duration.ZERO);
    before.forEach(
        (check, wrong) ->
            wrong.ifPresentOrElse(
                how ->
                    LOG.warn(
                        "health {}: unhealthy before anything was done: {}", check.name(), how),
                () -> LOG.debug("health {}: healthy", check.name())));
  }

  /** Asks them again until they are well, for as long as is configured. */
  List<Remark> after(Facts facts) {
    if (before.isEmpty()) {
      return List.of();
    }
    LOG.info("looking whether the application is healthy");
    Duration patience = HealthSettings.of(facts.settings()).patience();
    List<Remark> remarks = new ArrayList<>();
    ask(facts, List.copyOf(before.keySet()), patience)
        .forEach(
            (check, now) ->
                remarks.add(
                    remark(check.name(), before.getOrDefault(check, Optional.empty()), now)));
    return remarks;
  }

  private static Remark remark(String name, Optional<String> before, Optional<String> after) {
    String result;
    if (before.isEmpty() && after.isEmpty()) {
      result = "healthy before and after";
    } else if (after.isEmpty()) {
      result = "unhealthy before, healthy after";
    } else if (before.isEmpty()) {
      result = "healthy before, unhealthy after: " + after.get();
    } else {
      result = "unhealthy before and after: " + after.get();
    }
    return new Remark("health", name, result, before.isEmpty() && after.isPresent());
  }

  /** All at the same time; what is wrong with each, empty: nothing. */
  private Map<HealthCheck, Optional<String>> ask(
      Facts facts, List<HealthCheck> checks, Duration patience) {
    Map<HealthCheck, Optional<String>> answers = new LinkedHashMap<>();
    if (checks.isEmpty()) {
      return answers;
    }
    // Two threads for each: one tries, the other limits its time.
    ExecutorService threads = Executors.newCachedThreadPool(Health::thread);
    try {
      long end = System.nanoTime() + patience.toNanos();
      Map<HealthCheck, Future<Optional<String>>> futures = new LinkedHashMap<>();
      for (HealthCheck check : checks) {
        futures.put(check, threads.submit(() -> untilWell(facts, check, end, threads)));
      }
      futures.forEach((check, future) -> answers.put(check, of(future, patience, check.timeout())));
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "health");
    thread.setDaemon(true);
    return thread;
  }

  private Optional<String> untilWell(
      Facts facts, HealthCheck check, long end, ExecutorService threads)
      throws InterruptedException {
    while (true) {
      Future<Optional<String>> one = threads.submit(() -> once(facts, check));
      Optional<String> wrong = of(one, Duration.ZERO, check.timeout());
      if (wrong.isEmpty()
          || Cleanup.interrupted()
          || System.nanoTime() + PAUSE_MILLIS * 1_000_000 > end) {
        return wrong;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private Optional<String> once(Facts facts, HealthCheck check) throws InterruptedException {
    if (check.kind() == HealthCheck.Kind.URL) {
      return probe().ask(check);
    }
    Target target = facts.settings().reached();
    if (target == null) {
      return Optional.of("no database is configured");
    }
    try (Database session = databases.open(target)) {
      return HealthQueries.ask(session, check.what(), check.expect(), check.timeout());
    } catch (Failure broken) {
      return Optional.of(broken.message());
    }
  }

  /** Made when the first URL is asked: its classes cost time. */
  private synchronized UrlProbe probe() {
    if (probe == null) {
      probe = new UrlProbe();
    }
    return probe;
  }

  /** Who ends the program does not wait for an application that does not answer. */
  private static Optional<String> waitedFor(Future<Optional<String>> future, long millis)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      try {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        return future.get(Math.max(1, Math.min(PAUSE_MILLIS, left)), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        if (System.nanoTime() >= end) {
          throw late;
        }
        if (Cleanup.interrupted()) {
          future.cancel(true);
          return Optional.of("it was interrupted");
        }
      }
    }
  }

  /** A try that does not come back is left behind: its thread ends with the program. */
  private static Optional<String> of(
      Future<Optional<String>> future, Duration patience, Duration timeout) {
    try {
      // Where another future limits the time, this one is only a net below it.
      long millis =
          timeout.toMillis() + (patience.isZero() ? 0 : patience.plus(timeout).toMillis());
      return waitedFor(future, millis);
    } catch (TimeoutException late) {
      future.cancel(true);
      return Optional.of("no answer within " + Units.duration(timeout));
    } catch (ExecutionException broken) {
      return Optional.of(String.valueOf(broken.getCause()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("it was interrupted");
    }
  }
}
