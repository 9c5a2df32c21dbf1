package dev.belay.process;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one command line into words by the quoting rules of POSIX. What a shell would do beyond that
 * is refused where it stands outside of quotes: it would become a word, and that is never meant.
 */
final class WordSplitting {
  private static final String OPERATORS = "|&;<>()`";

  /** Before these a backslash takes the meaning away also in double quotes. */
  private static final String ESCAPED_IN_QUOTES = "$`\"\\";

  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private int at;

  WordSplitting(String line) {
    this.line = line;
  }

  List<String> words() {
    while (at < line.length()) {
      char next = line.charAt(at++);
      switch (next) {
        case ' ', '\t', '\n', '\r' -> end();
        case '\\' -> escaped();
        case '\'' -> singleQuoted();
        case '"' -> doubleQuoted();
        default -> {
          refuseShell(next, false);
          take(next);
        }
      }
    }
    end();
    return List.copyOf(words);
  }

  private void take(char next) {
    begun = true;
    word.append(next);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }

  private void escaped() {
    if (at == line.length()) {
      throw Failure.usage(
          "the command line '" + line + "' ends with a backslash",
          "write two of them for one, or put it in single quotes");
    }
    char next = line.charAt(at++);
    if (next != '\n') {
      take(next);
    }
  }

  private void singleQuoted() {
    begun = true;
    int close = line.indexOf('\'', at);
    if (close < 0) {
      throw unclosed("single");
    }
    word.append(line, at, close);
    at = close + 1;
  }

  private void doubleQuoted() {
    begun = true;
    while (at < line.length()) {
      char next = line.charAt(at++);
      if (next == '"') {
        return;
      }
      if (next == '\\' && at < line.length()) {
        char after = line.charAt(at);
        if (after == '\n') {
          at++;
        } else if (ESCAPED_IN_QUOTES.indexOf(after) >= 0) {
          word.append(after);
          at++;
        } else {
          word.append(next);
        }
      } else {
        refuseShell(next, true);
        word.append(next);
      }
    }
    throw unclosed("double");
  }

  private void refuseShell(char next, boolean quoted) {
    boolean operator = quoted ? next == '`' : OPERATORS.indexOf(next) >= 0;
    boolean variable =
        next == '$'
            && at < line.length()
            && (Character.isLetter(line.charAt(at)) || "_{(".indexOf(line.charAt(at)) >= 0);
    if (operator || variable) {
      throw Failure.usage(
          "the command line '%s' has a %s for a shell, and no shell reads it"
              .formatted(line, variable ? "variable" : "'" + next + "'"),
          "put what is meant as it stands in single quotes, or let a shell read it: sh -c "
              + ShellWords.quote(line));
    }
  }

  private Failure unclosed(String kind) {
    return Failure.usage(
        "the command line '%s' has a %s quote that is not closed".formatted(line, kind),
        "close the quote, or write a backslash before it");
  }
}
