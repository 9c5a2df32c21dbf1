package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement that is run for one range of keys after the other.
 *
 * @param script the file that it stands in
 * @param line of that file in which it begins
 * @param before its text before the range, as the driver takes it
 * @param after its text after the range
 */
public record BatchStatement(BatchMark mark, String script, int line, String before, String after) {
  private static final Pattern RANGE = Pattern.compile("/\\*\\s*belay:range\\s*\\*/");
  private static final Pattern TRUE =
      Pattern.compile("\\A\\s*true\\b", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  private static final Pattern RETURNING =
      Pattern.compile("\\breturning\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern VERB =
      Pattern.compile("\\b(?:select|insert|update|delete|merge)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHANGE_INSIDE =
      Pattern.compile("\\(\\s*(?:insert|update|delete|merge)\\b", Pattern.CASE_INSENSITIVE);
  private static final Set<String> KINDS = Set.of("update", "delete", "insert", "with");

  /**
   * Finds the range in a statement.
   *
   * @param sql with its comments
   * @throws Failure REFUSED when it cannot be run in batches, with the line
   */
  static BatchStatement of(BatchMark mark, String script, int line, String sql) {
    SqlCode code = SqlCode.of(sql);
    List<SqlCode.Piece> ranges = new ArrayList<>();
    for (SqlCode.Piece piece : code.pieces()) {
      if (piece.kind() == SqlCode.Kind.COMMENT && RANGE.matcher(code.text(piece)).matches()) {
        ranges.add(piece);
      }
    }
    String first = code.bare().split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
    if (!KINDS.contains(first)) {
      throw refused(
          script,
          line,
          "'%s' cannot be run in batches; update, delete and insert … select can".formatted(first));
    }
    refuseUncounted(mark, script, line, code.bare());
    if (ranges.size() != 1) {
      throw refused(
          script,
          line,
          "it has /* belay:range */ true %s, and must have it once"
              .formatted(ranges.isEmpty() ? "nowhere" : ranges.size() + " times"));
    }
    Matcher condition = TRUE.matcher(sql.substring(ranges.get(0).end()));
    if (!condition.find()) {
      throw refused(script, line, "after /* belay:range */ there is no true");
    }
    int cut = ranges.get(0).end() + condition.end();
    return new BatchStatement(
        mark,
        script,
        line,
        forDriver(code, 0, ranges.get(0).begin()),
        forDriver(code, cut, sql.length()));
  }

  /** What a statement changed is told only where it gives no rows. */
  private static void refuseUncounted(BatchMark mark, String script, int line, String bare) {
    String outside = outsideOfParentheses(bare);
    Matcher verb = VERB.matcher(outside);
    if (RETURNING.matcher(outside).find()
        || (verb.find() && verb.group().equalsIgnoreCase("select"))) {
      throw refused(
          script,
          line,
          "it gives rows (returning, or with … select), so what it changes cannot be counted");
    }
    if (mark.repeatable() && CHANGE_INSIDE.matcher(bare).find()) {
      throw refused(
          script,
          line,
          "with repeatable=yes it may not change anything within parentheses, since that is not counted");
    }
  }

  private static String outsideOfParentheses(String bare) {
    StringBuilder outside = new StringBuilder();
    int depth = 0;
    for (int at = 0; at < bare.length(); at++) {
      char letter = bare.charAt(at);
      if (letter == '(') {
        depth++;
      } else if (letter == ')') {
        depth--;
        outside.append(' ');
      } else if (depth == 0) {
        outside.append(letter);
      }
    }
    return outside.toString();
  }

  /** A question mark of the statement, such as an operator of jsonb, is no parameter. */
  private static String forDriver(SqlCode code, int begin, int end) {
    StringBuilder text = new StringBuilder();
    for (SqlCode.Piece piece : code.pieces()) {
      int from = Math.max(begin, piece.begin());
      int to = Math.min(end, piece.end());
      if (from >= to || (piece.kind() == SqlCode.Kind.COMMENT)) {
        text.append(from < to ? " " : "");
        continue;
      }
      String part = code.sql().substring(from, to);
      text.append(piece.kind() == SqlCode.Kind.CODE ? part.replace("?", "??") : part);
    }
    return text.toString();
  }

  /** Where it stands, for messages. */
  public String where() {
    return script + ", line " + line;
  }

  /**
   * Its SQL for a range, with a parameter for each column of each bound.
   *
   * @param types of the columns of the key, as SQL writes them
   * @param below whether the range has a lower bound
   */
  String sql(List<String> types, boolean below) {
    List<String> columns =
        mark.key().stream()
            .map(
                column ->
                    mark.alias().map(alias -> new Identifier(alias) + ".").orElse("")
                        + new Identifier(column))
            .toList();
    String range = Keyset.compare(columns, "<=", types);
    if (below) {
      range = Keyset.compare(columns, ">", types) + " and " + range;
    }
    return before + "(" + range + ")" + after;
  }

  /** Its SQL for all rows. */
  public String sqlForAll() {
    return before + "true" + after;
  }

  private static Failure refused(String script, int line, String what) {
    return Failure.refused(
        "%s, line %d: %s".formatted(script, line, what),
        "mend the statement; how one is written: docs/gradual.md");
  }
}
