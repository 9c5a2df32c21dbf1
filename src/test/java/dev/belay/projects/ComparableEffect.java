package dev.belay.projects;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a migration did, in a form that can be compared between two databases with different pasts:
 * the definitions of what is new, the new state of what was altered, and nothing of what merely
 * came or went with something else. A table that goes takes along whatever it has, a column its
 * indexes.
 */
final class ComparableEffect {
  private final Map<String, CatalogueObject> old;
  private final Map<String, CatalogueObject> now;
  private final Set<String> lines = new TreeSet<>();

  private ComparableEffect(Catalogue before, Catalogue after) {
    this.old = before.objects();
    this.now = after.objects();
  }

  /** Both with their parts. */
  static Set<String> lines(Catalogue before, Catalogue after) {
    ComparableEffect effect = new ComparableEffect(before, after);
    effect.now.forEach(effect::addNew);
    effect.old.forEach(effect::addGone);
    return effect.lines;
  }

  private void addNew(String key, CatalogueObject object) {
    CatalogueObject was = old.get(key);
    if (was == null) {
      boolean cameWithOwner = object.owner() != null && isNew(object.owner());
      boolean rebuilt = object.owner() != null && isIn(object, old);
      if (!cameWithOwner && !rebuilt) {
        lines.add("creates " + object.name() + " " + new TreeMap<>(object.parts()).values());
      }
      return;
    }
    if (!was.raw().equals(object.raw()) && !isAltered(object.owner())) {
      String changes = changes(was, object);
      if (!changes.equals("[]")) {
        lines.add("alters " + object.name() + " " + changes);
      }
    }
    if (!was.identity().equals(object.identity()) && !isRenamed(object.owner())) {
      lines.add("renames " + was.name() + " to " + object.identity());
    }
  }

  private void addGone(String key, CatalogueObject object) {
    String owner = object.owner();
    boolean wentWithOwner = owner != null && old.containsKey(owner) && !now.containsKey(owner);
    boolean rebuilt = owner != null && isIn(object, now);
    if (!now.containsKey(key) && !wentWithOwner && !rebuilt && !hasLostColumns(owner)) {
      lines.add("drops " + object.name());
    }
  }

  private boolean isNew(String key) {
    return now.containsKey(key) && !old.containsKey(key);
  }

  private static boolean isIn(CatalogueObject object, Map<String, CatalogueObject> others) {
    return others.values().stream().anyMatch(other -> other.name().equals(object.name()));
  }

  /** A partition is altered whenever its parent is. */
  private boolean isAltered(@Nullable String key) {
    CatalogueObject was = old.get(key);
    CatalogueObject is = now.get(key);
    return was != null && is != null && !was.raw().equals(is.raw());
  }

  /** The identity of a trigger holds the name of its table. */
  private boolean isRenamed(@Nullable String key) {
    CatalogueObject was = old.get(key);
    CatalogueObject is = now.get(key);
    return was != null && is != null && !was.identity().equals(is.identity());
  }

  private boolean hasLostColumns(@Nullable String key) {
    CatalogueObject was = old.get(key);
    CatalogueObject is = now.get(key);
    return was != null && is != null && !is.columns().keySet().containsAll(was.columns().keySet());
  }

  private static String changes(CatalogueObject was, CatalogueObject is) {
    Set<String> changes = new TreeSet<>();
    is.parts()
        .forEach(
            (key, part) -> {
              CatalogueObject.Part before = was.parts().get(key);
              if (before == null) {
                changes.add("= " + part);
              } else if (!before.label().equals(part.label())) {
                changes.add("= " + (part.subject() + " " + part.label()).strip());
              }
            });
    Set<String> lost = new TreeSet<>();
    was.parts()
        .forEach(
            (key, part) -> {
              if (!is.parts().containsKey(key)) {
                lost.add((part.subject() + " " + part.label()).strip());
              }
            });
    Set<Integer> columns = new TreeSet<>(was.columns().keySet());
    columns.removeAll(is.columns().keySet());
    if (columns.isEmpty()) {
      lost.forEach(part -> changes.add("- " + part));
    } else {
      columns.forEach(number -> changes.add("- column " + was.columns().get(number)));
    }
    return changes.toString();
  }
}
