package dev.belay.scratch;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.RecorderQueries.RowCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what each migration does while Flyway applies it: in the migration's own transaction,
 * before its commit, where it has one. Not for use by several threads at once.
 */
final class Recorder implements Callback {
  private static final Set<Event> EVENTS =
      EnumSet.of(
          Event.BEFORE_EACH_MIGRATE,
          Event.BEFORE_EACH_MIGRATE_STATEMENT,
          Event.AFTER_EACH_MIGRATE_STATEMENT,
          Event.AFTER_EACH_MIGRATE_STATEMENT_ERROR,
          Event.AFTER_EACH_MIGRATE,
          Event.AFTER_EACH_MIGRATE_ERROR);

  /** The server has room for the locks of some thousands of tables, for everybody together. */
  private static final int MOST_TABLES = 1_000;

  private static final Comparator<RecordedObject> ORDER =
      Comparator.comparing(RecordedObject::identity).thenComparing(RecordedObject::type);

  private final Databases databases;
  private final Target target;
  private final CatalogState state;
  private final boolean guarded;
  private final Set<Long> own;
  private final Consumer<String> begins;
  private final List<RecordedMigration> recorded = new ArrayList<>();
  private @Nullable Current current;

  /** What is known of a migration while it runs. */
  private static final class Current {
    final boolean inTransaction;
    final long marker;
    final long begunNanos = System.nanoTime();
    final Map<Long, RowCounts> rowsBefore;
    final @Nullable LockObserver observer;

    Current(
        boolean inTransaction,
        long marker,
        Map<Long, RowCounts> rowsBefore,
        @Nullable LockObserver observer) {
      this.inTransaction = inTransaction;
      this.marker = marker;
      this.rowsBefore = rowsBefore;
      this.observer = observer;
    }
  }

  /**
   * @param state the objects that are there before the first migration
   * @param guarded whether what all databases of the server share must stay as it is
   * @param own the oids of Flyway's own relations
   * @param begins is told of each migration that begins
   */
  Recorder(
      Databases databases,
      Target target,
      CatalogState state,
      boolean guarded,
      Set<Long> own,
      Consumer<String> begins) {
    this.databases = databases;
    this.target = target;
    this.state = state;
    this.guarded = guarded;
    this.own = Set.copyOf(own);
    this.begins = begins;
  }

  /** The migrations that were applied, in this order. */
  List<RecordedMigration> recorded() {
    return List.copyOf(recorded);
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
    return "belay";
  }

  @Override
  public void handle(Event event, Context context) {
    Database session = Database.borrowed(target, context.getConnection());
    String script = context.getMigrationInfo().getScript();
    switch (event) {
      case BEFORE_EACH_MIGRATE -> begin(session, script);
      case BEFORE_EACH_MIGRATE_STATEMENT -> beforeStatement(session, script, context);
      case AFTER_EACH_MIGRATE_STATEMENT -> afterStatement(session, script);
      case AFTER_EACH_MIGRATE -> end(session, context.getMigrationInfo());
      case AFTER_EACH_MIGRATE_STATEMENT_ERROR -> statementFailed();
      default -> stop();
    }
  }

  private void begin(Database session, String script) {
    begins.accept(script);
    boolean inTransaction = !session.commitsByItself();
    long marker = RecorderQueries.marker(session, inTransaction);
    current =
        inTransaction
            ? new Current(true, marker, RecorderQueries.rows(session), null)
            : new Current(
                false,
                marker,
                Map.of(),
                LockObserver.start(databases, target, RecorderQueries.pid(session)));
  }

  private void beforeStatement(Database session, String script, Context context) {
    if (!session.commitsByItself()) {
      return;
    }
    if (guarded && context.getStatement() != null) {
      SharedObjects.probe(session, script, context.getStatement().getSql());
    }
    if (current != null && current.observer != null) {
      List<RecordedObject> tables = state.tables().stream().filter(this::isForeign).toList();
      current.observer.statementBegins(tables.size() <= MOST_TABLES ? tables : List.of());
    }
  }

  private void afterStatement(Database session, String script) {
    if (guarded && !session.commitsByItself()) {
      SharedObjects.check(session, script);
    }
    if (current != null && current.observer != null) {
      current.observer.statementEnds();
    }
  }

  private void statementFailed() {
    if (current != null && current.observer != null) {
      current.observer.statementEnds();
    }
  }

  private void stop() {
    if (current != null && current.observer != null) {
      current.observer.close();
    }
    current = null;
  }

