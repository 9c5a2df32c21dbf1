package dev.belay.integrity;

import java.util.Optional;

/**
 * A query whose rows are findings, from a file that psql runs as it is. A column {@code rows} says
 * for how many rows of data a finding stands, a column {@code examples}, an array, which they are.
 */
public final class Check {
  private final String id;
  private final CheckHeader header;
  private final String source;
  private final String sql;
  private final boolean builtIn;
  private final Optional<String> fault;

  /**
   * @param source where it is from, for people
   * @param fault why it cannot be run; empty when it can
   */
  Check(
      String id,
      CheckHeader header,
      String source,
      String sql,
      boolean builtIn,
      Optional<String> fault) {
    this.id = id;
    this.header = header;
    this.source = source;
    this.sql = sql;
    this.builtIn = builtIn;
    this.fault = fault;
  }

  /** The file's name without {@code .sql}, its name for ever. */
  public String id() {
    return id;
  }

  /** What is wrong when it finds something: the first comment of the file. */
  public String complaint() {
    return header.complaint();
  }

  /** How bad that is. */
  public Severity severity() {
    return header.severity();
  }

  /** Who is to be told; empty: nobody is named. */
  public Optional<String> owner() {
    return header.owner();
  }

  /** What to do about a finding; empty: the file does not say. */
  public Optional<String> hint() {
    return header.hint();
  }

  /** Where it is from: a file, or {@code built in}. */
  public String source() {
    return source;
  }

  /** Whether it comes with Belay; else it is a rule of the user's. */
  public boolean isBuiltIn() {
    return builtIn;
  }

  Reach reach() {
    return header.reach();
  }

  /** SQL that says of {@code c}, a row of pg_class, whether there is anything to check. */
  Optional<String> onlyWhere() {
    return header.onlyWhere();
  }

  /** Whether an error of the server, about the thing that is looked at, is itself a finding. */
  boolean takesErrorsForFindings() {
    return header.errorIsFinding();
  }

  /** The one statement of the file. */
  String sql() {
    return sql;
  }

  Optional<String> fault() {
    return fault;
  }
}
