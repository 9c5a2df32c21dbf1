package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
  private final ComparisonOptions options;
  private final boolean destroying;
  private final Creation creation;
  private final Set<ObjectKey> rebuilt;
  private final List<Step> steps = new ArrayList<>();

  /** What would be dropped and is not, since it holds data or is needed by what does. */
  private final Set<ObjectKey> held = new HashSet<>();

  private Alignment(
      Catalogue expected,
      Catalogue actual,
      CatalogueComparison comparison,
      ComparisonOptions options,
      boolean destroying) {
    this.expected = expected;
    this.actual = actual;
    this.comparison = comparison;
    this.options = options;
    this.destroying = destroying;
    this.creation = new Creation(expected);
    this.rebuilt = new Rebuilding(expected, actual, comparison).keys();
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
    drops(true).forEach(drop -> lines.addAll(drop.lines()));
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
    drops(false).forEach(drop -> lines.addAll(drop.lines()));
    return lines;
  }

  /** What goes before the rest is changed, or after that; what needs others goes before them. */
  private List<Step> drops(boolean early) {
    TreeMap<ObjectKey, SchemaObject> gone = new TreeMap<>();
    if (early) {
      rebuilt.forEach(key -> gone.put(key, there(key)));
    }
    Set<ObjectKey> orphaned = new HashSet<>();
    comparison.all().stream()
        .filter(difference -> difference.group() == Group.ORPHANED)
        .filter(difference -> !goesWithItsColumn(difference))
        .forEach(difference -> orphaned.add(difference.key()));
    for (ObjectKey key : orphaned) {
      if (goesEarly(key) == early && !rebuilt.contains(key) && !goesWithOther(key, orphaned)) {
        gone.put(key, there(key));
      }
    }
    gone.keySet().removeIf(key -> goesWithView(key, gone.keySet()));
    gone.values()
        .removeIf(
            object -> object.key().kind() == ObjectKind.TRIGGER && object.has(Property.INHERITED));
    List<Step> drops = new ArrayList<>();
    gone.forEach(
        (key, object) ->
            drops.add(new Step(-Step.order(key.kind()), key, true, dropLines(object))));
    return kept(new StepOrder(drops, actual).dependentsFirst());
  }

  /** What stays because it holds data keeps what it needs: that could not be dropped either. */
  private List<Step> kept(List<Step> dependentsFirst) {
    List<Step> drops = new ArrayList<>();
    for (Step drop : dependentsFirst) {
      boolean remark = drop.lines().stream().allMatch(line -> line.startsWith("--"));
      boolean needed = !remark && held.stream().anyMatch(each -> needs(each, drop.key()));
      if (remark || needed) {
        held.add(drop.key());
      }
      drops.add(needed ? drop.notRun("not run, since what is not dropped needs it:") : drop);
    }
    return drops;
  }

  /** Whether an object, or a part of it, needs the other. */
  private boolean needs(ObjectKey object, ObjectKey other) {
    return actual.needs().entrySet().stream()
        .filter(entry -> entry.getValue().contains(other))
        .map(java.util.Map.Entry::getKey)
        .anyMatch(key -> key.equals(object) || isPart(key, object));
  }

  private static boolean isPart(ObjectKey part, ObjectKey whole) {
    return part.isMember()
        && !whole.isMember()
        && part.schema().equals(whole.schema())
        && part.name().equals(whole.name());
  }

  private List<String> dropLines(SchemaObject object) {
    ObjectKind kind = object.key().kind();
    return kind == ObjectKind.DEFAULT_PRIVILEGES || kind == ObjectKind.PRIVILEGES
        ? Privileges.between(
            object, "", object.get(Property.GRANTS), owner(object.get(Property.OWNER)))
        : List.of(destroying ? Dropping.statement(object) : Dropping.of(object));
  }

  /** An index, a rule or a trigger of a view that goes. */
  private static boolean goesWithView(ObjectKey key, Set<ObjectKey> gone) {
    return key.isMember()
        && (gone.contains(ObjectKey.of(ObjectKind.VIEW, key.schema(), key.name()))
            || gone.contains(ObjectKey.of(ObjectKind.MATERIALIZED_VIEW, key.schema(), key.name())));
  }

  /** A sequence whose column goes. */
  private static boolean goesWithItsColumn(Difference difference) {
    return difference.implied() && difference.key().kind() == ObjectKind.SEQUENCE;
  }

  private static boolean goesEarly(ObjectKey key) {
    return key.kind().compareTo(ObjectKind.CONSTRAINT) >= 0;
  }

  /** A part of a table or a view that goes, or something that it has from its parent. */
  private boolean goesWithOther(ObjectKey key, Set<ObjectKey> orphaned) {
    SchemaObject object = there(key);
    if (object.has(Property.ATTACHED_TO) || object.has(Property.INHERITED)) {
      return true;
    }
    for (ObjectKind kind : ObjectKind.values()) {
      ObjectKey whole = ObjectKey.of(kind, key.schema(), key.name());
      if (key.isMember() && orphaned.contains(whole)) {
        return true;
      }
      boolean view = kind == ObjectKind.VIEW || kind == ObjectKind.MATERIALIZED_VIEW;
      if (key.kind() == ObjectKind.COLUMN && view && actual.objects().containsKey(whole)) {
        return true;
      }
    }
    return key.kind() == ObjectKind.COLUMN && (isPartition(actual, key) || isTyped(actual, key));
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

  /** The columns of a table of a type are the type's. */
  private static boolean isTyped(Catalogue schema, ObjectKey member) {
    SchemaObject table =
        schema.objects().get(ObjectKey.of(ObjectKind.TABLE, member.schema(), member.name()));
    return table != null && table.has("of type");
  }

  private static boolean isPartition(Catalogue schema, ObjectKey member) {
    SchemaObject table =
        schema.objects().get(ObjectKey.of(ObjectKind.TABLE, member.schema(), member.name()));
    return table != null && table.has(Property.PARTITION_OF);
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
    after.addAll(said(object, "", grantsByDefault(key)));
    indexComment(object, "", after);
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
        after.addAll(said(column, "", ""));
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
            said(
                there.key().equals(key) ? wanted : renamed(wanted, difference),
                there.get(Property.COMMENT),
                there.get(Property.GRANTS),
                there.get(Property.OWNER)));
    indexComment(wanted, there.get(Property.INDEX_COMMENT), after);
    steps.add(Step.after(ObjectKind.EVENT_TRIGGER, 5, key, after));
  }

  /** The expected object under the name that it keeps in the actual schema. */
  private static SchemaObject renamed(SchemaObject wanted, Difference difference) {
    return difference.changes(Property.NAME)
        ? wanted
        : new SchemaObject(
            difference.there(), wanted.properties(), wanted.address(), wanted.creation(), 0);
  }

  /** The index of a constraint can have a comment of its own. */
  private void indexComment(SchemaObject wanted, String there, List<String> lines) {
    String comment = wanted.get(Property.INDEX_COMMENT);
    if (options.comments() && !comment.equals(there)) {
      lines.add(
          "COMMENT ON INDEX " + IndexSql.index(wanted.key()) + " IS " + literal(comment) + ";");
    }
  }

  private static String owner(String name) {
    return name.isEmpty() ? "CURRENT_USER" : new Identifier(name).toString();
  }

  private static String literal(String comment) {
    return comment.isEmpty() ? "NULL" : Identifier.literal(comment).strip();
  }

  private List<String> said(SchemaObject wanted, String comment, String grants) {
    return said(wanted, comment, grants, "");
  }

  /** Owner, grants and comment. */
  private List<String> said(SchemaObject wanted, String comment, String grants, String ownerThere) {
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
}
