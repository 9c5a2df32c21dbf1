package dev.belay.catalogue;

import dev.belay.catalogue.CatalogueQueries.Found;
import dev.belay.catalogue.CatalogueQueries.Need;
import dev.belay.catalogue.CatalogueQueries.Place;
import dev.belay.catalogue.CatalogueQueries.Said;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.Snapshot;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Everything that {@code pg_dump --schema-only} would print of a database, as it was at one moment.
 * Left out are the objects of extensions, which are theirs, those that the server makes for others,
 * such as the index of a constraint, and Belay's ledger.
 *
 * @param major the server's major version
 * @param objects by what they are called
 * @param needs what each of them cannot be without
 */
public record Catalogue(
    int major,
    SortedMap<ObjectKey, SchemaObject> objects,
    Map<ObjectKey, SortedSet<ObjectKey>> needs) {
  public Catalogue {
    objects = Collections.unmodifiableSortedMap(objects);
    needs = Collections.unmodifiableMap(needs);
  }

  /**
   * Reads a database with a session of its own, as of one moment.
   *
   * @throws Failure UNAVAILABLE when it cannot be reached, or a lock on a view is not to be had
   */
  public static Catalogue read(Databases databases, Target target, CatalogueScope scope) {
    try (Snapshot snapshot = Snapshot.take(databases, target)) {
      return read(snapshot.database(), scope);
    }
  }

  /**
   * Reads with a session that is open; as of one moment only if its transaction is. Locks that are
   * taken on the way, on views and what they read, are let go.
   *
   * @throws Failure UNAVAILABLE when a lock on a view is not to be had
   */
  public static Catalogue read(Database session, CatalogueScope scope) {
    return session.lockingBriefly(() -> readLocking(session, scope));
  }

  private static Catalogue readLocking(Database session, CatalogueScope scope) {
    int major = ServerInfo.of(session).major();
    CatalogueQueries queries = new CatalogueQueries(session, major);
    Map<Place, SchemaObject> found = new HashMap<>();
    Set<String> present = new TreeSet<>(queries.present());
    boolean labelled = present.remove("labels");
    for (String query : present) {
      for (Found each : queries.objects(query)) {
        if (scope.contains(each.object().key())) {
          found.put(each.place(), each.object());
        }
      }
    }
    say(found, queries.said("grants"), Property.GRANTS);
    say(found, queries.said("comments"), Property.COMMENT);
    if (labelled) {
      say(found, queries.said("labels"), Property.LABEL);
    }
    SortedMap<ObjectKey, SchemaObject> objects = new TreeMap<>();
    found.values().forEach(object -> objects.put(object.key(), object));
    Map<ObjectKey, SortedSet<ObjectKey>> needs = new HashMap<>();
    for (Need need : queries.needs()) {
      SchemaObject one = found.get(need.one());
      SchemaObject other = found.get(need.other());
      if (one != null && other != null) {
        needs.computeIfAbsent(one.key(), key -> new TreeSet<>()).add(other.key());
      }
    }
    return new Catalogue(major, objects, needs);
  }

  private static void say(Map<Place, SchemaObject> found, Iterable<Said> sayings, String property) {
    for (Said said : sayings) {
      found.computeIfPresent(said.of(), (place, object) -> object.with(property, said.value()));
    }
  }

  /** Only the objects that the condition keeps. */
  public Catalogue only(Predicate<ObjectKey> kept) {
    SortedMap<ObjectKey, SchemaObject> fewer = new TreeMap<>(objects);
    fewer.keySet().removeIf(kept.negate());
    return new Catalogue(major, fewer, needs);
  }

  /**
   * The same with every role of that name, as owner, as whoever was granted something and as whose
   * default privileges they are, called otherwise: whoever replays migrations is not whoever ran
   * them.
   */
  public Catalogue calling(String role, String otherwise) {
    SortedMap<ObjectKey, SchemaObject> renamed = new TreeMap<>();
    for (SchemaObject object : objects.values()) {
      SchemaObject same = RoleNames.renamed(object, role, otherwise);
      renamed.put(same.key(), same);
    }
    return new Catalogue(major, renamed, needs);
  }
}
