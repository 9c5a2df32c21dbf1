package dev.belay.cli;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in this program's form what is wrong with a command line. */
final class UsageFailure {
  private UsageFailure() {}

  static Failure of(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched, command, name);
    }
    String said = String.valueOf(wrong.getMessage());
    String value = wrong.getValue();
    if (value != null && !value.isEmpty()) {
      said = said.replace(value, Masking.argument(value));
    }
    String message = said.replaceAll("\\s*\\R\\s*", " ").strip();
    return Failure.usage(Masking.text(lower(message)), name + " --help");
  }

  /** Of a word by itself it is known where it ends, and of what it is a word is not. */
  private static String masked(String word) {
    return Masking.text(Masking.argument(word));
  }

  private static Failure unmatched(
      UnmatchedArgumentException wrong, CommandLine command, String name) {
    String word = wrong.getUnmatched().get(0);
    List<String> near = near(word, wrong.getSuggestions());
    boolean option = word.startsWith("-");
    String message;
    if (option) {
      message = name + " has no option " + masked(word);
    } else if (!command.getSubcommands().isEmpty()) {
      message = "there is no command '" + masked(word) + "'";
    } else {
      message = name + " takes no argument '" + masked(word) + "' here";
    }
    if (option && !command.getSubcommands().isEmpty()) {
      return Failure.usage(
          message + "; options come after a command",
          "write it as in: " + name + " config --verbose");
    }
    if (near.isEmpty()) {
      return Failure.usage(message, name + " --help");
    }
    return Failure.usage(
        message, "did you mean: " + (option ? "" : name + " ") + String.join(" or ", near));
  }

  /** Of picocli's suggestions those that a slip of the finger or two would turn into the word. */
  private static List<String> near(String word, List<String> suggestions) {
    int at = word.indexOf('=');
    String typed = at < 0 ? word : word.substring(0, at);
    int most = Math.max(1, Math.min(3, typed.length() / 3));
    return suggestions.stream().filter(known -> distance(typed, known) <= most).toList();
  }

  /** Levenshtein's: how many letters must be changed, added or removed. */
  private static int distance(String one, String other) {
    int[] row = IntStream.rangeClosed(0, other.length()).toArray();
    for (int left = 1; left <= one.length(); left++) {
      int diagonal = row[0];
      row[0] = left;
      for (int right = 1; right <= other.length(); right++) {
        int same = one.charAt(left - 1) == other.charAt(right - 1) ? 0 : 1;
        int best = Math.min(diagonal + same, Math.min(row[right], row[right - 1]) + 1);
        diagonal = row[right];
        row[right] = best;
      }
    }
    return row[other.length()];
  }

  private static String lower(String message) {
    return message.isEmpty()
        ? message
        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }
}
