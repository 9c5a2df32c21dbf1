package dev.belay.scratch;

import dev.belay.scratch.Dependency.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which migration needs which, as it follows from a recording: who made, changed and named the
 * objects that a migration uses.
 */
public final class DependencyGraph {
  private static final Comparator<Dependency> ORDER =
      Comparator.comparing(Dependency::migration)
          .thenComparing(Dependency::needs)
          .thenComparing(dependency -> !dependency.sure())
          .thenComparing(Dependency::kind)
          .thenComparing(Dependency::object);

  private final Set<Dependency> dependencies = new TreeSet<>(ORDER);
  private final Map<String, Integer> order = new HashMap<>();
  private final Map<ObjectAddress, Life> alive = new HashMap<>();

  /** What happened to one object so far. */
  private static final class Life {
    final String creator;
    final Set<String> changers = new LinkedHashSet<>();
    final Set<String> namers = new LinkedHashSet<>();
    final Set<ObjectAddress> owners = new HashSet<>();
    String identity;

    Life(String creator, String identity) {
      this.creator = creator;
      this.identity = identity;
    }
  }

  private DependencyGraph() {}

  /**
   * Draws the graph.
   *
   * @param declared what somebody declared
   */
  public static DependencyGraph of(Recording recording, Collection<Dependency> declared) {
    DependencyGraph graph = new DependencyGraph();
    for (RecordedMigration migration : recording.all()) {
      graph.order.put(migration.script(), graph.order.size());
      graph.add(migration);
    }
    graph.dependencies.addAll(declared);
    return graph;
  }

  /** The reasons why a migration needs others, directly. */
  public List<Dependency> reasons(String script) {
    return dependencies.stream().filter(each -> each.migration().equals(script)).toList();
  }

  /** The reasons why others need a migration, directly. */
  public List<Dependency> reasonsFor(String script) {
    return dependencies.stream().filter(each -> each.needs().equals(script)).toList();
  }

  /** All that a migration needs for sure, whether directly or not, in the order of replay. */
  public List<String> needed(String script) {
    return closure(script, this::reasons, Dependency::needs, Dependency::sure);
  }

  /** All that need a migration for sure, whether directly or not, in the order of replay. */
  public List<String> needing(String script) {
    return closure(script, this::reasonsFor, Dependency::migration, Dependency::sure);
  }

  /** All that a migration needs or may need. */
  public List<String> perhapsNeeded(String script) {
    return closure(script, this::reasons, Dependency::needs, any -> true);
  }

  /** All that need a migration, or may need it. */
  public List<String> perhapsNeeding(String script) {
    return closure(script, this::reasonsFor, Dependency::migration, any -> true);
  }

  private interface Steps {
    List<Dependency> from(String script);
  }

  private interface End {
    String of(Dependency dependency);
  }

  private List<String> closure(String script, Steps steps, End end, Predicate<Dependency> counts) {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(script);
    while (!open.isEmpty()) {
      for (Dependency step : steps.from(open.remove())) {
        if (counts.test(step) && !end.of(step).equals(script) && seen.add(end.of(step))) {
          open.add(end.of(step));
        }
      }
    }
    return seen.stream()
        .sorted(Comparator.comparing(each -> order.getOrDefault(each, Integer.MAX_VALUE)))
        .toList();
  }

