package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/** What makes a column as it should be. */
final class ColumnChange {
  private final Difference difference;
  private final SchemaObject wanted;
  private final SchemaObject there;
  private final Catalogue actual;
  private final String alter;
  private final List<String> lines = new ArrayList<>();

  ColumnChange(Difference difference, SchemaObject wanted, SchemaObject there, Catalogue actual) {
    this.difference = difference;
    this.wanted = wanted;
    this.there = there;
    this.actual = actual;
    this.alter = ColumnSql.alter(wanted);
  }

  /** Whether what reads the column is in the way. */
  static boolean changesType(Difference difference) {
    return difference.changes(Property.TYPE) || difference.changes(Property.COLLATION);
  }

  List<String> statements() {
    if (difference.changes("generated")) {
      generated();
    }
    boolean typed = changesType(difference);
    boolean defaulted = difference.changes(Property.DEFAULT);
    if (identityGoes()) {
      lines.add(alter + " DROP IDENTITY;");
    }
    if (typed && there.has(Property.DEFAULT)) {
      lines.add(alter + " DROP DEFAULT;");
    }
    if (typed && !isPartition()) {
      String type = wanted.get(Property.TYPE);
      String using =
          difference.changes(Property.TYPE) && !wanted.has("generated")
              ? " USING " + Sql.name(wanted.key().member()) + "::" + type
              : "";
      lines.add(alter + " TYPE " + Creation.typed(wanted) + using + ";");
    }
    if (defaulted || (typed && wanted.has(Property.DEFAULT))) {
      if (!wanted.has("identity") || !there.has("identity")) {
        lines.add(alter + Altering.setDefault(wanted));
      }
    }
    if (difference.changes(Property.NOT_NULL)) {
      lines.add(alter + (wanted.has(Property.NOT_NULL) ? " SET NOT NULL;" : " DROP NOT NULL;"));
    }
    identity();
    settings();
    return lines;
  }

  private boolean isPartition() {
    SchemaObject table =
        actual
            .objects()
            .get(ObjectKey.of(ObjectKind.TABLE, wanted.key().schema(), wanted.key().name()));
    return (table != null && table.has(Property.PARTITION_OF)) || there.has(Property.INHERITED);
  }

  private void generated() {
    if (!wanted.has("generated")) {
      lines.add(alter + " DROP EXPRESSION;");
    } else if (there.has("generated") && actual.major() >= 17) {
      String expression = wanted.get("generated");
      int end = expression.lastIndexOf(')') + 1;
      lines.add(
          alter
              + " SET EXPRESSION AS "
              + expression.substring("GENERATED ALWAYS AS ".length(), end)
              + ";");
    } else {
      lines.add(
          Step.remark(
              "no statement makes a column generated; what is in %s would be computed anew:"
                  .formatted(wanted.key().plain())));
      lines.add(Step.remark(Dropping.statement(there)));
      lines.add(
          Step.remark(
              "ALTER TABLE %s ADD COLUMN %s;"
                  .formatted(Sql.relation(wanted.key()), ColumnSql.definition(wanted, false))));
    }
  }

  private boolean identityGoes() {
    return there.has("identity") && !wanted.has("identity");
  }

  private void identity() {
    String options = wanted.get("identity options");
    if (wanted.has("identity") && !there.has("identity")) {
      lines.add(
          alter
              + " ADD GENERATED "
              + wanted.get("identity")
              + " AS IDENTITY ("
              + wanted.get(Property.IDENTITY_SEQUENCE)
              + " "
              + options
              + ");");
      return;
    }
    if (wanted.has("identity") && difference.changes("identity")) {
      lines.add(alter + " SET GENERATED " + wanted.get("identity") + ";");
    }
    if (wanted.has("identity") && difference.changes("identity options")) {
      String set =
          options.replaceAll(
              "(START|INCREMENT|MINVALUE|MAXVALUE|CACHE|NO CYCLE|(?<!NO )CYCLE)", "SET $1");
      lines.add(alter + " " + set + ";");
    }
    if (there.has("identity")
        && wanted.has("identity")
        && difference.changes(Property.IDENTITY_SEQUENCE)) {
      String wantedName = Sql.names(wanted.get(Property.IDENTITY_SEQUENCE).substring(14)).get(0);
      String name = Sql.names(there.get(Property.IDENTITY_SEQUENCE).substring(14)).get(0);
      lines.add(
          "ALTER SEQUENCE %s RENAME TO %s;"
              .formatted(name, wantedName.substring(Implications.lastDot(wantedName) + 1)));
    }
  }

  private void settings() {
    if (difference.changes("storage")) {
      storage();
    }
    if (difference.changes("compression")) {
      String method = wanted.has("compression") ? wanted.get("compression") : "DEFAULT";
      lines.add(alter + " SET COMPRESSION " + method + ";");
    }
    if (difference.changes("statistics")) {
      String target = wanted.has("statistics") ? wanted.get("statistics") : "-1";
      lines.add(alter + " SET STATISTICS " + target + ";");
    }
    if (difference.changes(Property.OPTIONS)) {
      lines.addAll(TableChange.options(alter, Property.OPTIONS, wanted, there));
    }
    if (difference.changes("foreign options")) {
      lines.add(alter + TableChange.foreignOptions(wanted, there) + ";");
    }
  }

  private void storage() {
    if (wanted.has("storage")) {
      lines.add(alter + " SET STORAGE " + wanted.get("storage") + ";");
    } else if (actual.major() >= 16) {
      lines.add(alter + " SET STORAGE DEFAULT;");
    } else {
      lines.add(
          Step.remark(
              "the storage of %s should be what its type has by default"
                  .formatted(wanted.key().plain())));
    }
  }
}
