package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Makes the temporary tables of a merge, and fills them. */
final class StagingQueries {
  private StagingQueries() {}

  /** The types of the target, without its rules: those are for the rows that are written. */
  static void create(Database session, MergeTable table, Decision decision) {
    StringBuilder columns = new StringBuilder();
    if (decision != Decision.REMOVE) {
      for (String column : table.pair().columns()) {
        columns
            .append(", t.")
            .append(new Identifier(column))
            .append(" as ")
            .append(table.staged(column));
      }
    }
    session.execute(
        """
        create temporary table %s as
        select 0::int8 as number, 0::oid as place_table, '(0,0)'::tid as place, 0::int8 as seen%s
          from %s as t
          with no data
        """
            .formatted(table.stageName(decision), columns, table.pair().target().from()));
  }

  /** Stages places of the target. */
  static void places(Database session, MergeTable table, List<StagedRow> rows) {
    StringBuilder lines = new StringBuilder();
    for (StagedRow row : rows) {
      RowPlace place = row.target();
      if (place == null) {
        throw new IllegalStateException("a row to be removed without a place");
      }
      lines.append(row.number()).append('\t').append(place.table()).append('\t');
      lines.append(place.ctid()).append('\n');
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.US_ASCII);
    String copy =
        "copy " + table.stage(Decision.REMOVE) + " (number, place_table, place) from stdin";
    try {
      CopyIn in = session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
      try {
        in.writeToCopy(bytes, 0, bytes.length);
        in.endCopy();
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  /**
   * What is staged of rows of the source. {@code from} is a table of it, in which the rows are
   * found by their places, whatever their number.
   */
  static String select(MergeTable table, String from, List<StagedRow> rows) {
    return """
        select x.number, x.place_table, x.place%s
          from rows from (
                 pg_catalog.unnest(%s::int8[]),
                 pg_catalog.unnest(%s::oid[]),
                 pg_catalog.unnest(%s::tid[]),
                 pg_catalog.unnest(%s::tid[])) as x (number, place_table, place, at)
          join %s as r on r.ctid = x.at
        """
        .formatted(
            table.pair().columns().isEmpty()
                ? ""
                : ", " + MergeTable.list("r", table.pair().columns()),
            array(rows, row -> String.valueOf(row.number())),
            array(
                rows,
                row -> {
                  RowPlace place = row.target();
                  return place == null ? null : String.valueOf(place.table());
                }),
            array(rows, row -> ctid(row.target())),
            array(rows, row -> ctid(row.source())),
            from);
  }

  private static @Nullable String ctid(@Nullable RowPlace place) {
    return place == null ? null : '"' + place.ctid() + '"';
  }

  /** Numbers and places only, so nothing in it needs quoting. */
  private static String array(List<StagedRow> rows, Function<StagedRow, @Nullable String> of) {
    StringBuilder array = new StringBuilder("'{");
    for (StagedRow row : rows) {
      array.append(array.length() == 2 ? "" : ",").append(of.apply(row));
    }
    return array.append("}'").toString();
  }

  /** The columns of a stage that {@link #select} fills. */
  static String into(MergeTable table, Decision decision) {
    return table.stage(decision)
        + " (number, place_table, place, "
        + String.join(", ", table.stagedColumns())
        + ")";
  }

  /** Pipes rows from one server to the other, and looks at none of them. */
  static long pipe(Database from, String select, Database to, String into) {
    CopyIn in;
    try {
      in =
          to.connection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("copy " + into + " from stdin");
    } catch (SQLException error) {
      throw to.failure(error);
    }
    try {
      pump(from, select, to, in);
      return in.endCopy();
    } catch (SQLException error) {
      throw to.failure(error);
    } finally {
      cancel(in);
    }
  }

  private static void pump(Database from, String select, Database to, CopyIn in) {
    CopyOut out = null;
    try {
      out =
          from.connection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("copy (" + select + ") to stdout");
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        write(to, in, row);
      }
    } catch (SQLException error) {
      throw from.failure(error);
    } finally {
      cancel(out);
    }
  }

  private static void write(Database to, CopyIn in, byte[] row) {
    try {
      in.writeToCopy(row, 0, row.length);
    } catch (SQLException error) {
      throw to.failure(error);
    }
  }

  private static void cancel(org.postgresql.copy.@Nullable CopyOperation copy) {
    try {
      if (copy != null && copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException gone) {
      // What broke it is being thrown already.
    }
  }

  /** Makes a stage ready to be written from: the server learns how much is in it. */
  static void finish(Database session, MergeTable table, Decision decision, boolean inBatches) {
    if (inBatches) {
      if (decision != Decision.ADD) {
        session.execute(
            """
            update %s as s
               set seen = %s
              from %s as %s
             where %s.tableoid = s.place_table
               and %s.ctid = s.place
            """
                .formatted(
                    table.stage(decision),
                    table.targetHash(),
                    table.pair().target().from(),
                    RowHash.ALIAS,
                    RowHash.ALIAS,
                    RowHash.ALIAS));
      }
      session.execute("create index on " + table.stage(decision) + " (number)");
    }
    session.execute("analyze " + table.stage(decision));
  }

  /**
   * Which of two rows would be written nobody could say.
   *
   * @throws Failure FAILED when two rows of the source are for one of the target
   */
  static void refuseTwice(Database session, MergeTable table) {
    List<String> columns = table.pair().key();
    String staged =
        String.join(", ", columns.stream().map(name -> "s." + table.staged(name)).toList());
    session
        .first(
            """
            select pg_catalog.concat_ws(', ', %s)
              from %s s
             where (s.place_table, s.place) in (
                     select d.place_table, d.place
                       from %s d
                      group by d.place_table, d.place
                     having pg_catalog.count(*) > 1)
             limit 1
            """
                .formatted(
                    staged.isEmpty() ? "''" : staged,
                    table.stage(Decision.CHANGE),
                    table.stage(Decision.CHANGE)),
            row -> row.getString(1))
        .ifPresent(
            key -> {
              throw Failure.failed(
                  "the source has more than one row of %s with the key (%s) = (%s)"
                      .formatted(table.name().plain(), String.join(", ", columns), key),
                  "remove the doubled rows from the source");
            });
  }
}