  private void add(RecordedMigration migration) {
    String script = migration.script();
    for (RelationLock lock : migration.locks()) {
      uses(script, lock);
    }
    for (RowsChanged rows : migration.rows()) {
      Life life = alive.get(rows.relation().address());
      if (life != null) {
        need(script, life.creator, Kind.WRITES, rows.relation(), true);
      }
    }
    for (List<RecordedObject> tables : List.of(migration.rewritten(), migration.emptied())) {
      for (RecordedObject table : tables) {
        Life life = alive.get(table.address());
        if (life != null) {
          need(script, life.creator, Kind.WRITES, table, true);
        }
      }
    }
    Map<String, Life> recreated = new HashMap<>();
    Set<ObjectAddress> dropped = new HashSet<>();
    migration.dropped().forEach(object -> dropped.add(object.address()));
    for (RecordedObject object : migration.dropped()) {
      Life life = alive.get(object.address());
      if (life != null) {
        // What goes with its table needs nobody to have made it.
        if (!goesWithAnother(object, life, dropped)) {
          touches(script, life, object);
        }
        recreated.put(object.words(), life);
      }
    }
    dropped.forEach(alive::remove);
    for (RecordedObject object : migration.changed()) {
      Life life = alive.get(object.address());
      if (life != null) {
        touches(script, life, object);
      }
    }
    references(migration);
    for (RecordedObject object : migration.changed()) {
      Life life = alive.get(object.address());
      if (life != null) {
        boolean named = ownName(life.identity, object).equals(ownName(object.identity(), object));
        (named ? life.changers : life.namers).add(script);
        life.identity = object.identity();
      }
    }
    for (RecordedObject object : migration.created()) {
      Life life = recreated.get(object.words());
      if (life == null) {
        life = new Life(script, object.identity());
      } else {
        // Made anew under the same name, as PostgreSQL does when a column's type changes.
        life.changers.add(script);
      }
      alive.put(object.address(), life);
      changesWhole(script, object);
    }
    for (ObjectReference reference : migration.references()) {
      Life life = alive.get(reference.from());
      if (life != null && reference.owned()) {
        life.owners.add(reference.to());
      }
    }
    migration.changed().forEach(object -> changesWhole(script, object));
    migration.dropped().forEach(object -> changesWhole(script, object));
  }

  private static boolean goesWithAnother(
      RecordedObject object, Life life, Set<ObjectAddress> dropped) {
    boolean column = object.address().part() != 0 && dropped.contains(object.address().whole());
    return column
        || life.owners.stream()
            .anyMatch(owner -> dropped.contains(owner) || dropped.contains(owner.whole()));
  }

  /** The name without that of the table that it is part of, which may be renamed without it. */
  private static String ownName(String identity, RecordedObject object) {
    if (object.address().part() != 0) {
      return ColumnName.last(identity);
    }
    int on = identity.lastIndexOf(" on ");
    return on < 0 || object.address().isOfRelation() ? identity : identity.substring(0, on);
  }

  /** A column is a part of its table: who changes it changes the table for those who read it. */
  private void changesWhole(String script, RecordedObject object) {
    Life whole = alive.get(object.address().whole());
    if (object.address().part() != 0 && whole != null) {
      whole.changers.add(script);
    }
  }

  private void uses(String script, RelationLock lock) {
    Life life = alive.get(lock.relation().address());
    if (life == null || lock.relation().type().equals("index")) {
      return;
    }
    Kind kind =
        switch (lock.strongest()) {
          case ACCESS_SHARE, ROW_SHARE -> Kind.READS;
          case ROW_EXCLUSIVE -> Kind.WRITES;
          default -> Kind.CREATED_BY;
        };
    // A trigger, a foreign key or a view may have led here, and not the migration itself.
    need(script, life.creator, kind, lock.relation(), false);
    life.namers.forEach(namer -> need(script, namer, Kind.ALTERED_BY, lock.relation(), false));
    if (lock.usesRows()) {
      life.changers.forEach(
          changer -> need(script, changer, Kind.ALTERED_BY, lock.relation(), false));
    }
  }

  private void touches(String script, Life life, RecordedObject object) {
    need(script, life.creator, Kind.CREATED_BY, object, true);
    life.namers.forEach(namer -> need(script, namer, Kind.ALTERED_BY, object, true));
    life.changers.forEach(changer -> need(script, changer, Kind.ALTERED_BY, object, false));
  }

  private void references(RecordedMigration migration) {
    Set<ObjectAddress> own = new TreeSet<>(Comparator.comparing(ObjectAddress::toString));
    migration.created().forEach(object -> own.add(object.address()));
    for (ObjectReference reference : migration.references()) {
      Life life = alive.get(reference.to());
      if (life == null || own.contains(reference.to())) {
        continue;
      }
      RecordedObject object = new RecordedObject(reference.to(), "", life.identity, false);
      need(migration.script(), life.creator, Kind.REFERENCES, object, true);
      life.namers.forEach(namer -> need(migration.script(), namer, Kind.ALTERED_BY, object, true));
      life.changers.forEach(
          changer -> need(migration.script(), changer, Kind.ALTERED_BY, object, false));
    }
  }

  private void need(String script, String other, Kind kind, RecordedObject object, boolean sure) {
    if (!script.equals(other)) {
      dependencies.add(new Dependency(script, other, kind, object.words().strip(), sure));
    }
  }

  /** All dependencies, sorted. */
  public List<Dependency> all() {
    return new ArrayList<>(dependencies);
  }
}
