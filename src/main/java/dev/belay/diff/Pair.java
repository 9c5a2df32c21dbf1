package dev.belay.diff;

import dev.belay.core.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two relations that are compared, and by which columns.
 *
 * @param columns names of the columns that both have and neither computes, in the order of the
 *     target
 * @param key names of the key columns; empty: rows are compared as a multiset
 * @param differences what their shapes differ in, in words
 */
public record Pair(
    Relation source,
    Relation target,
    List<String> columns,
    List<String> key,
    List<String> differences) {
  public Pair {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    differences = List.copyOf(differences);
  }

  /**
   * Pairs two relations: columns by name, the key of the target where the source's is the same, or
   * the other way round.
   */
  public static Pair of(Relation source, Relation target) {
    List<String> common = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (RelationColumn column : target.columns()) {
      Optional<RelationColumn> other = source.column(column.name());
      if (other.isEmpty()) {
        if (!column.generated()) {
          differences.add("column " + column.name() + " is only in the target");
        }
        continue;
      }
      if (!other.get().type().equals(column.type())) {
        differences.add(
            "column %s is %s in the source and %s in the target"
                .formatted(column.name(), other.get().type(), column.type()));
      }
      if (!column.generated() && !other.get().generated()) {
        common.add(column.name());
      } else if (column.generated() != other.get().generated()) {
        differences.add("column " + column.name() + " is generated on one side only");
      }
    }
    source.columns().stream()
        .filter(column -> !column.generated() && target.column(column.name()).isEmpty())
        .forEach(column -> differences.add("column " + column.name() + " is only in the source"));
    return new Pair(source, target, common, key(source, target, common), differences);
  }

  /** A key that only one side keeps does not tell the other's rows apart. */
  private static List<String> key(Relation source, Relation target, List<String> common) {
    boolean same =
        source.key().size() == target.key().size() && source.key().containsAll(target.key());
    return same && common.containsAll(target.key()) ? target.key() : List.of();
  }

  /** The name of the target's table. */
  public TableName name() {
    return target.name();
  }
}
