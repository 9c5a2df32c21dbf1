package dev.belay.catalogue;

import dev.belay.catalogue.Difference.Group;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The steps that drop what is there and not expected; what is needed by others goes after them, and
 * stays where they hold data.
 */
final class DropSteps {
  private final Catalogue actual;
  private final CatalogueComparison comparison;
  private final Set<ObjectKey> rebuilt;
  private final boolean destroying;

  /** What would be dropped and is not, since it holds data or is needed by what does. */
  private final Set<ObjectKey> held = new HashSet<>();

  /**
   * @param rebuilt what is dropped to be created anew
   * @param destroying whether what holds data is dropped too, instead of a remark
   */
  DropSteps(
      Catalogue actual,
      CatalogueComparison comparison,
      Set<ObjectKey> rebuilt,
      boolean destroying) {
    this.actual = actual;
    this.comparison = comparison;
    this.rebuilt = rebuilt;
    this.destroying = destroying;
  }

  /**
   * What goes before the rest is changed, or after that.
   *
   * @param early asked for first: what stays then keeps what it needs later
   */
  List<Step> steps(boolean early) {
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
        .map(Map.Entry::getKey)
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
            object, "", object.get(Property.GRANTS), MetadataSql.owner(object.get(Property.OWNER)))
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
    return key.kind() == ObjectKind.COLUMN && (isPartition(key) || isTyped(key));
  }

  /** The columns of a table of a type are the type's. */
  private boolean isTyped(ObjectKey member) {
    SchemaObject table =
        actual.objects().get(ObjectKey.of(ObjectKind.TABLE, member.schema(), member.name()));
    return table != null && table.has("of type");
  }

  private boolean isPartition(ObjectKey member) {
    SchemaObject table =
        actual.objects().get(ObjectKey.of(ObjectKind.TABLE, member.schema(), member.name()));
    return table != null && table.has(Property.PARTITION_OF);
  }

  private SchemaObject there(ObjectKey key) {
    return Objects.requireNonNull(actual.objects().get(key), key::toString);
  }
}
