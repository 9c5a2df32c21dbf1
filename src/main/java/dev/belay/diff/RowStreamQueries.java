package dev.belay.diff;

import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Rows by {@code COPY} in its binary form: {@code PGCOPY}, 19 bytes of header, and for each row the
 * number of its fields (16 bits) and for each field its length (32 bits) and its bytes, all with
 * the greatest byte first; −1 ends it. PostgreSQL documentation, COPY, "Binary Format".
 */
final class RowStreamQueries implements RowStream {
  private static final int SIGNATURE = 11;
  private static final int HEADER = SIGNATURE + 8;

  private final Database session;
  private final CopyOut copy;
  private boolean begun;

  private RowStreamQueries(Database session, CopyOut copy) {
    this.session = session;
    this.copy = copy;
  }

  /**
   * Begins to read. It returns when the server begins to answer, so when it has sorted.
   *
   * @param from what {@code from} takes, with {@link RowHash#ALIAS}, and the condition
   */
  static RowStream open(Database session, PairHashes hashes, String from) {
    String sql =
        "copy (select %s, %s, %s, %s.tableoid, %s.ctid from %s order by 1, 2) to stdout (format binary)"
            .formatted(
                hashes.key(),
                hashes.row().equals(hashes.key()) ? "0::bigint" : hashes.row(),
                hashes.ancestry().equals(hashes.row()) ? "null::bigint" : hashes.ancestry(),
                RowHash.ALIAS,
                RowHash.ALIAS,
                from);
    try {
      CopyOut copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      return new RowStreamQueries(session, copy);
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  @Override
  public Optional<Row> next() {
    try {
      byte[] message = copy.readFromCopy();
      if (message == null) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.wrap(message);
      if (!begun) {
        begun = true;
        bytes.position(header(message));
        if (!bytes.hasRemaining()) {
          return next();
        }
      }
      return bytes.getShort() < 0 ? next() : Optional.of(row(bytes));
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  private static int header(byte[] message) {
    String signature = new String(message, 0, 6, StandardCharsets.US_ASCII);
    if (!signature.equals("PGCOPY")) {
      throw new IllegalStateException("not a binary COPY");
    }
    return HEADER + ByteBuffer.wrap(message).getInt(SIGNATURE + 4);
  }

  private static Row row(ByteBuffer bytes) {
    long key = number(bytes).orElseThrow();
    long row = number(bytes).orElseThrow();
    Optional<Long> ancestry = number(bytes);
    bytes.getInt();
    long table = Integer.toUnsignedLong(bytes.getInt());
    bytes.getInt();
    long block = Integer.toUnsignedLong(bytes.getInt());
    int offset = Short.toUnsignedInt(bytes.getShort());
    return new Row(key, row, ancestry.orElse(row), new RowPlace(table, block, offset));
  }

  private static Optional<Long> number(ByteBuffer bytes) {
    return bytes.getInt() < 0 ? Optional.empty() : Optional.of(bytes.getLong());
  }

  @Override
  public void close() {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException gone) {
      // Whoever uses the session next is told.
    }
  }
}
