package dev.belay.scratch;

import java.util.regex.Pattern;

/**
 * What the first words of a statement rule out. Nothing of what a migration does is read from them:
 * they only save the looks and tries that could find nothing.
 */
final class StatementKind {
  private static final Pattern ENDS = Pattern.compile("(?i)\\b(?:commit|end|prepare)\\b");

  /** What cannot end a transaction, unless another statement comes along with it. */
  private static final Pattern STAYS_IN =
      Pattern.compile(
          "(?i)\\s*(?:alter|comment|copy|create|delete|do|drop|grant|insert|merge|revoke|select"
              + "|truncate|update|with)\\b");

  private static final Pattern ANOTHER_ENDS =
      Pattern.compile("(?i);\\s*(?:commit|end|prepare\\s+transaction)\\b");

  /** What reads and writes rows runs in a transaction as well as without. */
  private static final Pattern OF_ROWS =
      Pattern.compile(
          "(?i)(?:\\s|--[^\\n]*\\n)*"
              + "(?:copy|delete|execute|insert|merge|select|truncate|update|values|with)\\b");

  /** Words without which nothing that all databases share can be changed. */
  private static final Pattern BEYOND =
      Pattern.compile(
          "(?i)\\b(?:database|execute|group|owned|parameter|role|subscription|system|tablespace"
              + "|user)\\b");

  private StatementKind() {}

  /** Whether it could end the transaction that it runs in. */
  static boolean mayEndTransaction(String sql) {
    return ENDS.matcher(sql).find()
        && (!STAYS_IN.matcher(sql).lookingAt() || ANOTHER_ENDS.matcher(sql).find());
  }

  /** Whether it does the same in a transaction of its own. */
  static boolean isOfRows(String sql) {
    return OF_ROWS.matcher(sql).lookingAt() && !ANOTHER_ENDS.matcher(sql).find();
  }

  /** Whether a text in SQL or PL/pgSQL could change what all databases of a server share. */
  static boolean mayReachBeyond(String sql) {
    return BEYOND.matcher(sql).find();
  }
}
