package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be altered where it is, and the statements for it. */
final class Altering {
  private static final Set<String> NEVER_REBUILT =
      Set.of(
          Property.OWNER,
          Property.GRANTS,
          Property.COMMENT,
          Property.LABEL,
          Property.INDEX_COMMENT,
          Property.ENABLED,
          Property.TABLESPACE,
          Property.OPTIONS,
          "clustered",
          "statistics",
          "target",
          Property.NAME,
          Property.INHERITED,
          Property.ATTACHED_TO);

  private final Catalogue actual;

  Altering(Catalogue actual) {
    this.actual = actual;
  }

  /** Whether the object has to be dropped and created anew to be as expected. */
  static boolean rebuilds(Difference difference, SchemaObject wanted, SchemaObject there) {
    return switch (difference.key().kind()) {
      case SCHEMA,
          EXTENSION,
          ENUM,
          COMPOSITE_TYPE,
          ATTRIBUTE,
          DOMAIN,
          SEQUENCE,
          TABLE,
          FOREIGN_TABLE,
          COLUMN,
          USER_MAPPING,
          SUBSCRIPTION,
          DEFAULT_PRIVILEGES,
          PRIVILEGES ->
          false;
      case FUNCTION, PROCEDURE ->
          difference.changes("arguments")
              || difference.changes("returns")
              || difference.changes("window");
      case CONSTRAINT, DOMAIN_CONSTRAINT ->
          difference.properties().stream()
                  .anyMatch(each -> !NEVER_REBUILT.contains(each.property()))
              && !onlyValidity(wanted, there);
      default ->
          difference.properties().stream()
              .anyMatch(each -> !NEVER_REBUILT.contains(each.property()));
    };
  }

  private static boolean onlyValidity(SchemaObject wanted, SchemaObject there) {
    return there.get(Property.DEFINITION).equals(wanted.get(Property.DEFINITION) + " NOT VALID");
  }

  /** The statements for everything but owner, grants and comment. */
  List<String> of(Difference difference, SchemaObject wanted, SchemaObject there) {
    ObjectKey key = wanted.key();
    List<String> lines = new ArrayList<>();
    String relation = Sql.relation(key);
    switch (key.kind()) {
      case EXTENSION -> {
        if (difference.changes("in schema")) {
          lines.add(
              "ALTER EXTENSION "
                  + relation
                  + " SET SCHEMA "
                  + Sql.name(wanted.get("in schema"))
                  + ";");
        }
        if (difference.changes(Property.VERSION)) {
          lines.add(
              "ALTER EXTENSION "
                  + relation
                  + " UPDATE TO "
                  + Sql.name(wanted.get(Property.VERSION))
                  + ";");
        }
      }
      case ENUM -> lines.addAll(EnumSql.change(wanted, there));
      case COMPOSITE_TYPE -> columnOrder(difference, lines);
      case ATTRIBUTE ->
          lines.add(
              "ALTER TYPE "
                  + relation
                  + " ALTER ATTRIBUTE "
                  + Sql.name(key.member())
                  + " TYPE "
                  + Creation.typed(wanted)
                  + " CASCADE;");
      case DOMAIN -> domain(difference, wanted, lines);
      case FUNCTION, PROCEDURE -> {
        if (difference.properties().stream().anyMatch(p -> !NEVER_REBUILT.contains(p.property()))) {
          lines.add(Step.statement(wanted.creation()));
        }
      }
      case SEQUENCE -> sequence(difference, wanted, lines);
      case TABLE, FOREIGN_TABLE -> {
        columnOrder(difference, lines);
        lines.addAll(new TableChange(difference, wanted, there).statements());
      }
      case COLUMN -> {
        if (!ofView(key)) {
          lines.addAll(new ColumnChange(difference, wanted, there, actual).statements());
        } else if (difference.changes(Property.DEFAULT)) {
          lines.add(ColumnSql.alter(wanted).replaceFirst("TABLE", "VIEW") + setDefault(wanted));
        }
      }
      case VIEW, MATERIALIZED_VIEW -> lines.addAll(TableChange.options(difference, wanted, there));
      case CONSTRAINT, INDEX -> index(difference, wanted, there, lines);
      case DOMAIN_CONSTRAINT -> {
        rename(difference, "ALTER DOMAIN " + relation, lines);
        if (difference.changes(Property.DEFINITION)) {
          lines.add(
              "ALTER DOMAIN " + relation + " VALIDATE CONSTRAINT " + Sql.name(key.member()) + ";");
        }
      }
      case STATISTICS -> {
        if (difference.changes("target")) {
          String target = wanted.has("target") ? wanted.get("target") : "-1";
          lines.add("ALTER STATISTICS " + relation + " SET STATISTICS " + target + ";");
        }
      }
      case SUBSCRIPTION -> {
        lines.add(
            "ALTER SUBSCRIPTION " + relation + (wanted.has("enabled") ? " ENABLE;" : " DISABLE;"));
        if (difference.changes("publications")) {
          lines.add(
              "ALTER SUBSCRIPTION "
                  + relation
                  + " SET PUBLICATION "
                  + wanted.get("publications")
                  + ";");
        }
      }
      case TRIGGER, RULE, EVENT_TRIGGER -> {
        if (difference.changes(Property.ENABLED)) {
          lines.add(EnabledSql.change(wanted));
        }
      }
      default -> {}
    }
    boolean partition = table(key).map(table -> table.has(Property.PARTITION_OF)).orElse(false);
    if (difference.changes(Property.INHERITED) && !partition && wanted.has(Property.INHERITED)) {
      lines.add(
          Step.remark(
              "no statement makes %s its parent's alone: it is declared for the table itself too"
                  .formatted(key)));
    }
    return lines;
  }

