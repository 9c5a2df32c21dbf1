package dev.belay.projects;

import java.util.Map;
import java.util.Set;
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
}
