package dev.belay.projects;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one migration did to the objects of a database, as sorted lines. */
final class Effect {
  private Effect() {}

  /** Objects created, dropped, renamed, altered, and tables and indexes with a new file. */
  static Set<String> lines(Catalogue before, Catalogue after) {
    Set<String> lines = new TreeSet<>();
    Map<String, CatalogueObject> old = before.objects();
    Map<String, CatalogueObject> now = after.objects();
    Set<String> rebuilt = rebuiltIndexes(old, now);
    now.forEach(
        (key, object) -> {
          CatalogueObject was = old.get(key);
          if (was != null) {
            addChanges(lines, was, object);
          } else if (!rebuilt.contains(object.identity())) {
            lines.add("creates " + object.name());
          }
        });
    old.forEach(
        (key, object) -> {
          if (!now.containsKey(key) && !rebuilt.contains(object.identity())) {
            lines.add("drops " + object.name());
          }
        });
    rebuilt.forEach(identity -> lines.add("rewrites index " + identity));
    addRewrites(lines, old, now);
    return lines;
  }

  private static void addChanges(Set<String> lines, CatalogueObject was, CatalogueObject now) {
    if (!was.identity().equals(now.identity()) && carriesItsOwnName(now.type())) {
      lines.add("renames " + was.name() + " to " + now.identity());
    }
    if (!was.raw().equals(now.raw())) {
      lines.add("alters " + now.name());
      addColumns(lines, was, now);
    }
  }

  private static void addColumns(Set<String> lines, CatalogueObject was, CatalogueObject now) {
    now.columns()
        .forEach(
            (number, name) -> {
              String old = was.columns().get(number);
              if (old == null) {
                lines.add("adds column " + name + " of " + now.identity());
              } else if (!old.equals(name)) {
                lines.add("renames column " + old + " of " + now.identity() + " to " + name);
              }
            });
    was.columns()
        .forEach(
            (number, name) -> {
              if (!now.columns().containsKey(number)) {
                lines.add("drops column " + name + " of " + now.identity());
              }
            });
  }

  /** The identity of these holds the name of their table: that it changed is the table's rename. */
  private static boolean carriesItsOwnName(String type) {
    return !type.equals("trigger") && !type.equals("policy");
  }

  /** {@code REINDEX CONCURRENTLY} makes a new index and gives it the old one's name. */
  private static Set<String> rebuiltIndexes(
      Map<String, CatalogueObject> old, Map<String, CatalogueObject> now) {
    Set<String> rebuilt = new TreeSet<>();
    old.forEach(
        (key, was) -> {
          boolean again =
              was.type().equals("index")
                  && !now.containsKey(key)
                  && now.values().stream()
                      .anyMatch(
                          other ->
                              other.name().equals(was.name()) && other.raw().equals(was.raw()));
          if (again) {
            rebuilt.add(was.identity());
          }
        });
    return rebuilt;
  }

  private static void addRewrites(
      Set<String> lines, Map<String, CatalogueObject> old, Map<String, CatalogueObject> now) {
    Set<String> tables = new TreeSet<>();
    now.forEach(
        (key, object) -> {
          CatalogueObject was = old.get(key);
          if (was != null && was.storage() != object.storage() && !object.type().equals("index")) {
            tables.add(key);
            lines.add("rewrites " + was.name());
          }
        });
    now.forEach(
        (key, object) -> {
          CatalogueObject was = old.get(key);
          boolean alone =
              was != null
                  && was.storage() != object.storage()
                  && object.type().equals("index")
                  && !tables.contains(object.owner());
          if (alone) {
            lines.add("rewrites " + object.name());
          }
        });
  }

  /**
   * The same in a form that can be compared between two databases with different pasts: with the
   * definitions of what is new, the changed parts of what was altered, and nothing of what merely
   * went with its owner. A table that goes takes along whatever it has.
   */
  static Set<String> comparable(Catalogue before, Catalogue after) {
    Set<String> lines = new TreeSet<>();
    Map<String, CatalogueObject> old = before.objects();
    Map<String, CatalogueObject> now = after.objects();
    now.forEach(
        (key, object) -> {
          CatalogueObject was = old.get(key);
          if (was == null) {
            lines.add("creates " + object.name() + " " + texts(object));
          } else if (!was.raw().equals(object.raw())) {
            if (!alteredWithItsOwner(object, old, now)) {
              lines.add("alters " + object.name() + " " + changedParts(was, object));
            }
          }
          boolean renamed = was != null && !was.identity().equals(object.identity());
          if (was != null && renamed && !sameOwnerRenamed(was, old, now)) {
            lines.add("renames " + was.name() + " to " + object.identity());
          }
        });
    old.forEach(
        (key, object) -> {
          boolean withOwner =
              object.owner() != null
                  && old.containsKey(object.owner())
                  && !now.containsKey(object.owner());
          if (!now.containsKey(key) && !withOwner) {
            lines.add("drops " + object.name());
          }
        });
    return lines;
  }

  private static boolean sameOwnerRenamed(
      CatalogueObject object, Map<String, CatalogueObject> old, Map<String, CatalogueObject> now) {
    String owner = object.owner();
    return owner != null
        && old.containsKey(owner)
        && now.containsKey(owner)
        && !old.get(owner).identity().equals(now.get(owner).identity());
  }

  /** A partition is altered whenever its parent is. */
  private static boolean alteredWithItsOwner(
      CatalogueObject object, Map<String, CatalogueObject> old, Map<String, CatalogueObject> now) {
    String owner = object.owner();
    return owner != null
        && old.containsKey(owner)
        && now.containsKey(owner)
        && !old.get(owner).raw().equals(now.get(owner).raw());
  }

  private static String texts(CatalogueObject object) {
    return new TreeMap<>(object.parts()).values().toString();
  }

  private static String changedParts(CatalogueObject was, CatalogueObject now) {
    Set<String> changes = new TreeSet<>();
    now.parts()
        .forEach(
            (key, part) -> {
              CatalogueObject.Part before = was.parts().get(key);
              if (before == null) {
                changes.add("+ " + part);
              } else if (!Objects.equals(before.label(), part.label())) {
                changes.add(part.subject() + ": " + before.label() + " -> " + part.label());
              }
            });
    was.parts()
        .forEach(
            (key, part) -> {
              if (!now.parts().containsKey(key)) {
                changes.add("- " + part.subject() + ": " + part.label());
              }
            });
    return changes.toString();
  }
}
