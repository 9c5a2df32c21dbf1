package dev.belay.cli;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the commands of this program, and statements for psql, in what it says, which may be a
 * command or a sentence with some in it. A command is one only where something of ours leads up to
 * it, such as a colon, and never in quotes: a name of a user that reads like a command is none.
 */
final class NamedCommands {
  private static final String BEFORE = "(?<=^|: |; |, |\\b(?:with|or|see|as|for|then|until) )";

  /** As {@link ShellWords#psql} and its like begin, and the list of databases. */
  private static final String STATEMENT = "psql (?:(?:-c|--command)(?= )|--list(?=$|[ ,;:)]))";

  private static final String BEHIND = "(?=$|[ ,;:)]|\\.(?:$| ))";

  /** Where one command ends and the sentence goes on, or another program's words begin. */
  private static final Pattern END = Pattern.compile("; |, |\\)| -- |$");

  /** Behind this are words of a user, each quoted, up to where our sentence goes on. */
  private static final String FOREIGN = " -- ";

  private static final String GOES_ON = "; ";

  private static final Pattern HELP = Pattern.compile(" (?:--help|--version|-h|-V)(?= |$)");

  private final Pattern commands;

  /**
   * @param names of commands, each in the words that follow {@code belay}
   */
  NamedCommands(Collection<String> names) {
    String any =
        names.stream()
            // Of two that begin alike the longer one is meant.
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    commands =
        Pattern.compile(
            BEFORE
                + (any.isEmpty()
                    ? STATEMENT
                    : "(?:belay (?:" + any + ")" + BEHIND + "|" + STATEMENT + ")"));
  }

  /**
   * The text with something behind the name of each command: there an option is read whatever
   * follows, and a later one goes before it.
   *
   * @param behind gives it for the rest of the command, which begins with a blank or is empty; what
   *     it gives does the same
   * @param statement gives what stands for the beginning of a statement for psql, up to its option
   */
  String inserting(String text, UnaryOperator<String> behind, UnaryOperator<String> statement) {
    if (!text.contains("belay ") && !text.contains("psql ")) {
      return text;
    }
    boolean[] quoted = quoted(text);
    StringBuilder all = new StringBuilder();
    int done = 0;
    int listed = -1;
    int foreign = -1;
    for (Matcher found = commands.matcher(text); found.find(); ) {
      if (quoted[found.start()]
          || found.start() < foreign
          || (isListed(text, found.start()) && listed != found.start())) {
        continue;
      }
      int end = end(text, quoted, found.end());
      all.append(text, done, found.start());
      if (found.group().startsWith("psql")) {
        all.append(statement.apply(found.group()));
      } else {
        String rest = text.substring(found.end(), end);
        all.append(found.group())
            .append(HELP.matcher(words(rest)).find() ? "" : behind.apply(rest));
      }
      done = found.end();
      listed = text.startsWith(", ", end) ? end + 2 : -1;
      foreign = text.startsWith(FOREIGN, end) ? goesOn(text, quoted, end) : foreign;
    }
    return all.append(text.substring(done)).toString();
  }

  /** The rest of a command with a blank before each word, and in no word. */
  static String words(String rest) {
    try {
      StringBuilder words = new StringBuilder();
      ShellWords.split(rest).forEach(word -> words.append(' ').append(word.replace(' ', '_')));
      return words.append(' ').toString();
    } catch (Failure prose) {
      return rest;
    }
  }

  /** Where words of ours come again: no word of a user has a semicolon that is not quoted. */
  private static int goesOn(String text, boolean[] quoted, int from) {
    int at = text.indexOf(GOES_ON, from);
    while (at >= 0 && quoted[at]) {
      at = text.indexOf(GOES_ON, at + 1);
    }
    return at < 0 ? text.length() : at;
  }

  /** Behind a comma it must be one of several commands. */
  private static boolean isListed(String text, int start) {
    return start > 0 && text.startsWith(", ", start - 2);
  }

  private static int end(String text, boolean[] quoted, int from) {
    Matcher end = END.matcher(text);
    int at = from;
    while (end.find(at)) {
      if (end.start() == text.length() || !quoted[end.start()]) {
        return end.start();
      }
      at = end.start() + 1;
    }
    return text.length();
  }

  /** For each letter whether it is in quotes; an apostrophe within a word begins none. */
  private static boolean[] quoted(String text) {
    boolean[] quoted = new boolean[text.length()];
    char open = 0;
    boolean inWord = false;
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      quoted[at] = open != 0;
      if (open != 0) {
        if (letter == open) {
          open = 0;
          inWord = letter == '\'';
        }
      } else if (letter == '\\') {
        at++;
      } else if ((letter == '\'' || letter == '"')
          && (inWord || begins(text, at))
          && text.indexOf(letter, at + 1) >= 0) {
        open = letter;
      } else if (Character.isWhitespace(letter)) {
        inWord = false;
      }
    }
    return quoted;
  }

  private static boolean begins(String text, int at) {
    return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
  }

  /** All of the program whose options are the common ones; the demo has a server of its own. */
  static NamedCommands of(List<String> names) {
    return new NamedCommands(names.stream().filter(name -> !name.equals("demo")).toList());
  }
}
