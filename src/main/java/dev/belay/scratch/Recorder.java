package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.scratch.RecorderQueries.RowCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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

  /** What may end a transaction; that it does so now and then only costs a look. */
  private static final Pattern ENDS = Pattern.compile("(?i)\\b(?:commit|end|prepare)\\b");

  /** The server has room for the locks of some thousands of tables, for everybody together. */
  private static final int MOST_TABLES = 1_000;

  private static final String OUTSIDE =
      "it runs outside a transaction: its locks were watched from a second session, which may miss"
          + " a short one; rows that it changes were not counted";

  private static final Comparator<RecordedObject> ORDER =
      Comparator.comparing(RecordedObject::identity).thenComparing(RecordedObject::type);

  private final Databases databases;
  private final Target target;
  private final boolean guarded;
  private final TableName history;
  private final Consumer<String> begins;
  private final List<RecordedMigration> recorded = new ArrayList<>();
  private @Nullable Current current;
  private @Nullable String running;
  private int statements;
  private boolean keepsCounts;
  private boolean canBeginCountsAnew;
  private boolean countsBeginAnew;
  private CatalogState state = new CatalogState();
  private Set<Long> own = Set.of();

  /** What is known of a migration while it runs. */
  private static final class Current {
    final long next;
    final long begunNanos = System.nanoTime();
    final Map<Long, RowCounts> rowsBefore;
    final @Nullable LockObserver observer;

    Current(long next, Map<Long, RowCounts> rowsBefore, @Nullable LockObserver observer) {
      this.next = next;
      this.rowsBefore = rowsBefore;
      this.observer = observer;
    }
  }

  /**
   * @param guarded whether what all databases of the server share must stay as it is
   * @param history Flyway's own table
   * @param begins is told of each migration that begins
   */
  Recorder(
      Databases databases,
      Target target,
      boolean guarded,
      TableName history,
      Consumer<String> begins) {
    this.databases = databases;
    this.target = target;
    this.guarded = guarded;
    this.history = history;
    this.begins = begins;
  }

  /** The script of the migration that failed last; empty when the last one did not fail. */
  Optional<String> failed() {
    return Optional.ofNullable(running);
  }

  /** How many statements the last migration ran, if it is of SQL. */
  int statements() {
    return statements;
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
      case AFTER_EACH_MIGRATE_STATEMENT, AFTER_EACH_MIGRATE_STATEMENT_ERROR -> afterStatement();
      case AFTER_EACH_MIGRATE -> end(session, context.getMigrationInfo());
      default -> stop();
    }
  }

  private void begin(Database session, String script) {
    begins.accept(script);
    running = script;
    statements = 0;
    if (recorded.isEmpty()) {
      keepsCounts = RecorderQueries.keepsCounts(session);
      canBeginCountsAnew = ServerInfo.of(session).major() >= 15;
      // Flyway has made its table by now.
      own = RecorderQueries.own(session, history);
      state = CatalogState.of(session);
    }
    boolean inTransaction = !session.commitsByItself();
    if (inTransaction) {
      // The counters may still hold what the transactions before have changed.
      Map<Long, RowCounts> earlier = countsBeginAnew ? Map.of() : RecorderQueries.rows(session);
      current = new Current(0, earlier, null);
      return;
    }
    long next = RecorderQueries.nextTransaction(session);
    int pid = RecorderQueries.pid(session);
    current = new Current(next, Map.of(), LockObserver.start(databases, target, pid));
  }

  private void beforeStatement(Database session, String script, Context context) {
    statements++;
    if (!session.commitsByItself()) {
      if (guarded && context.getStatement() != null) {
        beforeCommit(session, script, context.getStatement().getSql());
      }
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

  /** A script may end its transaction itself; what it did until then is looked at before. */
  private static void beforeCommit(Database session, String script, String statement) {
    if (ENDS.matcher(statement).find()) {
      SharedObjects.check(session, script);
    }
  }

  private void afterStatement() {
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
    recorded.add(
        now.observer == null
            ? inTransaction(session, migration, now, millis)
            : outside(session, migration, now, now.observer, millis));
    current = null;
    running = null;
  }

  private RecordedMigration inTransaction(
      Database session, MigrationInfo migration, Current now, long millis) {
    RecorderQueries.Transaction done = RecorderQueries.transaction(session);
    if (guarded && done.wroteShared()) {
      SharedObjects.check(session, migration.getScript());
    }
    Map<Long, RecordedObject> before = known(done.locks().keySet());
    CatalogState.Change change =
        keepsCounts ? state.update(session, done) : state.update(session, done.age());
    if (canBeginCountsAnew) {
      RecorderQueries.beginCountsAnew(session);
      countsBeginAnew = true;
    }
    List<RowsChanged> rows = rows(now.rowsBefore, done.rows());
    return migration(migration, true, millis, locks(done.locks(), before), change, rows);
  }

  private RecordedMigration outside(
      Database session, MigrationInfo migration, Current now, LockObserver observer, long millis) {
    observer.close();
    countsBeginAnew = false;
    Map<Long, Set<LockMode>> locks = observer.seen();
    Map<Long, RecordedObject> before = known(locks.keySet());
    CatalogState.Change change = state.update(session, RecorderQueries.ageOf(session, now.next));
    return migration(migration, false, millis, locks(locks, before), change, List.of());
  }

  private Map<Long, RecordedObject> known(Set<Long> relations) {
    Map<Long, RecordedObject> known = new HashMap<>();
    relations.forEach(oid -> state.relation(oid).ifPresent(found -> known.put(oid, found)));
    return known;
  }

  private RecordedMigration migration(
      MigrationInfo migration,
      boolean inTransaction,
      long millis,
      List<RelationLock> locks,
      CatalogState.Change change,
      List<RowsChanged> rows) {
    List<RecordedObject> moved =
        change.moved().stream()
            .filter(object -> !object.internal() && holdsRows(object))
            .filter(this::isForeign)
            .toList();
    Set<ObjectAddress> defined = definedAnew(change);
    return new RecordedMigration(
        migration.getVersion() == null ? null : migration.getVersion().getVersion(),
        migration.getDescription(),
        migration.getScript(),
        inTransaction,
        millis,
        locks,
        sorted(change.created()),
        sorted(change.changed()),
        sorted(change.dropped()),
        sorted(moved.stream().filter(table -> isRewritten(table, defined)).toList()),
        sorted(moved.stream().filter(table -> !isRewritten(table, defined)).toList()),
        rows,
        change.references(),
        inTransaction ? List.of() : List.of(OUTSIDE));
  }

  private static boolean holdsRows(RecordedObject object) {
    return object.isTable() || object.type().equals("materialized view");
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
