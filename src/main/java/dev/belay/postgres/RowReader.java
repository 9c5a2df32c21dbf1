package dev.belay.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes a value of one row of an answer. */
@FunctionalInterface
public interface RowReader<T> {
  T read(ResultSet row) throws SQLException;
}
