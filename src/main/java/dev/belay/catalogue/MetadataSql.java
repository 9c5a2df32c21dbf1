package dev.belay.catalogue;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Owner, privileges and comments of objects, as statements that make them as they are expected. */
final class MetadataSql {
  private final Catalogue actual;
  private final ComparisonOptions options;

  /**
   * @param actual the schema that is changed
   * @param options what of it is compared, and so changed
   */
  MetadataSql(Catalogue actual, ComparisonOptions options) {
    this.actual = actual;
    this.options = options;
  }

  /** Those of an object that is new. */
  List<String> ofNew(SchemaObject wanted) {
    return of(wanted, "", grantsByDefault(wanted.key()), "");
  }

  /** Those of a column of a view that is new. */
  List<String> ofNewColumn(SchemaObject wanted) {
    return of(wanted, "", "", "");
  }

  /** Those of an object that is there with others. */
  List<String> ofChanged(SchemaObject wanted, SchemaObject there) {
    return of(
        wanted, there.get(Property.COMMENT), there.get(Property.GRANTS), there.get(Property.OWNER));
  }

  private List<String> of(SchemaObject wanted, String comment, String grants, String ownerThere) {
    List<String> lines = new ArrayList<>();
    String owner = wanted.get(Property.OWNER);
    boolean keepsOwner = !options.owners() || owner.isEmpty() || owner.equals(ownerThere);
    if (!keepsOwner && wanted.key().kind() != ObjectKind.DEFAULT_PRIVILEGES) {
      lines.add("ALTER " + Address.withKind(wanted) + " OWNER TO " + new Identifier(owner) + ";");
    }
    if (options.privileges()) {
      String inForce = keepsOwner ? ownerThere : owner;
      lines.addAll(Privileges.between(wanted, wanted.get(Property.GRANTS), grants, owner(inForce)));
    }
    if (options.comments() && !wanted.get(Property.COMMENT).equals(comment)) {
      String text = literal(wanted.get(Property.COMMENT));
      lines.add("COMMENT ON " + Address.withKind(wanted) + " IS " + text + ";");
    }
    return lines;
  }

  /** What somebody is granted on everything new; it is taken back where it was not granted. */
  private String grantsByDefault(ObjectKey key) {
    Set<String> lines = new TreeSet<>();
    for (SchemaObject object : actual.objects().values()) {
      boolean fits =
          object.key().kind() == ObjectKind.DEFAULT_PRIVILEGES
              && (object.key().schema().isEmpty() || object.key().schema().equals(key.schema()))
              && isFor(object.get("objects"), key.kind());
      if (fits) {
        object
            .get(Property.GRANTS)
            .lines()
            .filter(line -> !line.contains(" OWNER"))
            .forEach(lines::add);
      }
    }
    return String.join("\n", lines);
  }

  private static boolean isFor(String objects, ObjectKind kind) {
    return switch (kind) {
      case TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW -> objects.equals("TABLES");
      case SEQUENCE -> objects.equals("SEQUENCES");
      case FUNCTION, PROCEDURE, AGGREGATE -> objects.equals("FUNCTIONS");
      case ENUM, DOMAIN, COMPOSITE_TYPE, RANGE_TYPE, BASE_TYPE -> objects.equals("TYPES");
      case SCHEMA -> objects.equals("SCHEMAS");
      default -> false;
    };
  }

  /**
   * The index of a constraint can have a comment of its own.
   *
   * @param there the comment that it has
   * @param lines to which the statement is added, if there is one
   */
  void indexComment(SchemaObject wanted, String there, List<String> lines) {
    String comment = wanted.get(Property.INDEX_COMMENT);
    if (options.comments() && !comment.equals(there)) {
      lines.add(
          "COMMENT ON INDEX " + IndexSql.index(wanted.key()) + " IS " + literal(comment) + ";");
    }
  }

  /** The name of a role as it is written; the own one for an unknown one. */
  static String owner(String name) {
    return name.isEmpty() ? "CURRENT_USER" : new Identifier(name).toString();
  }

  private static String literal(String comment) {
    return comment.isEmpty() ? "NULL" : Identifier.literal(comment).strip();
  }
}
