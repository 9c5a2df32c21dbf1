package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.core.internal.sqlscript.ParserSqlScript;
import org.flywaydb.core.internal.sqlscript.SqlStatement;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;
import org.flywaydb.database.postgresql.PostgreSQLCopyParsedStatement;
import org.flywaydb.database.postgresql.PostgreSQLParser;

/**
 * A script cut into statements by Flyway's own parser, so that what Belay runs is what Flyway would
 * run.
 *
 * @param name its file name
 */
public record ParsedScript(String name, List<ScriptStatement> statements) {

  public ParsedScript {
    statements = List.copyOf(statements);
  }

  /**
   * Cuts the text of a script. A whole script is held in memory, as Flyway does.
   *
   * @param target the database that it is run in; its name and user are placeholders
   * @param name its file name, which is a placeholder too
   * @param text as it is in the file
   * @throws Failure FAILED when a placeholder has no value or the text cannot be parsed
   */
  public static ParsedScript of(AppSettings app, Target target, String name, String text) {
    String replaced = replaced(app, target, name, text);
    List<ScriptStatement> statements = new ArrayList<>();
    try {
      // Replaced above, as the checksums are: there is one way to do it, and it needs no server.
      ParserSqlScript script =
          new ParserSqlScript(
              new PostgreSQLParser(
                  Flyway.configure().placeholderReplacement(false).mixed(true),
                  new ParsingContext()),
              new StringResource(replaced),
              null,
              true);
      try (SqlStatementIterator found = script.getSqlStatements()) {
        while (found.hasNext()) {
          SqlStatement next = found.next();
          statements.add(
              new ScriptStatement(
                  next, comments(next.getSql()), next instanceof PostgreSQLCopyParsedStatement));
        }
      }
    } catch (FlywayException unreadable) {
      throw Failure.failed(
              "%s cannot be cut into statements: %s"
                  .formatted(
                      name, String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("")),
              "mend the script, and run it in psql in a scratch database")
          .causedBy(unreadable);
    }
    return new ParsedScript(name, statements);
  }

  /**
   * The text of an undo script with its placeholders replaced.
   *
   * @param name its file name, which is a placeholder too
   * @throws Failure FAILED when a placeholder has no value
   */
  public static String replaced(AppSettings app, Target target, String name, String text) {
    if ("false".equalsIgnoreCase(app.flyway().get("placeholderReplacement"))) {
      return text;
    }
    ScriptName as = new ScriptName(ScriptKind.UNDO, null, "", "UNDO_SQL", name);
    StringWriter all = new StringWriter(text.length());
    try (Reader reader = Placeholders.of(app, target, as).replacing(new StringReader(text))) {
      reader.transferTo(all);
    } catch (IOException unknown) {
      throw Failure.failed(
              name + ": " + unknown.getMessage(),
              "give the placeholder a value: placeholders of app " + app.name() + " in belay.yaml")
          .causedBy(unknown);
    }
    return all.toString();
  }

  /** Whether every statement can run within a transaction. */
  public boolean isTransactional() {
    return statements.stream().allMatch(ScriptStatement::isTransactional);
  }

  /** Whether there is nothing to run: only blank lines and comments. */
  public boolean isEmpty() {
    return statements.isEmpty();
  }

  private static List<String> comments(String sql) {
    List<String> comments = new ArrayList<>();
    for (String line : sql.lines().map(String::strip).toList()) {
      if (line.isEmpty()) {
        comments.clear();
      } else if (line.startsWith("--")) {
        comments.add(line.substring(2).strip());
      } else {
        return comments;
      }
    }
    return comments;
  }
}
