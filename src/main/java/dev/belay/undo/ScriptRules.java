package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptStatement;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an undo script must not be, whatever it does. */
public final class ScriptRules {
  private static final Set<String> TRANSACTION =
      Set.of("commit", "begin", "rollback", "savepoint", "end", "abort", "release");

  private static final Pattern LEADING =
      Pattern.compile("\\A(?:\\s+|--[^\\n]*(?:\\n|\\z)|/\\*(?s:.*?)\\*/)+");

  private static final Pattern WORDS = Pattern.compile("\\A([a-zA-Z]+)(?:\\s+([a-zA-Z]+))?");

  private ScriptRules() {}

  /**
   * Looks at a script.
   *
   * @return why it must not be run; empty: it may
   */
  public static Optional<Failure> against(ParsedScript script) {
    if (script.isEmpty()) {
      return Optional.of(
          Failure.refused(
              script.name() + " has no statement: an empty undo is none",
              "write what takes the migration back, or delete the file, and let belay make one with --generated"));
    }
    for (ScriptStatement statement : script.statements()) {
      Optional<String> wrong = wrong(statement.sql());
      if (wrong.isPresent()) {
        return Optional.of(
            Failure.refused(
                "%s, line %d: %s".formatted(script.name(), statement.line(), wrong.get()),
                "take that line out of the script"));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wrong(String sql) {
    String text = LEADING.matcher(sql).replaceFirst("");
    if (text.startsWith("\\")) {
      return Optional.of(
          "'%s' is a command of psql, which only psql knows".formatted(text.split("\\s", 2)[0]));
    }
    Matcher words = WORDS.matcher(text);
    if (!words.find()) {
      return Optional.empty();
    }
    String first = words.group(1).toLowerCase(Locale.ROOT);
    String second = words.group(2) == null ? "" : words.group(2).toLowerCase(Locale.ROOT);
    boolean ofTwo =
        (first.equals("start") || first.equals("prepare")) && second.equals("transaction");
    boolean session = (first.equals("discard") && second.equals("all"));
    if (TRANSACTION.contains(first) || ofTwo) {
      return Optional.of(
          "'%s' would end or begin a transaction itself, so that half of an undo could stay"
              .formatted(ofTwo ? first + " " + second : first));
    }
    return session
        ? Optional.of("'discard all' would let go the locks that keep others out")
        : Optional.empty();
  }
}
