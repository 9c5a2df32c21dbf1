package dev.belay.scratch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of migrations when others had never been applied.
 *
 * @param done what those did that could be applied, by their scripts
 * @param failed why the others could not, by their scripts
 */
public record Ablation(Map<String, RecordedMigration> done, Map<String, String> failed) {
  /** They are dropped by name, or with their table; that the table is gone is told anyway. */
  private static final Set<String> GOES_WITH_TABLE =
      Set.of("index", "table constraint", "trigger", "policy", "rule", "default value", "type");

  public Ablation {
    done = Map.copyOf(done);
    failed = Map.copyOf(failed);
  }

  /** Whether a migration did the same as in the whole replay. */
  public boolean isSame(RecordedMigration whole) {
    RecordedMigration alone = done.get(whole.script());
    return alone != null && effects(alone).equals(effects(whole));
  }

  /** What a migration did, without what differs from one replay to the next. */
  private static Set<String> effects(RecordedMigration migration) {
    Set<String> effects = new TreeSet<>();
    add(effects, "created ", migration.created());
    add(effects, "changed ", migration.changed());
    add(effects, "dropped ", withoutParts(migration));
    add(effects, "rewritten ", migration.rewritten());
    add(effects, "emptied ", migration.emptied());
    for (RowsChanged rows : migration.rows()) {
      effects.add(
          "rows %s %d %d %d"
              .formatted(
                  rows.relation().identity(), rows.inserted(), rows.updated(), rows.deleted()));
    }
    return effects;
  }

  /** Without what went because something else did. */
  private static List<RecordedObject> withoutParts(RecordedMigration migration) {
    if (migration.dropped().stream().noneMatch(RecordedObject::isTable)) {
      return migration.dropped();
    }
    Set<ObjectAddress> dropped = new HashSet<>();
    migration.dropped().forEach(object -> dropped.add(object.address()));
    return migration.dropped().stream()
        .filter(
            object -> object.address().part() == 0 || !dropped.contains(object.address().whole()))
        .filter(object -> !GOES_WITH_TABLE.contains(object.type()))
        .toList();
  }

  private static void add(Set<String> effects, String what, List<RecordedObject> objects) {
    objects.stream()
        .filter(object -> !object.internal())
        .forEach(object -> effects.add(what + object.words()));
  }

  /** The scripts of those that failed or did something else than in the whole replay. */
  public List<String> different(List<RecordedMigration> whole) {
    List<String> different = new ArrayList<>();
    for (RecordedMigration migration : whole) {
      boolean tried =
          done.containsKey(migration.script()) || failed.containsKey(migration.script());
      if (tried && !isSame(migration)) {
        different.add(migration.script());
      }
    }
    return different;
  }
}
