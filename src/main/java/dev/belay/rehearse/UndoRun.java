package dev.belay.rehearse;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.HistoryLock;
import dev.belay.flyway.ScriptSession;
import dev.belay.flyway.ScriptStatement;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import dev.belay.scratch.HeldLock;
import dev.belay.scratch.HeldLocks;
import dev.belay.scratch.SharedGuard;
import dev.belay.scratch.TimedStatement;
import dev.belay.undo.UndoEffects;
import dev.belay.undo.UndoExecution;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Runs one undo script on the copy as rollback-migration does, and looks at it meanwhile. */
final class UndoRun {
  private static final int MOST = 500;
  private static final int LONGEST = 160;

  private final Databases databases;
  private final SharedGuard guard;
  private final Target copy;
  private final AppSettings app;
  private final DataState before;
  private final List<TimedStatement> statements = new ArrayList<>();
  private List<HeldLock> locks = List.of();
  private Set<TableName> written = Set.of();
  private List<UndoLoss> effects = List.of();
  private boolean stopped;
  private long tryingNanos;

  /**
   * @param guard keeps it from what the copy's server shares with others
   * @param before what there is before it
   */
  UndoRun(Databases databases, SharedGuard guard, Target copy, AppSettings app, DataState before) {
    this.databases = databases;
    this.guard = guard;
    this.copy = copy;
    this.app = app;
    this.before = before;
  }

  /**
   * What came of it.
   *
   * @param failure why it failed; then all is as before, unless it has no transaction
   * @param stopped whether it did not fail but was stopped, since it reaches beyond the copy
   * @param written tables that may have been written; empty: nobody knows which
   */
  record Done(
      Passage passage,
      Optional<Failure> failure,
      boolean stopped,
      Optional<Set<TableName>> written) {}

  /**
   * Runs it, and takes its migration out of the history of the copy.
   *
   * @param script of the migration, as the history has it
   * @throws Failure when something else fails than the script, such as the server
   */
  Done run(UndoStep step, String script) {
    long begun = System.nanoTime();
    Optional<Failure> failure = Optional.empty();
    boolean whole = step.isTransactional();
    try (Database session = databases.open(copy)) {
      if (whole) {
        session.inTransaction(
            () -> {
              inTransaction(session, step, script);
              return true;
            });
      } else {
        byStatement(session, step, script);
      }
    } catch (Failure broken) {
      failure = Optional.of(blamed(broken));
    }
    // What is tried before it is done takes its time only here.
    long millis = millisSince(begun + tryingNanos);
    UndoScript undo = step.script().orElseThrow();
    Passage passage =
        new Passage(
            undo.name(),
            undo.origin().name().toLowerCase(Locale.ROOT),
            whole,
            millis,
            statements,
            locks.stream().map(Passage.Lock::of).toList(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            effects.stream().map(this::words).toList(),
            failure.map(Failure::message),
            Optional.empty());
    return new Done(passage, failure, stopped, whole ? Optional.of(written) : Optional.empty());
  }

  private static Failure blamed(Failure failure) {
    boolean ofScript =
        (failure.exitCode() == ExitCode.FAILED
                || failure.exitCode() == ExitCode.REFUSED
                || failure.exitCode() == ExitCode.INCOMPLETE)
            && !SqlState.lostConnection(failure)
            && !PassingTrouble.isBehind(failure);
    if (!ofScript) {
      throw failure;
    }
    return failure;
  }

  private void inTransaction(Database session, UndoStep step, String script) {
    String name = step.script().orElseThrow().name();
    UndoEffects look = UndoEffects.before(session);
    HeldLocks held = HeldLocks.begin(session);
    UndoExecution execution = UndoExecution.begin(session, app);
    execution.run(
        step, step.parsed().orElseThrow().statements(), new Watching(session, held, name));
    locks = held.now();
    written = held.written();
    effects = look.after(session);
    guarded(
        () -> {
          guard.check(session, name);
          return 0;
        });
    RehearseQueries.forget(session, HistoryLock.table(app), script);
  }

  /** Such a script may be a good one: it is only not tried here. */
  private long guarded(LongSupplier work) {
    try {
      return work.getAsLong();
    } catch (Failure refused) {
      stopped = refused.exitCode() == ExitCode.REFUSED;
      throw refused;
    }
  }

  private void byStatement(Database session, UndoStep step, String script) {
    String name = step.script().orElseThrow().name();
    try {
      for (ScriptStatement statement : step.parsed().orElseThrow().statements()) {
        ScriptSession.beginOutside(session, app);
        long asked = System.nanoTime();
        AtomicLong begun = new AtomicLong(asked);
        try {
          guarded(
              () ->
                  guard.outside(
                      session,
                      name,
                      statement.sql(),
                      () -> {
                        begun.set(System.nanoTime());
                        return statement.run(session);
                      }));
          tryingNanos += begun.get() - asked;
          add(statement, begun.get(), false);
        } catch (Failure broken) {
          add(statement, begun.get(), true);
          throw stopped ? broken : UndoExecution.told(name, statement, broken);
        }
      }
    } finally {
      if (!session.isInTransaction()) {
        ScriptSession.end(session);
      }
    }
    RehearseQueries.forget(session, HistoryLock.table(app), script);
  }

  private final class Watching implements UndoExecution.Watch {
    private final Database session;
    private final HeldLocks held;
    private final String name;
    private long begun = System.nanoTime();

    Watching(Database session, HeldLocks held, String name) {
      this.session = session;
      this.held = held;
      this.name = name;
    }

    @Override
    public void begins(ScriptStatement statement) {
      guarded(
          () -> {
            guard.begins(session, name, statement.sql());
            return 0;
          });
      begun = System.nanoTime();
      held.statementBegins();
    }

    @Override
    public void ended(ScriptStatement statement) {
      add(statement, begun, false);
      held.statementEnded(session);
    }
  }

  private void add(ScriptStatement statement, long begun, boolean failed) {
    if (statements.size() < MOST) {
      statements.add(new TimedStatement(shortened(statement.sql()), millisSince(begun), failed));
    }
  }

  private String shortened(String sql) {
    String line =
        dev.belay.config.Masking.without(app.placeholders(), sql).strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  /** For a person. */
  private String words(UndoLoss loss) {
    String table = loss.table().plain();
    return switch (loss.kind()) {
      case TABLE -> "the table %s with %d rows".formatted(table, before.rows(loss.table()));
      case COLUMN ->
          "the values of %s.%s, which is dropped or converted"
              .formatted(table, loss.column().orElse("?"));
      case EMPTIED -> "all %d rows of %s".formatted(before.rows(loss.table()), table);
      case REMOVED -> "%d rows of %s removed or overwritten".formatted(loss.rows(), table);
    };
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
