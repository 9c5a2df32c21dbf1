package dev.belay.hooks;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks an operator's query whether the application's data is well. */
final class HealthQueries {
  private HealthQueries() {}

  /**
   * What is not well; empty: nothing. In a transaction in which the server refuses every change.
   *
   * @param expect what the first value must be as text; empty: neither null nor false
   * @throws Failure when the query fails or takes too long
   */
  static Optional<String> ask(
      Database session, String query, Optional<String> expect, Duration timeout) {
    // The operator writes it as for psql: names are looked for where the role looks for them.
    session.execute("reset search_path");
    session.readingOnly().execute("set statement_timeout = " + Math.max(1, timeout.toMillis()));
    Answer answer = new Answer();
    session.readingAndForgetting(() -> answer.read(session, query));
    return answer.wrong(expect);
  }

  /** The first value, and how many rows there are. */
  private static final class Answer {
    private int rows;
    private @Nullable Object value;
    private @Nullable String text;

    /** More than two rows are never fetched. */
    void read(Database session, String query) {
      try (Statement statement = session.connection().createStatement()) {
        statement.setMaxRows(2);
        if (!statement.execute(query)) {
          return;
        }
        try (ResultSet found = statement.getResultSet()) {
          while (found.next()) {
            if (rows++ == 0) {
              value = found.getObject(1);
              text = found.getString(1);
            }
          }
        }
      } catch (SQLException error) {
        throw session.failure(error);
      }
    }

    Optional<String> wrong(Optional<String> expect) {
      if (rows != 1) {
        return Optional.of(rows == 0 ? "no row" : "more than one row");
      }
      if (expect.isPresent()) {
        return expect.get().equals(text)
            ? Optional.empty()
            : Optional.of("the value is " + text + ", not " + expect.get());
      }
      if (value == null) {
        return Optional.of("the value is null");
      }
      return Boolean.FALSE.equals(value) ? Optional.of("the value is false") : Optional.empty();
    }
  }
}
