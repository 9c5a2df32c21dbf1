package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.stream.Collectors;

/** Takes rows off a stage. */
final class DanglingQueries {
  private DanglingQueries() {}

  /** Whether the row of the target that is to be changed refers to the same already. */
  static String unchanged(MergeTable table, ForeignKey key) {
    String same =
        key.childColumns().stream()
            .map(
                column ->
                    "pg_catalog.concat(t.%s) = pg_catalog.concat(s.%s)"
                        .formatted(new Identifier(column), table.staged(column)))
            .collect(Collectors.joining(" and "));
    return "exists (select from %s as t where t.tableoid = s.place_table and t.ctid = s.place and %s)"
        .formatted(table.pair().target().from(), same);
  }

  /**
   * Removes staged rows that refer to something, as no null among the columns says, of which none
   * of the conditions is true.
   *
   * @return how many
   */
  static long remove(
      Database session, MergeTable table, Decision decision, ForeignKey key, List<String> there) {
    String stage = table.stage(decision);
    String refers =
        key.childColumns().stream()
            .map(column -> "s." + table.staged(column) + " is distinct from null")
            .collect(Collectors.joining(" and "));
    long rows =
        session.execute(
            "delete from %s as s where %s and not (%s)"
                .formatted(stage, refers, String.join(" or ", there)));
    if (rows > 0) {
      // Batches go through the numbers from 1 to how many there are.
      session.execute(
          """
          update %s as s
             set number = n.fresh
            from (select ctid as place_in_stage,
                         pg_catalog.row_number() over (order by number) as fresh
                    from %s) as n
           where s.ctid = n.place_in_stage
          """
              .formatted(stage, stage));
      session.execute("analyze " + stage);
    }
    return rows;
  }
}
