package dev.belay.rollback;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.ScriptSession;
import dev.belay.flyway.ScriptStatement;
import dev.belay.postgres.BlockerWatch;
import dev.belay.postgres.Database;
import dev.belay.postgres.LockLadder;
import dev.belay.process.ShellWords;
import dev.belay.rollback.RollbackQueries.InvalidIndex;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoExecution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs a statement that no transaction takes. */
final class LoneStatement {
  private static final long TELLING_MILLIS = 1000;
  private static final Pattern ASIDE =
      Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'[^']*'|\"[^\"]*\"", Pattern.DOTALL);
  private static final Pattern CONCURRENTLY =
      Pattern.compile(
          "^\\s*(create|drop|reindex|refresh|alter)\\b.*\\bconcurrently\\b",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern CREATES =
      Pattern.compile("^\\s*create\\b", Pattern.CASE_INSENSITIVE);

  private final GuardedRun run;
  private final AppSettings app;
  private final InTheWay inTheWay;
  private final int tries;
  private final String name;
  private final ScriptStatement statement;
  private final String where;
  private final String words;

  /**
   * @param tries how often it is tried when a lock is not given
   * @param name of its script
   */
  LoneStatement(
      GuardedRun run,
      AppSettings app,
      InTheWay inTheWay,
      int tries,
      String name,
      ScriptStatement statement) {
    this.run = run;
    this.app = app;
    this.inTheWay = inTheWay;
    this.tries = tries;
    this.name = name;
    this.statement = statement;
    this.where = "%s, line %d".formatted(name, statement.line());
    this.words = ASIDE.matcher(statement.sql()).replaceAll(" ");
  }

  /**
   * Whether it waits for others without keeping anybody waiting, and leaves something behind when
   * it is stopped.
   */
  boolean isConcurrent() {
    return CONCURRENTLY.matcher(words).find();
  }

  /**
   * Refuses to make an index again of which an earlier try left an invalid one: it would fail, or
   * pass with {@code IF NOT EXISTS} and leave it as it is.
   */
  void refuseInvalid(Database session) {
    if (!isConcurrent() || !CREATES.matcher(words).find()) {
      return;
    }
    for (InvalidIndex index : RollbackQueries.invalidIndexes(session)) {
      if (names(index)) {
        throw Failure.refused(
            "%s makes the index %s, which is there already and invalid, such as from a try that was stopped"
                .formatted(where, index.quoted()),
            ShellWords.psql("drop index concurrently " + index.quoted())
                + "; then run the same command again");
      }
    }
  }

  private boolean names(InvalidIndex index) {
    return Pattern.compile(
            "(?<![\\w$])" + Pattern.quote(index.name()) + "(?![\\w$])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS)
        .matcher(statement.sql())
        .find();
  }

  /**
   * Runs it.
   *
   * @throws Failure UNAVAILABLE when a lock is not to be had, and nothing was done; else with what
   *     it left
   */
  void run(Database session) {
    String limit = RollbackQueries.lockTimeout(session);
    try {
      ScriptSession.beginOutside(session, app);
      if (isConcurrent()) {
        concurrently(session);
      } else {
        new LockLadder(run.databases(), run.settings().lockTimeout(), tries, inTheWay::blocked)
            .statement(session, where, () -> once(session));
      }
    } finally {
      settle(session, limit);
    }
  }

  private long once(Database session) {
    try {
      return statement.run(session);
    } catch (Failure broken) {
      throw UndoExecution.told(name, statement, broken);
    }
  }

  /** Never tried again: what a lock timeout would leave is an index that is invalid. */
  private void concurrently(Database session) {
    List<InvalidIndex> before = RollbackQueries.invalidIndexes(session);
    RollbackQueries.limit(session, "0");
    CountDownLatch over = new CountDownLatch(1);
    try (BlockerWatch watch =
        BlockerWatch.of(run.databases(), session, run.settings().lockTimeout())) {
      Thread teller = new Thread(() -> tell(watch, over), "waiting");
      teller.setDaemon(true);
      teller.start();
      once(session);
    } catch (Failure broken) {
      throw withLeft(broken, before, session);
    } finally {
      over.countDown();
    }
  }

  private void tell(BlockerWatch watch, CountDownLatch over) {
    try {
      while (!over.await(TELLING_MILLIS, TimeUnit.MILLISECONDS)) {
        inTheWay.waiting(where, watch.take());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private Failure withLeft(Failure broken, List<InvalidIndex> before, Database session) {
    List<InvalidIndex> left;
    try {
      left = new ArrayList<>(RollbackQueries.invalidIndexes(session));
    } catch (Failure gone) {
      return broken;
    }
    left.removeAll(before);
    if (left.isEmpty()) {
      return broken;
    }
    String indexes = String.join(", ", left.stream().map(InvalidIndex::quoted).toList());
    return Failure.failed(
            "%s; it left an index that is invalid: %s".formatted(broken.message(), indexes),
            // One at a time: PostgreSQL takes no list of them.
            ShellWords.psql("drop index concurrently " + left.get(0).quoted()))
        .causedBy(broken);
  }

  /** A session that is gone has no settings left. */
  private static void settle(Database session, String limit) {
    try {
      ScriptSession.end(session);
      RollbackQueries.limit(session, limit);
    } catch (Failure gone) {
      return;
    }
  }
}
