package dev.belay.dataset;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings tables of an export into temporary tables of one session, where they can be compared with
 * the live ones and merged into them. A temporary table has the columns that the export and the
 * live table both have, with the live table's types, and neither constraints nor indexes. Rows go
 * from the file to the server without being held; a row that the server does not take, or that is
 * damaged in the file, ends it, and then nothing of the table is loaded.
 *
 * <p>The session must be one that may write, in or outside a transaction. The temporary tables are
 * gone when it ends; {@link Staged#drop} makes them go before.
 */
public final class ExportLoading {
  /** The name that is in the catalogue; pg_temp only stands for it. */
  private static final String SCHEMA =
      "select nspname from pg_catalog.pg_namespace where oid = pg_catalog.pg_my_temp_schema()";

  private final Database session;
  private int number;

  /** Loads into that session, which the caller closes. */
  public ExportLoading(Database session) {
    this.session = session;
  }

  /**
   * A table that was loaded.
   *
   * @param exported as the export has it
   * @param live as the database has it
   * @param staging the temporary table, for this session only
   * @param columns the columns of the temporary table, in the export's order
   */
  public record Staged(
      ExportedTable exported, LiveTable live, TableName staging, List<String> columns, long rows) {
    public Staged {
      columns = List.copyOf(columns);
    }

    /** Drops the temporary table. */
    public void drop(Database session) {
      session.execute("drop table if exists " + staging);
    }
  }

  /**
   * Loads the rows of one table, and lets the planner know them.
   *
   * @param rows as {@link ExportFile#read} gives them
   * @param live the table of this database whose types are taken
   * @throws Failure FINDINGS when the file is damaged, with line and byte; FAILED when the server
   *     does not take a row, with table, row and column; UNAVAILABLE when this role may not make
   *     temporary tables
   */
  public Staged load(ExportRows rows, LiveTable live) {
    ExportedTable exported = rows.table();
    List<String> columns = ExportShape.common(exported, live);
    String called = "belay_staged_" + ++number;
    String list =
        columns.stream()
            .map(Identifier::new)
            .map(Identifier::toString)
            .collect(Collectors.joining(", "));
    session.execute(
        "create temporary table %s as select %s from %s with no data"
            .formatted(new Identifier(called), list, live.name()));
    TableName staging = new TableName(session.text(SCHEMA), called);
    Set<String> kept = new HashSet<>(columns);
    try {
      long taken =
          CopyQueries.in(
              session,
              "copy %s%s from stdin".formatted(staging, columns.isEmpty() ? "" : " (" + list + ")"),
              sink -> rows.copyTo(sink, kept));
      session.execute("analyze " + staging);
      return new Staged(exported, live, staging, columns, taken);
    } catch (Failure failure) {
      throw failure.exitCode() == dev.belay.core.ExitCode.FINDINGS
          ? failure
          : failure.about("table " + exported.name().plain());
    }
  }

  /**
   * Gives a loaded table a key, by which its rows are told apart as those of the live table are.
   *
   * @param key names of columns that it has, at least one
   * @throws Failure FINDINGS when two rows have the same key, or one has none: the file was changed
   *     by hand, or is of a table with another key
   */
  public void key(Staged staged, List<String> key) {
    String columns =
        key.stream()
            .map(Identifier::new)
            .map(Identifier::toString)
            .collect(Collectors.joining(", "));
    try {
      session.execute("alter table %s add primary key (%s)".formatted(staged.staging(), columns));
    } catch (Failure failure) {
      if (SqlState.UNIQUE_VIOLATION.isOf(failure) || SqlState.NOT_NULL_VIOLATION.isOf(failure)) {
        throw Failure.findings(
                "table %s: the export has two rows with one key (%s), or one without: %s"
                    .formatted(staged.exported().name().plain(), columns, failure.message()),
                "take out the row that is wrong, or make a new export: belay export-data")
            .causedBy(failure);
      }
      throw failure;
    }
  }
}
