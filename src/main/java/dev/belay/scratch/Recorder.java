package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.scratch.TransactionQueries.RowCounts;
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

  private static final String OUTSIDE =
      "it runs outside a transaction: its locks were watched from a second session, which may miss"
          + " a short one; rows changed by what cannot run in a transaction were not counted";

  private static final String ENDED =
      "it ends its transaction itself: what it did until then stays when it fails later";

  private static final Comparator<RecordedObject> ORDER =
      Comparator.comparing(RecordedObject::identity).thenComparing(RecordedObject::type);

  private final Databases databases;
  private final Target target;
  private final boolean guarded;
  private final TableName history;
  private final Consumer<String> begins;
  private final boolean alone;
  private final List<RecordedMigration> recorded = new ArrayList<>();
  private final Set<String> wroteHistory = new HashSet<>();
  private @Nullable RunningMigration current;
  private @Nullable String running;
  private int statements;
  private boolean keepsCounts;
  private boolean canBeginCountsAnew;
  private boolean countsBeginAnew;
  private CatalogState state = new CatalogState();
  private Set<Long> own = Set.of();
  private long since;

  /**
   * @param guarded whether what all databases of the server share must stay as it is
   * @param history Flyway's own table
   * @param begins is told of each migration that begins
   * @param alone whether nobody else works in the database, so that tables may be locked to see
   *     what waits for them
   */
  Recorder(
      Databases databases,
      Target target,
      boolean guarded,
      TableName history,
      Consumer<String> begins,
      boolean alone) {
    this.alone = alone;
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

  /** Scripts that wrote Flyway's own table, or defined it otherwise. */
  Set<String> wroteHistory() {
    return Set.copyOf(wroteHistory);
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
      case AFTER_EACH_MIGRATE -> end(session, context.getMigrationInfo());
      case AFTER_EACH_MIGRATE_ERROR -> stop();
      default -> statement(event, session, context);
    }
  }

  private void begin(Database session, String script) {
    begins.accept(script);
    running = script;
    statements = 0;
    if (recorded.isEmpty()) {
      keepsCounts = TransactionQueries.keepsCounts(session);
      canBeginCountsAnew = ServerInfo.of(session).major() >= 15;
      since = TransactionQueries.nextTransaction(session);
      // Flyway has made its table by now.
      own = CatalogRowQueries.own(session, history);
      state = CatalogState.of(session);
    }
    if (session.commitsByItself()) {
      int pid = TransactionQueries.pid(session);
      LockObserver observer = LockObserver.start(databases, target, pid);
      current = new RunningMigration(script, guarded, Map.of(), observer);
      return;
    }
    // The counters may still hold what the transactions before have changed.
    Map<Long, RowCounts> earlier = countsBeginAnew ? Map.of() : TransactionQueries.rows(session);
    current = new RunningMigration(script, guarded, earlier, null);
  }

  private void statement(Event event, Database session, Context context) {
    if (event == Event.BEFORE_EACH_MIGRATE_STATEMENT) {
      statements++;
    }
    RunningMigration now = current;
    if (now == null || context.getStatement() == null) {
      return;
    }
    switch (event) {
      case BEFORE_EACH_MIGRATE_STATEMENT ->
          now.statementBegins(session, context.getStatement().getSql(), this::lockable);
      case AFTER_EACH_MIGRATE_STATEMENT -> now.statementEnds(session);
      default -> now.statementFails(session);
    }
  }

  private List<RecordedObject> lockable() {
    List<RecordedObject> tables = state.tables().stream().filter(this::isForeign).toList();
    return alone && tables.size() <= MOST_TABLES ? tables : List.of();
  }

  private void stop() {
    if (current != null) {
      current.close();
    }
    current = null;
  }

  private void end(Database session, MigrationInfo migration) {
    RunningMigration now = current;
    if (now == null) {
      throw new IllegalStateException("a migration ended that did not begin");
    }
    now.close();
    recorded.add(
        now.isOutside()
            ? outside(session, migration, now)
            : inTransaction(session, migration, now));
    now.locks()
        .forEach(
            (relation, modes) -> {
              boolean reads =
                  modes.stream().allMatch(mode -> mode.compareTo(LockMode.ROW_EXCLUSIVE) < 0);
              if (own.contains(relation) && !reads) {
                wroteHistory.add(now.script());
              }
            });
    current = null;
    running = null;
  }

  private RecordedMigration inTransaction(
      Database session, MigrationInfo migration, RunningMigration now) {
    TransactionQueries.Transaction done = now.looked(session);
    now.merge(done);
    Map<Long, RecordedObject> before = known(now.locks().keySet());
    // A script may have ended transactions of its own before.
    long age = done.age() + done.number() - since;
    CatalogState.Change change =
        keepsCounts && !now.endedItself()
            ? state.update(session, done.written(), age, done.deleted())
            : state.update(session, age);
    since = done.number() + 1;
    if (canBeginCountsAnew) {
      TransactionQueries.beginCountsAnew(session);
      countsBeginAnew = true;
    }
    return migration(migration, now, before, change);
  }

  private RecordedMigration outside(
      Database session, MigrationInfo migration, RunningMigration now) {
    countsBeginAnew = false;
    Map<Long, RecordedObject> before = known(now.locks().keySet());
    CatalogState.Change change = state.update(session, TransactionQueries.ageOf(session, since));
    since = TransactionQueries.nextTransaction(session);
    return migration(migration, now, before, change);
  }

  private Map<Long, RecordedObject> known(Set<Long> relations) {
    Map<Long, RecordedObject> known = new HashMap<>();
    relations.forEach(oid -> state.relation(oid).ifPresent(found -> known.put(oid, found)));
    return known;
  }

  private RecordedMigration migration(
      MigrationInfo migration,
      RunningMigration now,
      Map<Long, RecordedObject> before,
      CatalogState.Change change) {
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
        !now.isOutside() && !now.endedItself(),
        now.millis(),
        locks(now.locks(), before),
        sorted(change.created()),
        sorted(change.changed()),
        sorted(change.dropped()),
        sorted(moved.stream().filter(table -> isRewritten(table, defined)).toList()),
        sorted(moved.stream().filter(table -> !isRewritten(table, defined)).toList()),
        rows(now.rows()),
        change.references(),
        now.isOutside() ? List.of(OUTSIDE) : now.endedItself() ? List.of(ENDED) : List.of());
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
  private List<RowsChanged> rows(Map<Long, RowCounts> changed) {
    List<RowsChanged> found = new ArrayList<>();
    changed.forEach(
        (oid, counts) ->
            state
                .relation(oid)
                .filter(relation -> !relation.internal() && isForeign(relation))
                .filter(relation -> !counts.equals(RowCounts.NONE))
                .ifPresent(
                    relation ->
                        found.add(
                            new RowsChanged(
                                relation, counts.inserted(), counts.updated(), counts.deleted()))));
    found.sort(Comparator.comparing(RowsChanged::relation, ORDER));
    return found;
  }
}
