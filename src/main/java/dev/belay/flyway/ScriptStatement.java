package dev.belay.flyway;

import dev.belay.postgres.Database;
import java.util.List;
import org.flywaydb.core.internal.sqlscript.SqlStatement;

/** A statement of a script, as Flyway would send it. */
public final class ScriptStatement {
  private final SqlStatement parsed;
  private final List<String> comments;
  private final boolean copy;

  ScriptStatement(SqlStatement parsed, List<String> comments, boolean copy) {
    this.parsed = parsed;
    this.comments = List.copyOf(comments);
    this.copy = copy;
  }

  /** The line of the script in which it begins, from 1; comments before it do not count. */
  public int line() {
    return parsed.getLineNumber();
  }

  /** Its text with the comments before it and without the delimiter; placeholders are replaced. */
  public String sql() {
    return parsed.getSql();
  }

  /** The lines {@code -- …} before it and after the last blank one, without the dashes. */
  public List<String> comments() {
    return comments;
  }

  /** Whether it can run within a transaction, as Flyway sees it. */
  public boolean isTransactional() {
    return parsed.canExecuteInTransaction();
  }

  /** Whether it is {@code COPY … FROM STDIN}, whose data follow in the script. */
  public boolean isCopy() {
    return copy;
  }

  /**
   * Runs it.
   *
   * @return rows changed; 0 where the server counts none
   * @throws dev.belay.core.Failure with the server's error as its cause
   */
  public long run(Database session) {
    return copy
        ? ScriptRunQueries.copy(session, parsed)
        : ScriptRunQueries.run(session, parsed.getSql());
  }
}
