package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Tables as statements. */
final class TableSql {
  private final Catalogue schema;

  TableSql(Catalogue schema) {
    this.schema = schema;
  }

  /** The columns of a table, or the attributes of a composite type, in their order. */
  List<SchemaObject> columns(ObjectKey table) {
    ObjectKind kind =
        table.kind() == ObjectKind.COMPOSITE_TYPE ? ObjectKind.ATTRIBUTE : ObjectKind.COLUMN;
    return schema
        .objects()
        .subMap(
            new ObjectKey(kind, table.schema(), table.name(), ""),
            new ObjectKey(kind, table.schema(), table.name(), "\uffff"))
        .values()
        .stream()
        .filter(object -> object.key().kind() == kind)
        .sorted(Comparator.comparingInt(SchemaObject::position))
        .toList();
  }

  /** The table with its columns; a partition is attached by a statement of its own. */
  String create(SchemaObject table) {
    boolean foreign = table.key().kind() == ObjectKind.FOREIGN_TABLE;
    boolean ofType = table.has("of type");
    List<String> columns = new ArrayList<>();
    for (SchemaObject column : columns(table.key())) {
      boolean shown =
          ofType
              ? column.has(Property.DEFAULT) || column.has(Property.NOT_NULL)
              : !column.has(Property.INHERITED);
      if (shown) {
        columns.add("  " + ColumnSql.definition(column, ofType));
      }
    }
    StringBuilder text = new StringBuilder("CREATE ");
    text.append(foreign ? "FOREIGN " : table.has("unlogged") ? "UNLOGGED " : "");
    text.append("TABLE ").append(Sql.relation(table.key()));
    if (ofType) {
      text.append(" OF ").append(table.get("of type"));
    }
    if (!columns.isEmpty()) {
      text.append(" (\n").append(String.join(",\n", columns)).append("\n)");
    } else if (!ofType) {
      text.append(" ()");
    }
    if (table.has(Property.INHERITS)) {
      text.append(" INHERITS (").append(table.get(Property.INHERITS)).append(')');
    }
    if (table.has("partition key")) {
      text.append(" PARTITION BY ").append(table.get("partition key"));
    }
    if (foreign) {
      text.append(" SERVER ").append(Sql.name(table.get("server")));
      if (table.has("foreign options")) {
        text.append(" OPTIONS (").append(Sql.list(table.get("foreign options"))).append(')');
      }
    }
    if (table.has("access method")) {
      text.append(" USING ").append(Sql.name(table.get("access method")));
    }
    String options = options(table);
    if (!options.isEmpty()) {
      text.append(" WITH (").append(options).append(')');
    }
    if (table.has(Property.TABLESPACE)) {
      text.append(" TABLESPACE ").append(Sql.name(table.get(Property.TABLESPACE)));
    }
    return text.toString();
  }

  private static String options(SchemaObject table) {
    List<String> options = new ArrayList<>();
    for (String property : List.of(Property.OPTIONS, "toast options")) {
      if (table.has(property)) {
        options.add(Sql.list(table.get(property)));
      }
    }
    return String.join(", ", options);
  }

  /** Row level security of a new table. */
  static List<String> rowSecurity(SchemaObject table) {
    List<String> lines = new ArrayList<>();
    String alter = "ALTER TABLE " + Sql.relation(table.key());
    if (table.has("row security")) {
      lines.add(alter + " ENABLE ROW LEVEL SECURITY;");
    }
    if (table.has("forced row security")) {
      lines.add(alter + " FORCE ROW LEVEL SECURITY;");
    }
    return lines;
  }

  static String replicaIdentity(SchemaObject table) {
    return "ALTER TABLE "
        + Sql.relation(table.key())
        + " REPLICA IDENTITY "
        + (table.has("replica identity") ? table.get("replica identity") : "DEFAULT")
        + ";";
  }

  static String attach(SchemaObject partition) {
    return "ALTER TABLE "
        + partition.get(Property.PARTITION_OF)
        + " ATTACH PARTITION "
        + Sql.relation(partition.key())
        + " "
        + partition.get(Property.PARTITION_BOUND)
        + ";";
  }

  static String detach(SchemaObject partition) {
    return "ALTER TABLE "
        + partition.get(Property.PARTITION_OF)
        + " DETACH PARTITION "
        + Sql.relation(partition.key())
        + ";";
  }
}
