package dev.belay.dataset;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLException;

/** COPY to and from the server, as text. */
final class CopyQueries {
  /** The words around them are in the server's language. */
  private static final Pattern WHERE =
      Pattern.compile(
          "^COPY [^\\n]*?, \\p{L}+ (\\d+)(?:, \\p{L}+ ([^:]+)(?:: |$))?", Pattern.MULTILINE);

  private CopyQueries() {}

  /**
   * Prepares a session that reads pieces of tables. Several are at it already, and what runs in one
   * can be cancelled, so none starts parallel workers. Without the other setting each piece would
   * read the whole table.
   */
  static void prepare(Database session) {
    session.execute("set max_parallel_workers_per_gather = 0");
    session.execute("set enable_tidscan = on");
  }

  /** Gives each row as a line with its end. */
  static void out(Database session, String sql, Consumer<byte[]> rows) {
    try {
      CopyOut copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      try {
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
          rows.accept(row[row.length - 1] == '\n' ? row : whole(row, copy));
        }
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  /** The server sends a row at a time; something between it and us might not. */
  private static byte[] whole(byte[] begin, CopyOut copy) throws SQLException {
    ByteArrayOutputStream row = new ByteArrayOutputStream(begin.length * 2);
    row.writeBytes(begin);
    byte[] more = begin;
    while (more[more.length - 1] != '\n') {
      more = copy.readFromCopy();
      if (more == null) {
        throw new SQLException("the server sent half a row");
      }
      row.writeBytes(more);
    }
    return row.toByteArray();
  }

  /**
   * Sends what {@code writing} writes.
   *
   * @return how many rows the server took
   */
  static long in(Database session, String sql, Consumer<RowSink> writing) {
    try {
      CopyIn copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      try {
        writing.accept(
            (bytes, offset, length) -> {
              try {
                copy.writeToCopy(bytes, offset, length);
              } catch (SQLException error) {
                throw new Refused(error);
              }
            });
        return copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (Refused refused) {
      throw refused.getCause() instanceof SQLException error ? failure(session, error) : refused;
    } catch (SQLException error) {
      throw failure(session, error);
    }
  }

  /** The server says which row of the COPY it did not take, and which column. */
  private static Failure failure(Database session, SQLException error) {
    Failure failure = session.failure(error);
    if (error instanceof PSQLException server && server.getServerErrorMessage() != null) {
      String where = server.getServerErrorMessage().getWhere();
      Matcher place = WHERE.matcher(where == null ? "" : where);
      if (place.find()) {
        return failure.about(
            "row "
                + place.group(1)
                + (place.group(2) == null ? "" : ", column \"" + place.group(2) + "\""));
      }
    }
    return failure;
  }

  /** Carries the server's error through a sink that throws none of its kind. */
  private static final class Refused extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Refused(Exception error) {
      super(error);
    }
  }
}
