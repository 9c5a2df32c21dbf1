package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements that create objects, without their owners, grants and comments. */
final class Creation {
  private final Catalogue schema;

  /**
   * @param schema where the objects are
   */
  Creation(Catalogue schema) {
    this.schema = schema;
  }

  /** The statements; remarks where none can be made. */
  List<String> of(SchemaObject object) {
    ObjectKey key = object.key();
    String relation = Sql.relation(key);
    return switch (key.kind()) {
      case SCHEMA -> statement("CREATE SCHEMA " + relation);
      case EXTENSION ->
          statement(
              "CREATE EXTENSION " + relation + " WITH SCHEMA " + Sql.name(object.get("in schema")));
      case ENUM ->
          statement(
              "CREATE TYPE " + relation + " AS ENUM (" + Sql.list(object.get("labels")) + ")");
      case COMPOSITE_TYPE -> statement("CREATE TYPE " + relation + " AS (" + attributes(key) + ")");
      case ATTRIBUTE ->
          statement("ALTER TYPE " + relation + " ADD ATTRIBUTE " + attribute(object) + " CASCADE");
      case DOMAIN -> statement("CREATE DOMAIN " + relation + " AS " + domain(object));
      case DOMAIN_CONSTRAINT ->
          statement(
              "ALTER DOMAIN "
                  + relation
                  + " ADD CONSTRAINT "
                  + Sql.name(key.member())
                  + " "
                  + object.get(Property.DEFINITION));
      case FUNCTION, PROCEDURE -> statement(object.creation());
      case SEQUENCE -> statement(SequenceSql.create(object));
      case TABLE, FOREIGN_TABLE -> statement(new TableSql(schema).create(object));
      case COLUMN -> column(object);
      case CONSTRAINT -> constraint(object);
      case INDEX -> index(object);
      case VIEW, MATERIALIZED_VIEW -> statement(view(object));
      case POLICY -> statement(policy(object));
      case TRIGGER, RULE -> {
        // A partition gets its parent's triggers.
        List<String> lines =
            object.has(Property.INHERITED)
                ? new ArrayList<>()
                : new ArrayList<>(statement(object.get(Property.DEFINITION)));
        lines.addAll(EnabledSql.of(object));
        yield lines;
      }
      case EVENT_TRIGGER -> {
        List<String> lines = new ArrayList<>(statement(object.get(Property.DEFINITION)));
        lines.addAll(EnabledSql.of(object));
        yield lines;
      }
      case STATISTICS -> {
        List<String> lines = new ArrayList<>(statement(object.get(Property.DEFINITION)));
        if (object.has("target")) {
          lines.add(
              "ALTER STATISTICS " + relation + " SET STATISTICS " + object.get("target") + ";");
        }
        yield lines;
      }
      case PUBLICATION -> statement(publication(object));
      case USER_MAPPING ->
          List.of(
              Step.remark("the options of a user mapping are secrets: add them by hand"),
              Step.remark("CREATE USER MAPPING " + object.address() + " OPTIONS (…);"));
      case SUBSCRIPTION ->
          List.of(
              Step.remark(
                  "how a subscription connects is a secret: create " + key.plain() + " by hand"));
      case DEFAULT_PRIVILEGES, PRIVILEGES -> List.of();
      case SERVER ->
          object.get(Property.DEFINITION).contains("'****'")
              ? List.of(
                  Step.remark("secrets have to be put in: " + object.get(Property.DEFINITION)))
              : statement(object.get(Property.DEFINITION));
      default -> statement(object.get(Property.DEFINITION));
    };
  }

  private static List<String> statement(String sql) {
    return List.of(Step.statement(sql));
  }

  private String attributes(ObjectKey type) {
    return String.join(
        ", ", new TableSql(schema).columns(type).stream().map(Creation::attribute).toList());
  }

  static String attribute(SchemaObject attribute) {
    return Sql.name(attribute.key().member()) + " " + typed(attribute);
  }

  /** The type of a column, an attribute or a domain with its collation. */
  static String typed(SchemaObject object) {
    return object.get(Property.TYPE)
        + (object.has(Property.COLLATION) ? " COLLATE " + object.get(Property.COLLATION) : "");
  }

