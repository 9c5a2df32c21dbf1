package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds staged rows that would break a foreign key, under the alias {@code s}. */
final class StrandedQueries {
  private StrandedQueries() {}

  /**
   * A staged row.
   *
   * @param place of the target's row; of no meaning for one that is added
   * @param texts what is staged; empty for one that is removed
   */
  record Found(long number, RowPlace place, Optional<RowTexts> texts) {}

  private record Staged(long number, RowPlace itself, RowPlace target) {}

  /** A row that refers to one that the target will not have. */
  static String refersToNothing(
      ForeignKey key, MergeTable child, Decision decision, @Nullable MergeTable parent) {
    StringBuilder condition = new StringBuilder();
    for (String column : key.childColumns()) {
      condition.append(condition.isEmpty() ? "" : " and ");
      condition.append("s.").append(child.staged(column)).append(" is not null");
    }
    boolean moves = parent != null && moves(key, parent);
    condition
        .append(" and not exists (select from ")
        .append(parent == null ? key.parent() : parent.pair().target().from())
        .append(" as p where ")
        .append(equal(key, column -> "p." + new Identifier(column), staged(child, "s")));
    if (parent != null && parent.rows(Decision.REMOVE) > 0) {
      condition.append(" and not ").append(stagedPlace(parent, Decision.REMOVE, "p"));
    }
    if (parent != null && moves) {
      condition.append(" and not ").append(stagedPlace(parent, Decision.CHANGE, "p"));
    }
    condition.append(")");
    if (parent != null && parent.pair().columns().containsAll(key.parentColumns())) {
      if (parent.rows(Decision.ADD) > 0) {
        condition.append(notAmong(key, child, parent, Decision.ADD));
      }
      if (moves) {
        condition.append(notAmong(key, child, parent, Decision.CHANGE));
      }
    }
    if (decision == Decision.CHANGE) {
      condition.append(" and not ").append(unchanged(key, child));
    }
    return condition.toString();
  }

  /** A row that refers to a key which both sides gave to a row of their own. */
  static String refersToStranger(
      ForeignKey key, MergeTable child, Decision decision, MergeTable parent) {
    String condition =
        "exists (select from %s as a where %s)"
            .formatted(
                parent.stage(Decision.CONFLICT),
                equal(key, staged(parent, "a"), staged(child, "s")));
    return decision == Decision.CHANGE
        ? condition + " and not " + unchanged(key, child)
        : condition;
  }

  /** The server does not look at what an update leaves as it is. */
  private static String unchanged(ForeignKey key, MergeTable child) {
    List<String> same = new ArrayList<>();
    for (String column : key.childColumns()) {
      same.add(
          "pg_catalog.concat(t.%s) = pg_catalog.concat(s.%s)"
              .formatted(new Identifier(column), child.staged(column)));
    }
    return "exists (select from %s as t where t.tableoid = s.place_table and t.ctid = s.place and %s)"
        .formatted(child.pair().target().from(), String.join(" and ", same));
  }

  /** Whether what is referred to may become another value. */
  private static boolean moves(ForeignKey key, MergeTable parent) {
    return parent.rows(Decision.CHANGE) > 0
        && parent.pair().columns().containsAll(key.parentColumns())
        && !parent.pair().key().containsAll(key.parentColumns());
  }

  private static String notAmong(
      ForeignKey key, MergeTable child, MergeTable parent, Decision decision) {
    return " and not exists (select from %s as a where %s)"
        .formatted(parent.stage(decision), equal(key, staged(parent, "a"), staged(child, "s")));
  }

  /** A row that is removed and to which one refers that the target will have. */
  static String stillReferred(ForeignKey key, MergeTable parent, @Nullable MergeTable child) {
    boolean changes =
        child != null
            && child.rows(Decision.CHANGE) > 0
            && child.pair().columns().containsAll(key.childColumns());
    StringBuilder referring =
        new StringBuilder("exists (select from ")
            .append(key.childFrom())
            .append(" as r where ")
            .append(
                equal(
                    key,
                    column -> "p." + new Identifier(column),
                    column -> "r." + new Identifier(column)));
    if (child != null && child.rows(Decision.REMOVE) > 0) {
      referring.append(" and not ").append(stagedPlace(child, Decision.REMOVE, "r"));
    }
    if (child != null && changes) {
      referring.append(" and not ").append(stagedPlace(child, Decision.CHANGE, "r"));
    }
    referring.append(")");
    if (child != null && changes) {
      referring
          .append(" or exists (select from ")
          .append(child.stage(Decision.CHANGE))
          .append(" as m where ")
          .append(equal(key, column -> "p." + new Identifier(column), staged(child, "m")))
          .append(")");
    }
    return "exists (select from %s as p where p.tableoid = s.place_table and p.ctid = s.place and (%s))"
        .formatted(parent.pair().target().from(), referring);
  }

  private static UnaryOperator<String> staged(MergeTable table, String alias) {
    return column -> alias + "." + table.staged(column);
  }

  private static String equal(
      ForeignKey key, UnaryOperator<String> parent, UnaryOperator<String> child) {
    List<String> equal = new ArrayList<>();
    for (int at = 0; at < key.childColumns().size(); at++) {
      equal.add(
          "%s %s %s"
              .formatted(
                  parent.apply(key.parentColumns().get(at)),
                  key.equal().get(at),
                  child.apply(key.childColumns().get(at))));
    }
    return String.join(" and ", equal);
  }

  private static String stagedPlace(MergeTable table, Decision decision, String row) {
    return "exists (select from %s as t where t.place_table = %s.tableoid and t.place = %s.ctid)"
        .formatted(table.stage(decision), row, row);
  }

  /** The first of them. */
  static List<Found> first(
      Database session, MergeTable table, Decision decision, String condition, int most) {
    String stage = table.stage(decision);
    List<Staged> found =
        session.list(
            """
            select s.number, s.tableoid::int8, s.ctid::text,
                   coalesce(s.place_table::int8, 0), coalesce(s.place::text, '(0,0)')
              from %s as s
             where %s
             order by s.number
             limit %d
            """
                .formatted(stage, condition, most),
            row ->
                new Staged(
                    row.getLong(1),
                    LocalDiffQueries.at(row.getLong(2), row.getString(3)),
                    LocalDiffQueries.at(row.getLong(4), row.getString(5))));
    return found.stream()
        .map(
            each ->
                new Found(
                    each.number(),
                    each.target(),
                    decision == Decision.REMOVE
                        ? Optional.empty()
                        : Optional.of(
                            SampleQueries.texts(
                                session,
                                stage,
                                table.stagedColumns(),
                                each.itself(),
                                table.name()))))
        .toList();
  }

  /** Takes all of them off the stage; how many. */
  static long take(Database session, MergeTable table, Decision decision, String condition) {
    return session.execute("delete from " + table.stage(decision) + " as s where " + condition);
  }
}
