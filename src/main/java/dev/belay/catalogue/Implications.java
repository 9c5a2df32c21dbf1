package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Marks the differences that another one says already: the parts of a table that is missing, its
 * sequences, and what a child or a partition has from its parent.
 */
final class Implications {
  private final List<Difference> differences;
  private final Map<ObjectKey, SchemaObject> expected;
  private final Map<ObjectKey, SchemaObject> actual;

  /** Tables, their columns and indexes in the form of SQL, and tables without quotes, by group. */
  private final Map<Group, Set<String>> named =
      Map.of(
          Group.MISSING,
          new HashSet<>(),
          Group.ORPHANED,
          new HashSet<>(),
          Group.DIFFERENT,
          new HashSet<>());

  Implications(
      List<Difference> differences,
      Map<ObjectKey, SchemaObject> expected,
      Map<ObjectKey, SchemaObject> actual) {
    this.differences = differences;
    this.expected = expected;
    this.actual = actual;
  }

  List<Difference> marked() {
    for (Difference difference : differences) {
      if (difference.group() != Group.DIFFERENT) {
        ObjectKey key = difference.key();
        names(difference.group()).add(name(key));
        if (key.isMember()) {
          names(difference.group()).add(part(key, Sql.relation(key)));
        }
      }
    }
    return differences.stream()
        .map(difference -> isImplied(difference) ? difference.asImplied() : difference)
        .toList();
  }

  private Set<String> names(Group group) {
    return named.getOrDefault(group, Set.of());
  }

  private static String part(ObjectKey key, String of) {
    return key.kind().word() + " " + Sql.name(key.member()) + " of " + of;
  }

  private static String name(ObjectKey key) {
    return switch (key.kind()) {
      case COLUMN, ATTRIBUTE -> Sql.name(key.schema(), key.name()) + "." + Sql.name(key.member());
      case INDEX, CONSTRAINT -> key.kind().word() + " " + Sql.name(key.schema(), key.member());
      case TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW, DOMAIN, COMPOSITE_TYPE ->
          Sql.name(key.schema(), key.name());
      default -> key.toString();
    };
  }

  private boolean isImplied(Difference difference) {
    Group group = difference.group();
    if (group == Group.DIFFERENT) {
      return false;
    }
    ObjectKey key = difference.key();
    SchemaObject object = (group == Group.MISSING ? expected : actual).get(key);
    if (object == null) {
      return false;
    }
    Set<String> names = names(group);
    if (key.isMember() && names.contains(Sql.name(key.schema(), key.name()))) {
      return true;
    }
    for (String owner : Sql.names(object.get(Property.OWNED_BY))) {
      return names.contains(owner) || names.contains(owner.substring(0, lastDot(owner)));
    }
    for (String parent : Sql.names(object.get(Property.ATTACHED_TO))) {
      return names.contains("index " + parent) || names.contains("constraint " + parent);
    }
    return key.isMember() && fromParent(group, key, object);
  }

  /** A column or a constraint that the parent lacks in the same way. */
  private boolean fromParent(Group group, ObjectKey key, SchemaObject object) {
    SchemaObject table =
        (group == Group.MISSING ? expected : actual)
            .get(ObjectKey.of(ObjectKind.TABLE, key.schema(), key.name()));
    if (table == null) {
      return false;
    }
    String partition = table.get(Property.PARTITION_OF);
    boolean inherits = object.has(Property.INHERITED) || !partition.isEmpty();
    if (!inherits) {
      return false;
    }
    List<String> parents =
        Sql.names(partition.isEmpty() ? table.get(Property.INHERITS) : partition);
    return parents.stream().anyMatch(parent -> names(group).contains(part(key, parent)));
  }

  /** Where the name of the column begins, which may have dots in it, but then it is quoted. */
  static int lastDot(String column) {
    boolean quoted = false;
    int dot = 0;
    for (int index = 0; index < column.length(); index++) {
      char each = column.charAt(index);
      quoted ^= each == '"';
      dot = !quoted && each == '.' ? index : dot;
    }
    return dot;
  }
}
