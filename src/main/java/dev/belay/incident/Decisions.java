package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.journal.AuditRecord;
import dev.belay.journal.JournalEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What somebody decided in a run: plans agreed to, options given, and what the journals tell. */
final class Decisions {
  private static final int MOST = 200;

  /** Options by which somebody takes something upon himself. */
  private static final Pattern DECIDING =
      Pattern.compile(
          "--?(y|yes|allow.*|force.*|no-.*|expect.*|carry.*|hold|discard.*|without.*|removals|auto.*"
              + "|generated-.*|unproven|kill-blocker|leave-writes|replace|from-other-database"
              + "|columns-common)");

  /** The same with a value, which is a word of its own or stands behind an equals sign. */
  private static final Pattern DECIDING_HOW =
      Pattern.compile(
          "--(accept|accept-loss|accept-checksum|fail-on|on-failure|on-breach|policy|strategy|skip"
              + "|ignore|lock-tries|max-lock|backup-level|level|restore-history|triggers)(=.*)?");

  private static final Pattern DECIDED =
      Pattern.compile(
          "(?i).*(loss|lost|losses|accept|ended|terminat|attempt|tries|retry|retries|blocker|victim).*");

  private final RunFiles files;
  private final String arguments;

  /**
   * @param arguments of the command, as they were recorded; empty: they were not
   */
  Decisions(RunFiles files, String arguments) {
    this.files = files;
    this.arguments = arguments;
  }

  /** All of them, each once, up to a limit. */
  List<Fact> all() {
    List<Fact> decisions = new ArrayList<>();
    for (AuditRecord record : files.records()) {
      if (record.plan() != null) {
        decisions.add(
            new Fact(
                "plan agreed to",
                "%s, %s; SHA-256 of its lines %s"
                    .formatted(Units.moment(record.at()), how(), record.plan())));
      }
      if (record.event().equals(AuditRecord.RECOVERED) && record.message() != null) {
        decisions.add(new Fact("put right what killed runs left", record.message()));
      }
    }
    words().forEach(words -> decisions.add(new Fact("given on the command line", words)));
    for (JournalFile journal : files.journals()) {
      for (JournalEntry entry : journal.entries()) {
        entry.facts().entrySet().stream()
            .filter(fact -> DECIDED.matcher(fact.getKey()).matches())
            .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
            .forEach(
                fact ->
                    decisions.add(
                        new Fact(
                            entry.step() + ": " + fact.getKey().toLowerCase(Locale.ROOT),
                            fact.getValue())));
      }
    }
    return decisions.stream().distinct().limit(MOST).toList();
  }

  /** Options by which somebody decided something, with their values. */
  private List<String> words() {
    List<String> deciding = new ArrayList<>();
    List<String> words = List.of(arguments.split(" ", -1));
    // What follows two hyphens are options of another program.
    int end = words.contains("--") ? words.indexOf("--") : words.size();
    for (int at = 0; at < end; at++) {
      String word = words.get(at);
      if (DECIDING_HOW.matcher(word).matches()) {
        boolean follows = !word.contains("=") && at + 1 < end;
        deciding.add(follows ? word + " " + words.get(++at) : word);
      } else if (DECIDING.matcher(word).matches()) {
        deciding.add(word);
      }
    }
    return deciding;
  }

  private String how() {
    if (arguments.isEmpty()) {
      return "nobody recorded how";
    }
    List<String> words = List.of(arguments.split(" ", -1));
    return words.contains("--yes") || words.contains("-y") ? "by --yes" : "not by --yes";
  }
}