  private void end(Database session, MigrationInfo migration) {
    Current now = current;
    if (now == null) {
      throw new IllegalStateException("a migration ended that did not begin");
    }
    long millis = (System.nanoTime() - now.begunNanos) / 1_000_000;
    if (now.inTransaction && guarded) {
      SharedObjects.check(session, migration.getScript());
    }
    if (now.observer != null) {
      now.observer.close();
    }
    Map<Long, Set<LockMode>> locks =
        now.observer == null
            ? RecorderQueries.locks(session, RecorderQueries.pid(session))
            : now.observer.seen();
    Map<Long, RowCounts> rows = now.inTransaction ? RecorderQueries.rows(session) : Map.of();
    Map<Long, RecordedObject> before = new HashMap<>();
    for (Map<Long, ?> touched : List.of(locks, rows)) {
      touched
          .keySet()
          .forEach(oid -> state.relation(oid).ifPresent(found -> before.put(oid, found)));
    }
    long age = RecorderQueries.ageOf(session, now.marker);
    CatalogState.Change change = state.update(session, age);
    List<ObjectReference> references = RecorderQueries.references(session, age);
    List<RecordedObject> moved =
        change.moved().stream()
            .filter(object -> !object.internal() && holdsRows(object))
            .filter(this::isForeign)
            .toList();
    Set<ObjectAddress> defined = definedAnew(change);
    recorded.add(
        new RecordedMigration(
            migration.getVersion() == null ? null : migration.getVersion().getVersion(),
            migration.getDescription(),
            migration.getScript(),
            now.inTransaction,
            millis,
            locks(locks, before),
            sorted(change.created()),
            sorted(change.changed()),
            sorted(change.dropped()),
            sorted(moved.stream().filter(table -> isRewritten(table, defined)).toList()),
            sorted(moved.stream().filter(table -> !isRewritten(table, defined)).toList()),
            rows(now.rowsBefore, rows),
            references,
            notes(now)));
    current = null;
  }

  private static List<String> notes(Current now) {
    return now.inTransaction
        ? List.of()
        : List.of(
            "it runs outside a transaction: its locks were watched from a second session,"
                + " which may miss a short one; rows that it changes were not counted");
  }

  private static boolean holdsRows(RecordedObject object) {
    return object.type().equals("table") || object.type().equals("materialized view");
  }

  /**
   * A table whose file alone is new was truncated; one that was written anew is also defined
   * otherwise. A materialized view that is new was refreshed.
   */
  private static boolean isRewritten(RecordedObject table, Set<ObjectAddress> defined) {
    return table.type().equals("materialized view") || defined.contains(table.address());
  }

  /** Relations of which a column, an option or an index is not as it was. */
  private static Set<ObjectAddress> definedAnew(CatalogState.Change change) {
    Set<ObjectAddress> defined = new HashSet<>();
    for (List<RecordedObject> objects :
        List.of(change.created(), change.changed(), change.dropped())) {
      objects.stream()
          .map(RecordedObject::address)
          .filter(ObjectAddress::isOfRelation)
          .forEach(address -> defined.add(address.whole()));
    }
    return defined;
  }

  private boolean isForeign(RecordedObject object) {
    return !object.address().isOfRelation() || !own.contains(object.address().object());
  }

  private List<RecordedObject> sorted(List<RecordedObject> objects) {
    return objects.stream().filter(this::isForeign).sorted(ORDER).toList();
  }

  private List<RelationLock> locks(
      Map<Long, Set<LockMode>> locks, Map<Long, RecordedObject> before) {
    List<RelationLock> found = new ArrayList<>();
    locks.forEach(
        (oid, modes) -> {
          RecordedObject relation = before.get(oid);
          if (relation != null && !relation.internal() && isForeign(relation)) {
            found.add(new RelationLock(relation, List.copyOf(modes)));
          }
        });
    found.sort(Comparator.comparing(RelationLock::relation, ORDER));
    return found;
  }

  /** Tables that the migration itself made are named as they are now. */
  private List<RowsChanged> rows(Map<Long, RowCounts> before, Map<Long, RowCounts> after) {
    List<RowsChanged> found = new ArrayList<>();
    after.forEach(
        (oid, counts) -> {
          RowCounts earlier = before.getOrDefault(oid, RowCounts.NONE);
          RowsChanged changed =
              new RowsChanged(
                  state.relation(oid).orElseThrow(),
                  counts.inserted() - earlier.inserted(),
                  counts.updated() - earlier.updated(),
                  counts.deleted() - earlier.deleted());
          if (changed.inserted() + changed.updated() + changed.deleted() > 0
              && isForeign(changed.relation())) {
            found.add(changed);
          }
        });
    found.sort(Comparator.comparing(RowsChanged::relation, ORDER));
    return found;
  }
}
