package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs rules of the user's: each in a session and a transaction of its own that the server keeps
 * from writing, that ends in a rollback, and that may not take longer than is said.
 */
public final class Rules {
  private final Supplier<Database> sessions;
  private final Duration longest;
  private final Duration lockTimeout;
  private final int most;
  private final Progress progress;

  /**
   * @param sessions gives a new session with the database each time; they are closed here
   * @param longest how long one rule may take
   * @param lockTimeout how long a table that is locked is waited for
   * @param most how many findings of each are kept
   */
  public Rules(
      Supplier<Database> sessions,
      Duration longest,
      Duration lockTimeout,
      int most,
      Progress progress) {
    this.sessions = sessions;
    this.longest = longest;
    this.lockTimeout = lockTimeout;
    this.most = most;
    this.progress = progress;
  }

  /**
   * Runs them one after the other; the results in the same order.
   *
   * @param schemas where names without a schema are looked for; empty: as psql would
   */
  public List<CheckResult> run(List<Check> rules, List<String> schemas) {
    List<CheckResult> results = new ArrayList<>();
    try (Progress.Bar bar = progress.bar("rules", rules.size(), "rules")) {
      for (Check rule : rules) {
        Tally tally = new Tally(rule, most);
        long begin = System.nanoTime();
        rule.fault()
            .ifPresentOrElse(
                fault -> tally.add(new Unchecked("", fault, "correct the file " + rule.source())),
                () -> run(rule, schemas, tally));
        tally.took(System.nanoTime() - begin);
        results.add(tally.result());
        bar.advance(1);
      }
    }
    return results;
  }

  private void run(Check rule, List<String> schemas, Tally tally) {
    try (Database session = sessions.get()) {
      Cleanup.Pending stop = Cleanup.register(session::cancel);
      try {
        CheckQueries.prepare(session, Math.max(1, lockTimeout.toMillis()), most);
        CheckQueries.searchIn(session, schemas);
        Tally found = new Tally(rule, most);
        session.readingAndForgetting(
            () -> CheckQueries.stream(session, rule.sql(), found, finding -> true, most, left()));
        found.into(tally);
      } finally {
        stop.cancel();
      }
    } catch (Failure failure) {
      tally.add(unchecked(rule, failure));
    }
  }

  private LongSupplier left() {
    long end = System.nanoTime() + longest.toNanos();
    return () -> Math.max(1, (end - System.nanoTime()) / 1_000_000);
  }

  private Unchecked unchecked(Check rule, Failure failure) {
    if (SqlState.QUERY_CANCELED.isOf(failure)) {
      return new Unchecked(
          "",
          "it took longer than " + Units.duration(longest),
          "give it more time with --rule-timeout, or make it faster: explain it in psql");
    }
    boolean ownFault =
        SqlState.of(failure)
                .map(state -> state.startsWith("42") || state.startsWith("0A"))
                .orElse(false)
            && !SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure);
    return new Unchecked(
        "", failure.message(), ownFault ? "correct the file " + rule.source() : failure.hint());
  }
}
