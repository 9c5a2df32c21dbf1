package dev.belay.scratch;

import dev.belay.config.Masking;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/**
 * Times the statements of a migration while Flyway runs it, and its locks if it has a transaction.
 */
final class StatementClock implements Callback {
  private static final int LONGEST = 160;
  private static final int MOST = 500;
  private static final Set<Event> EVENTS =
      EnumSet.of(
          Event.BEFORE_EACH_MIGRATE,
          Event.BEFORE_EACH_MIGRATE_STATEMENT,
          Event.AFTER_EACH_MIGRATE_STATEMENT,
          Event.AFTER_EACH_MIGRATE_STATEMENT_ERROR,
          Event.AFTER_EACH_MIGRATE);

  private final Target target;
  private final Map<String, String> placeholders;
  private final List<TimedStatement> statements = new ArrayList<>();
  private @Nullable HeldLocks locks;
  private List<HeldLock> held = List.of();
  private boolean inTransaction = true;
  private long began = System.nanoTime();
  private long statementBegan = began;
  private long took;

  /**
   * @param placeholders whose values may be secret
   */
  StatementClock(Target target, Map<String, String> placeholders) {
    this.target = target;
    this.placeholders = placeholders;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return EVENTS.contains(event);
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public String getCallbackName() {
    return "belay-clock";
  }

  @Override
  public void handle(Event event, Context context) {
    Database session = Database.borrowed(target, context.getConnection());
    switch (event) {
      case BEFORE_EACH_MIGRATE -> begin(session);
      case BEFORE_EACH_MIGRATE_STATEMENT -> {
        statementBegan = System.nanoTime();
        HeldLocks now = locks;
        if (now != null) {
          now.statementBegins();
        }
      }
      case AFTER_EACH_MIGRATE_STATEMENT -> {
        add(context, false);
        look(session);
      }
      case AFTER_EACH_MIGRATE_STATEMENT_ERROR -> {
        add(context, true);
        took = System.nanoTime() - began;
      }
      default -> {
        // A migration of code has no statements to look after.
        look(session);
        took = System.nanoTime() - began;
        HeldLocks now = locks;
        held = now == null ? List.of() : now.now();
      }
    }
  }

  private void begin(Database session) {
    statements.clear();
    held = List.of();
    inTransaction = !session.commitsByItself();
    locks = inTransaction ? HeldLocks.begin(session) : null;
    began = System.nanoTime();
  }

  private void look(Database session) {
    HeldLocks now = locks;
    if (now != null) {
      now.statementEnded(session);
    }
  }

  private void add(Context context, boolean failed) {
    if (statements.size() < MOST && context.getStatement() != null) {
      long millis = (System.nanoTime() - statementBegan) / 1_000_000;
      statements.add(
          new TimedStatement(
              shortened(placeholders, context.getStatement().getSql()), millis, failed));
    }
  }

  /** The beginning of a statement in one line. */
  static String shortened(Map<String, String> placeholders, String sql) {
    String line = Masking.without(placeholders, sql).strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  List<TimedStatement> statements() {
    return List.copyOf(statements);
  }

  List<HeldLock> held() {
    return held;
  }

  /** Tables that may have been written; of a migration without a transaction nobody knows. */
  Set<dev.belay.core.TableName> written() {
    HeldLocks now = locks;
    return now == null ? Set.of() : now.written();
  }

  boolean inTransaction() {
    return inTransaction;
  }

  Duration took() {
    return Duration.ofNanos(took);
  }
}
