package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts what foreign keys do beside the merge. */
final class CascadeQueries {
  private static final String FOUND = "pg_temp.belay_cascade";

  private CascadeQueries() {}

  /** Makes the place of what would be removed beside the merge. */
  static void create(Database session) {
    session.execute(
        "create temporary table belay_cascade (relation oid, place_table oid, place tid)");
  }

  static void drop(Database session) {
    session.execute("drop table " + FOUND);
  }

  /** Finds rows that hang on those that are removed; how many more than before. */
  static long spread(Database session, ForeignKey key, Map<Long, MergeTable> tables) {
    return session.execute(
        "insert into %s select %d, r.tableoid, r.ctid from %s as r where %s%s"
            .formatted(
                FOUND,
                key.childOid(),
                key.childFrom(),
                hangs(key, tables),
                apart(key, tables, List.of(Decision.REMOVE))));
  }

  /** Counts rows that hang on those that are removed, and stay. */
  static long hanging(Database session, ForeignKey key, Map<Long, MergeTable> tables) {
    return session.number(
        "select pg_catalog.count(*) from %s as r where %s%s"
            .formatted(
                key.childFrom(), hangs(key, tables), apart(key, tables, List.of(Decision.REMOVE))));
  }

  /** Counts rows that refer to a value that is changed. */
  static long following(
      Database session, ForeignKey key, MergeTable parent, Map<Long, MergeTable> tables) {
    List<String> differs = new ArrayList<>();
    for (String column : key.parentColumns()) {
      if (parent.pair().columns().contains(column)) {
        differs.add(
            "pg_catalog.concat(p.%s) <> pg_catalog.concat(s.%s)"
                .formatted(new Identifier(column), parent.staged(column)));
      }
    }
    if (differs.isEmpty()) {
      return 0;
    }
    return session.number(
        """
        select pg_catalog.count(*)
          from %s as r
         where exists (
                 select
                   from %s as s
                   join %s as p on p.tableoid = s.place_table and p.ctid = s.place
                  where (%s)
                    and %s)%s
        """
            .formatted(
                key.childFrom(),
                parent.stage(Decision.CHANGE),
                parent.pair().target().from(),
                String.join(" or ", differs),
                matches(key),
                apart(key, tables, List.of(Decision.REMOVE, Decision.CHANGE))));
  }

  private static String hangs(ForeignKey key, Map<Long, MergeTable> tables) {
    MergeTable parent = tables.get(key.parentOid());
    String removed =
        parent != null && parent.rows(Decision.REMOVE) > 0
            ? "select m.place_table, m.place from %s m union all ".formatted(stage(parent))
            : "";
    String from = parent != null ? parent.pair().target().from() : key.parent().toString();
    return """
        exists (
          select
            from (%sselect f.place_table, f.place from %s f where f.relation = %d) d
            join %s as p on p.tableoid = d.place_table and p.ctid = d.place
           where %s%s)
        """
        .formatted(removed, FOUND, key.parentOid(), from, matches(key), moved(key, tables));
  }

  /** A row that the merge itself lets refer to another parent does not hang any more. */
  private static String moved(ForeignKey key, Map<Long, MergeTable> tables) {
    MergeTable child = tables.get(key.childOid());
    if (child == null || child.rows(Decision.CHANGE) == 0) {
      return "";
    }
    List<String> equal = new ArrayList<>();
    for (int at = 0; at < key.childColumns().size(); at++) {
      String column = key.childColumns().get(at);
      if (child.pair().columns().contains(column)) {
        equal.add(
            "p.%s %s m.%s"
                .formatted(
                    new Identifier(key.parentColumns().get(at)),
                    key.equal().get(at),
                    child.staged(column)));
      }
    }
    if (equal.isEmpty()) {
      return "";
    }
    return " and not exists (select from %s m where m.place_table = r.tableoid and m.place = r.ctid and (%s) is not true)"
        .formatted(child.stage(Decision.CHANGE), String.join(" and ", equal));
  }

  private static String stage(MergeTable table) {
    return table.stage(Decision.REMOVE);
  }

  private static String matches(ForeignKey key) {
    List<String> equal = new ArrayList<>();
    for (int at = 0; at < key.childColumns().size(); at++) {
      equal.add(
          "p.%s %s r.%s"
              .formatted(
                  new Identifier(key.parentColumns().get(at)),
                  key.equal().get(at),
                  new Identifier(key.childColumns().get(at))));
    }
    return String.join(" and ", equal);
  }

  /** Rows that the merge itself writes so do not count, nor those that were found before. */
  private static String apart(
      ForeignKey key, Map<Long, MergeTable> tables, List<Decision> written) {
    StringBuilder apart =
        new StringBuilder(
            """
             and not exists (
                   select from %s f
                    where f.relation = %d and f.place_table = r.tableoid and f.place = r.ctid)
            """
                .formatted(FOUND, key.childOid()));
    MergeTable child = tables.get(key.childOid());
    for (Decision decision : written) {
      if (child != null && child.rows(decision) > 0) {
        apart.append(
            " and not exists (select from %s m where m.place_table = r.tableoid and m.place = r.ctid)"
                .formatted(child.stage(decision)));
      }
    }
    return apart.toString();
  }
}