  private static String domain(SchemaObject domain) {
    return typed(domain)
        + (domain.has(Property.DEFAULT) ? " DEFAULT " + domain.get(Property.DEFAULT) : "")
        + (domain.has(Property.NOT_NULL) ? " NOT NULL" : "");
  }

  private List<String> column(SchemaObject column) {
    Optional<SchemaObject> table = table(column.key());
    boolean ofView = table.isEmpty();
    boolean fromParent =
        column.has(Property.INHERITED)
            || table
                .map(each -> each.has(Property.PARTITION_OF) || each.has("of type"))
                .orElse(false);
    return ofView || fromParent
        ? List.of()
        : statement(
            "ALTER TABLE "
                + Sql.relation(column.key())
                + " ADD COLUMN "
                + ColumnSql.definition(column, false));
  }

  private Optional<SchemaObject> table(ObjectKey member) {
    return Optional.ofNullable(
            schema.objects().get(ObjectKey.of(ObjectKind.TABLE, member.schema(), member.name())))
        .or(
            () ->
                Optional.ofNullable(
                    schema
                        .objects()
                        .get(
                            ObjectKey.of(
                                ObjectKind.FOREIGN_TABLE, member.schema(), member.name()))));
  }

  private static List<String> constraint(SchemaObject constraint) {
    if (constraint.has(Property.INHERITED) && !constraint.has(Property.ATTACHED_TO)) {
      return List.of();
    }
    ObjectKey key = constraint.key();
    List<String> lines = new ArrayList<>();
    lines.add(
        Step.statement(
            "ALTER TABLE "
                + Sql.relation(key)
                + " ADD CONSTRAINT "
                + Sql.name(key.member())
                + " "
                + constraint.get(Property.DEFINITION)));
    lines.addAll(IndexSql.settings(constraint));
    return lines;
  }

  private static List<String> index(SchemaObject index) {
    ObjectKey key = index.key();
    List<String> lines = new ArrayList<>();
    lines.add(
        Step.statement(
            "CREATE "
                + (index.has("unique") ? "UNIQUE " : "")
                + "INDEX "
                + Sql.name(key.member())
                + " ON "
                + Sql.relation(key)
                + " "
                + index.get(Property.DEFINITION)));
    lines.addAll(IndexSql.settings(index));
    return lines;
  }

  private static String view(SchemaObject view) {
    boolean stored = view.key().kind() == ObjectKind.MATERIALIZED_VIEW;
    return "CREATE "
        + view.key().kind().sql()
        + " "
        + Sql.relation(view.key())
        + (stored && view.has("access method")
            ? " USING " + Sql.name(view.get("access method"))
            : "")
        + (view.has(Property.OPTIONS) ? " WITH (" + Sql.list(view.get(Property.OPTIONS)) + ")" : "")
        + (view.has(Property.TABLESPACE)
            ? " TABLESPACE " + Sql.name(view.get(Property.TABLESPACE))
            : "")
        + " AS\n"
        + view.get(Property.DEFINITION);
  }

  private static String policy(SchemaObject policy) {
    return "CREATE POLICY "
        + Sql.name(policy.key().member())
        + " ON "
        + Sql.relation(policy.key())
        + " AS "
        + policy.get(Property.TYPE)
        + " FOR "
        + policy.get("command")
        + " TO "
        + policy.get("roles")
        + (policy.has("using") ? " USING (" + policy.get("using") + ")" : "")
        + (policy.has("with check") ? " WITH CHECK (" + policy.get("with check") + ")" : "");
  }

  private static String publication(SchemaObject publication) {
    List<String> of = new ArrayList<>();
    if (publication.has("tables")) {
      of.add("TABLE " + publication.get("tables"));
    }
    if (publication.has("schemas")) {
      of.add("TABLES IN SCHEMA " + publication.get("schemas"));
    }
    String what =
        publication.has("all tables")
            ? " FOR ALL TABLES"
            : of.isEmpty() ? "" : " FOR " + String.join(", ", of);
    String generated = publication.get("generated columns");
    return "CREATE PUBLICATION "
        + Sql.name(publication.key().name())
        + what
        + " WITH (publish = '"
        + publication.get("publish")
        + "'"
        + (publication.has("via partition root") ? ", publish_via_partition_root = true" : "")
        + (generated.equals("s") ? ", publish_generated_columns = stored" : "")
        + ")";
  }
}
