package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The SQL that brings an actual schema to the expected one; made to be read, and run by a person.
 * What would destroy data is commented out, and what no statement can do is a remark.
 */
public final class Alignment {
  private static final List<String> HEAD =
      List.of(
          "-- Brings the schema to what the applied migrations give. Read it before you run it: it takes",
          "-- strong locks, and what would destroy data is commented out. Run it with ON_ERROR_STOP.",
          "SET search_path = pg_catalog;",
          "SET check_function_bodies = false;");

  private final Catalogue expected;
  private final Catalogue actual;
  private final CatalogueComparison comparison;
  private final MetadataSql metadata;
  private final Creation creation;
  private final Set<ObjectKey> rebuilt;
  private final DropSteps drops;
  private final List<Step> steps = new ArrayList<>();

  private Alignment(
      Catalogue expected,
      Catalogue actual,
      CatalogueComparison comparison,
      ComparisonOptions options,
      boolean destroying) {
    this.expected = expected;
    this.actual = actual;
    this.comparison = comparison;
    this.metadata = new MetadataSql(actual, options);
    this.creation = new Creation(expected);
    this.rebuilt = new Rebuilding(expected, actual, comparison).keys();
    this.drops = new DropSteps(actual, comparison, rebuilt, destroying);
  }

  /** The script as lines; none when nothing is different. Needs no database. */
  public static List<String> lines(
      Catalogue expected,
      Catalogue actual,
      CatalogueComparison comparison,
      ComparisonOptions options) {
    if (comparison.isEqual()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(HEAD);
    lines.addAll(new Alignment(expected, actual, comparison, options, false).lines());
    return lines;
  }

  /**
   * The same without its head, and with what would destroy data as statements that are run: what is
   * there and not expected goes with all that is in it.
   */
  static List<String> destroying(
      Catalogue expected,
      Catalogue actual,
      CatalogueComparison comparison,
      ComparisonOptions options) {
    return comparison.isEqual()
        ? List.of()
        : new Alignment(expected, actual, comparison, options, true).lines();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    drops.steps(true).forEach(drop -> lines.addAll(drop.lines()));
    for (ObjectKey key : rebuilt) {
      if (expected.objects().containsKey(key)) {
        create(key);
      }
    }
    for (Difference difference : comparison.all()) {
      switch (difference.group()) {
        case MISSING -> create(difference.key());
        case DIFFERENT -> change(difference);
        case ORPHANED -> {}
      }
    }
    lines.addAll(new NewColumns(expected, actual).remarks());
    List<Step> ordered = new StepOrder(steps, expected).ordered();
    ordered.forEach(step -> lines.addAll(step.lines()));
    drops.steps(false).forEach(drop -> lines.addAll(drop.lines()));
    return lines;
  }

  private boolean isOfView(ObjectKey column) {
    return expected
            .objects()
            .containsKey(ObjectKey.of(ObjectKind.VIEW, column.schema(), column.name()))
        || expected
            .objects()
            .containsKey(
                ObjectKey.of(ObjectKind.MATERIALIZED_VIEW, column.schema(), column.name()));
  }

  private SchemaObject there(ObjectKey key) {
    return Objects.requireNonNull(actual.objects().get(key), key::toString);
  }

  private SchemaObject wanted(ObjectKey key) {
    return Objects.requireNonNull(expected.objects().get(key), key::toString);
  }

  private boolean isTableNew(ObjectKey member) {
    for (ObjectKind kind :
        List.of(ObjectKind.TABLE, ObjectKind.FOREIGN_TABLE, ObjectKind.COMPOSITE_TYPE)) {
      ObjectKey table = ObjectKey.of(kind, member.schema(), member.name());
      if (expected.objects().containsKey(table) && !actual.objects().containsKey(table)) {
        return true;
      }
    }
    return false;
  }

  private void create(ObjectKey key) {
    SchemaObject object = wanted(key);
    if (key.kind() == ObjectKind.COLUMN && isOfView(key)) {
      // It is created with its view.
      return;
    }
    boolean inTable =
        (key.kind() == ObjectKind.COLUMN || key.kind() == ObjectKind.ATTRIBUTE) && isTableNew(key);
    List<String> lines = new ArrayList<>();
    if (!inTable) {
      lines.addAll(creation.of(object));
    }
    List<String> after = new ArrayList<>();
    if (key.kind() == ObjectKind.COLUMN) {
      after.addAll(ColumnSql.settings(object, false));
    }
    after.addAll(metadata.ofNew(object));
    metadata.indexComment(object, "", after);
    steps.add(Step.of(key, lines));
    if (key.kind() == ObjectKind.TABLE || key.kind() == ObjectKind.FOREIGN_TABLE) {
      after.addAll(0, TableSql.rowSecurity(object));
      attach(object);
      if (object.has("replica identity")) {
        steps.add(Step.after(ObjectKind.INDEX, 7, key, List.of(TableSql.replicaIdentity(object))));
      }
    }
    if (key.kind() == ObjectKind.SEQUENCE && object.has(Property.OWNED_BY)) {
      steps.add(Step.after(ObjectKind.COLUMN, 9, key, List.of(SequenceSql.owner(object))));
    }
    if (key.kind() == ObjectKind.VIEW || key.kind() == ObjectKind.MATERIALIZED_VIEW) {
      for (SchemaObject column : new TableSql(expected).columns(key)) {
        boolean ofView = key.kind() == ObjectKind.VIEW;
        after.addAll(ColumnSql.settings(column, ofView));
        after.addAll(metadata.ofNewColumn(column));
      }
    }
    boolean late = key.isMember() || key.kind().isRelation();
    steps.add(
        new Step(
            late ? Step.order(ObjectKind.EVENT_TRIGGER) + 5 : Step.order(key.kind()) + 1,
            key,
            false,
            after));
  }

  private void attach(SchemaObject partition) {
    if (partition.has(Property.PARTITION_OF)) {
      steps.add(
          Step.after(ObjectKind.INDEX, 8, partition.key(), List.of(TableSql.attach(partition))));
    }
  }

  private void change(Difference difference) {
    ObjectKey key = difference.key();
    if (rebuilt.contains(difference.there())) {
      if (!rebuilt.contains(key)) {
        create(key);
      }
      return;
    }
    SchemaObject wanted = wanted(key);
    SchemaObject there = there(difference.there());
    List<String> lines = new ArrayList<>();
    if (Altering.rebuilds(difference, wanted, there)) {
      lines.add(
          Step.remark(
              "%s has to be created anew, and data or other objects stand on it:".formatted(key)));
      lines.add(Step.remark(Dropping.statement(there)));
      creation.of(wanted).forEach(line -> lines.add(Step.remark(line)));
    } else {
      lines.addAll(new Altering(actual).of(difference, wanted, there));
    }
    steps.add(Step.of(key, lines));
    if (key.kind() == ObjectKind.TABLE || key.kind() == ObjectKind.FOREIGN_TABLE) {
      if (difference.changes("replica identity")) {
        steps.add(Step.after(ObjectKind.INDEX, 7, key, List.of(TableSql.replicaIdentity(wanted))));
      }
      if (difference.changes(Property.PARTITION_OF)
          || difference.changes(Property.PARTITION_BOUND)) {
        attach(wanted);
      }
    }
    if (difference.changes("clustered") && !wanted.has("clustered")) {
      steps.add(
          Step.after(
              ObjectKind.TABLE,
              5,
              key,
              List.of("ALTER TABLE " + Sql.relation(key) + " SET WITHOUT CLUSTER;")));
    }
    if (key.kind() == ObjectKind.SEQUENCE && difference.changes(Property.OWNED_BY)) {
      steps.add(Step.after(ObjectKind.COLUMN, 9, key, List.of(SequenceSql.owner(wanted))));
    }
    List<String> after =
        new ArrayList<>(
            metadata.ofChanged(
                there.key().equals(key) ? wanted : renamed(wanted, difference), there));
    metadata.indexComment(wanted, there.get(Property.INDEX_COMMENT), after);
    steps.add(Step.after(ObjectKind.EVENT_TRIGGER, 5, key, after));
  }

  /** The expected object under the name that it keeps in the actual schema. */
  private static SchemaObject renamed(SchemaObject wanted, Difference difference) {
    return difference.changes(Property.NAME)
        ? wanted
        : new SchemaObject(
            difference.there(), wanted.properties(), wanted.address(), wanted.creation(), 0);
  }
}
