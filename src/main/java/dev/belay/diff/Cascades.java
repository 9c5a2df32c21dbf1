package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what foreign keys take away or change in the target beside the merge. */
final class Cascades {
  private final Database session;
  private final Map<Long, MergeTable> tables = new HashMap<>();
  private final List<ForeignKey> keys = new ArrayList<>();
  private final Map<ForeignKey, Long> removed = new LinkedHashMap<>();

  private Cascades(Database session, List<MergeTable> tables, List<ForeignKey> keys) {
    this.session = session;
    tables.forEach(table -> this.tables.put(table.oid(), table));
    this.keys.addAll(keys);
  }

  /** Everything that would happen, by table and foreign key; empty: nothing. */
  static List<Cascade> of(Database session, List<MergeTable> tables, List<ForeignKey> keys) {
    Cascades cascades = new Cascades(session, tables, keys);
    if (!cascades.possible()) {
      return List.of();
    }
    CascadeQueries.create(session);
    List<Cascade> found = cascades.find();
    CascadeQueries.drop(session);
    return found;
  }

  private boolean possible() {
    return keys.stream()
        .anyMatch(
            key -> {
              MergeTable parent = tables.get(key.parentOid());
              return parent != null
                  && ((key.followsRemoval() && parent.rows(Decision.REMOVE) > 0)
                      || (key.followsChange() && parent.rows(Decision.CHANGE) > 0));
            });
  }

  private List<Cascade> find() {
    spread();
    List<Cascade> found = new ArrayList<>();
    removed.forEach((key, rows) -> add(found, key, Cascade.Effect.REMOVED, rows));
    for (ForeignKey key : keys) {
      if (key.followsRemoval() && !key.onDelete().equals("c")) {
        add(found, key, Cascade.Effect.CHANGED, CascadeQueries.hanging(session, key, tables));
      }
      MergeTable parent = tables.get(key.parentOid());
      if (parent != null && key.followsChange() && parent.rows(Decision.CHANGE) > 0) {
        add(
            found,
            key,
            Cascade.Effect.CHANGED,
            CascadeQueries.following(session, key, parent, tables));
      }
    }
    return found;
  }

  private static void add(List<Cascade> to, ForeignKey key, Cascade.Effect effect, long rows) {
    if (rows > 0) {
      to.add(new Cascade(key.child(), key.name(), key.parent(), effect, rows));
    }
  }

  /** What is removed may be referred to itself, by tables that are not merged, too. */
  private void spread() {
    boolean more = true;
    Set<Long> known = new HashSet<>(tables.keySet());
    while (more) {
      more = false;
      for (ForeignKey key : List.copyOf(keys)) {
        if (!key.onDelete().equals("c")) {
          continue;
        }
        long rows = CascadeQueries.spread(session, key, tables);
        removed.merge(key, rows, Long::sum);
        more |= rows > 0;
        if (rows > 0 && known.add(key.childOid())) {
          ForeignKeyQueries.of(session, List.of(key.childOid())).stream()
              .filter(further -> !keys.contains(further))
              .forEach(keys::add);
        }
      }
    }
  }
}