  static String setDefault(SchemaObject wanted) {
    return wanted.has(Property.DEFAULT)
        ? " SET DEFAULT " + wanted.get(Property.DEFAULT) + ";"
        : " DROP DEFAULT;";
  }

  private boolean ofView(ObjectKey column) {
    return actual
        .objects()
        .containsKey(ObjectKey.of(ObjectKind.VIEW, column.schema(), column.name()));
  }

  private static void columnOrder(Difference difference, List<String> lines) {
    difference
        .property(Property.COLUMN_ORDER)
        .ifPresent(
            order ->
                lines.add(
                    Step.remark(
                        "no statement changes the order of the columns of %s: it should be %s"
                            .formatted(difference.key().plain(), order.expected().orElse("")))));
  }

  private static void domain(Difference difference, SchemaObject wanted, List<String> lines) {
    String alter = "ALTER DOMAIN " + Sql.relation(wanted.key());
    if (difference.changes(Property.TYPE) || difference.changes(Property.COLLATION)) {
      lines.add(
          Step.remark(
              "no statement changes the type of a domain: %s should be of %s"
                  .formatted(wanted.key().plain(), Creation.typed(wanted))));
    }
    if (difference.changes(Property.DEFAULT)) {
      lines.add(alter + setDefault(wanted));
    }
    if (difference.changes(Property.NOT_NULL)) {
      lines.add(alter + (wanted.has(Property.NOT_NULL) ? " SET NOT NULL;" : " DROP NOT NULL;"));
    }
  }

  private static void sequence(Difference difference, SchemaObject wanted, List<String> lines) {
    Set<String> other =
        Set.of(Property.OWNED_BY, Property.OWNER, Property.GRANTS, Property.COMMENT);
    if (difference.properties().stream().anyMatch(each -> !other.contains(each.property()))) {
      lines.add(SequenceSql.alter(wanted));
    }
    if (difference.changes("unlogged")) {
      lines.add(
          "ALTER SEQUENCE "
              + Sql.relation(wanted.key())
              + (wanted.has("unlogged") ? " SET UNLOGGED;" : " SET LOGGED;"));
    }
  }

  private static void rename(Difference difference, String alter, List<String> lines) {
    difference
        .actualKey()
        .filter(there -> difference.changes(Property.NAME))
        .ifPresent(
            there ->
                lines.add(
                    "%s RENAME CONSTRAINT %s TO %s;"
                        .formatted(
                            alter, Sql.name(there.member()), Sql.name(difference.key().member()))));
  }

  private Optional<SchemaObject> table(ObjectKey part) {
    return Optional.ofNullable(
        actual.objects().get(ObjectKey.of(ObjectKind.TABLE, part.schema(), part.name())));
  }

  private void index(
      Difference difference, SchemaObject wanted, SchemaObject there, List<String> lines) {
    ObjectKey key = wanted.key();
    boolean renamed = difference.changes(Property.NAME);
    if (key.kind() == ObjectKind.CONSTRAINT) {
      rename(difference, "ALTER TABLE " + Sql.relation(key), lines);
    } else if (renamed) {
      lines.add(
          "ALTER INDEX %s RENAME TO %s;"
              .formatted(IndexSql.index(difference.there()), Sql.name(key.member())));
    }
    SchemaObject named = renamed || difference.actualKey().isEmpty() ? wanted : there;
    if (key.kind() == ObjectKind.CONSTRAINT && difference.changes(Property.DEFINITION)) {
      lines.add(
          "ALTER TABLE "
              + Sql.relation(key)
              + " VALIDATE CONSTRAINT "
              + Sql.name(named.key().member())
              + ";");
    }
    String index = IndexSql.index(named.key());
    if (difference.changes(Property.OPTIONS)) {
      lines.addAll(TableChange.options("ALTER INDEX " + index, Property.OPTIONS, wanted, there));
    }
    if (difference.changes(Property.TABLESPACE)) {
      lines.add(IndexSql.tablespace(wanted));
    }
    if (difference.changes("statistics")) {
      lines.addAll(IndexSql.statistics(wanted, there.get("statistics")));
    }
    if (difference.changes("clustered") && wanted.has("clustered")) {
      lines.add(IndexSql.clustered(named.key()));
    }
    boolean attached = table(key).map(table -> table.has(Property.PARTITION_OF)).orElse(false);
    if (difference.changes(Property.ATTACHED_TO) && wanted.has(Property.ATTACHED_TO) && attached) {
      lines.add(
          "ALTER INDEX " + wanted.get(Property.ATTACHED_TO) + " ATTACH PARTITION " + index + ";");
    }
  }
}
