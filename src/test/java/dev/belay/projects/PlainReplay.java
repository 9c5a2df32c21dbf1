package dev.belay.projects;

import dev.belay.core.Target;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Runs migrations one by one without Flyway, each in a transaction of its own where it can run in
 * one, and goes on after one that fails as if it had never been there.
 */
final class PlainReplay implements AutoCloseable {
  private static final Pattern COPY =
      Pattern.compile("(?ims)^(copy [^;]* from stdin);\\n(.*?)^\\\\\\.\\n");

  private final Project project;
  private final Connection connection;
  private Catalogue before;

  PlainReplay(Target target, Project project) throws SQLException {
    this.project = project;
    this.connection = Sessions.open(target);
    try (Statement statement = connection.createStatement()) {
      statement.execute("create schema if not exists " + project.app().historySchema());
    }
    this.before = Catalogue.readWithParts(connection);
  }

  /** Runs one migration and says what came of it. */
  Outcome run(ProjectScript script) throws SQLException {
    String text = project.resolved(script.text());
    connection.setAutoCommit(script.runsWithoutTransaction());
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      Map<String, Rows.Changes> changesBefore = Rows.changes(connection);
      execute(statement, text);
      Map<String, Rows.Changes> changes = Rows.changes(connection);
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      Catalogue after = Catalogue.readWithParts(connection);
      Set<String> effect = new TreeSet<>(ComparableEffect.lines(before, after));
      if (!connection.getAutoCommit()) {
        addRows(effect, after, changesBefore, changes);
        connection.commit();
      }
      before = after;
      return new Outcome(false, effect);
    } catch (SQLException failed) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      return Outcome.FAILED;
    } finally {
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("reset search_path");
      }
    }
  }

  private void execute(Statement statement, String text) throws SQLException {
    Matcher copy = COPY.matcher(text);
    int from = 0;
    while (copy.find()) {
      statement.execute(text.substring(from, copy.start()));
      try {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(copy.group(1), new StringReader(copy.group(2)));
      } catch (IOException cannot) {
        throw new UncheckedIOException(cannot);
      }
      from = copy.end();
    }
    statement.execute(text.substring(from));
  }

  private static void addRows(
      Set<String> effect,
      Catalogue after,
      Map<String, Rows.Changes> before,
      Map<String, Rows.Changes> now) {
    now.forEach(
        (key, total) -> {
          CatalogueObject table = after.objects().get(key);
          Rows.Changes here = total.since(before.getOrDefault(key, Rows.Changes.NONE));
          if (table != null && !here.equals(Rows.Changes.NONE)) {
            effect.add(here + " of " + table.identity());
          }
        });
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
