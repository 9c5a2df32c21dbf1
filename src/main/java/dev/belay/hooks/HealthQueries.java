package dev.belay.hooks;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    List<Answer> answers = new ArrayList<>();
    session.readingAndForgetting(() -> answers.addAll(rows(session, query)));
    return wrong(answers, expect);
  }

  /**
   * The first value of a row.
   *
   * @param isFalse whether it is the truth value false
   */
  private record Answer(@Nullable String value, boolean isFalse) {}

  /** More than two rows are never fetched. */
  private static List<Answer> rows(Database session, String query) {
    List<Answer> rows = new ArrayList<>();
    try (Statement statement = session.connection().createStatement()) {
      statement.setMaxRows(2);
      if (!statement.execute(query)) {
        return rows;
      }
      try (ResultSet found = statement.getResultSet()) {
        while (found.next()) {
          rows.add(new Answer(found.getString(1), Boolean.FALSE.equals(found.getObject(1))));
        }
      }
      return rows;
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  private static Optional<String> wrong(List<Answer> rows, Optional<String> expect) {
    if (rows.size() != 1) {
      return Optional.of(rows.isEmpty() ? "no row" : "more than one row");
    }
    String value = rows.get(0).value();
    if (expect.isPresent()) {
      return expect.get().equals(value)
          ? Optional.empty()
          : Optional.of("the value is " + value + ", not " + expect.get());
    }
    if (value == null) {
      return Optional.of("the value is null");
    }
    return rows.get(0).isFalse() ? Optional.of("the value is false") : Optional.empty();
  }
}
