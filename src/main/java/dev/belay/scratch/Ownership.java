package dev.belay.scratch;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.NamePattern;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.config.AppSettings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which objects are an app's: those of its schemas and of those that its migrations make. Of what
 * belongs to no schema, and beside the tables that it names, those that its migrations make.
 */
final class Ownership {
  private final Set<String> schemas;
  private final List<NamePattern> tables;
  private final Set<ObjectKey> made;
  private final boolean alone;

  /**
   * @param apps all apps of the database; the schemas that others name are theirs
   * @param expected what the migrations of all of them make
   */
  Ownership(AppSettings app, List<AppSettings> apps, Catalogue expected) {
    this.made = expected.objects().keySet();
    this.tables = app.tables().stream().map(NamePattern::of).toList();
    // Nobody else can have made what is in no schema.
    this.alone = apps.size() == 1;
    this.schemas = new TreeSet<>(app.schemas());
    for (ObjectKey key : made) {
      boolean ownSchema = key.kind() == ObjectKind.SCHEMA && !key.name().equals("public");
      if (ownSchema || !key.schema().isEmpty()) {
        schemas.add(ownSchema ? key.name() : key.schema());
      }
    }
    for (AppSettings other : apps) {
      if (!other.name().equals(app.name())) {
        other.schemas().stream()
            .filter(schema -> !app.schemas().contains(schema))
            .forEach(schemas::remove);
      }
    }
  }

  /** The schemas that are compared. */
  Set<String> schemas() {
    return schemas;
  }

  /** Whether an object, expected or there, is the app's. */
  boolean has(ObjectKey key) {
    if (key.kind() == ObjectKind.SCHEMA) {
      return schemas.contains(key.name());
    }
    if (key.schema().isEmpty()) {
      return made.contains(key) || (alone && tables.isEmpty());
    }
    if (!schemas.contains(key.schema())) {
      return false;
    }
    boolean ofTable = key.isMember() || key.kind().isRelation();
    return tables.isEmpty()
        || (ofTable
            ? tables.stream().anyMatch(pattern -> pattern.matches(whole(key)))
            : made.contains(key));
  }

  /** The table that a part is of. */
  private static ObjectKey whole(ObjectKey key) {
    return ObjectKey.of(ObjectKind.TABLE, key.schema(), key.name());
  }
}
