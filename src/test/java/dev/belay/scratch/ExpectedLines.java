package dev.belay.scratch;

import dev.belay.projects.ProjectScript;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The lines that a project has of a migration, as far as a recording says them too. */
final class ExpectedLines {
  private ExpectedLines() {}

  static Set<String> of(ProjectScript script) {
    Set<String> lines = new TreeSet<>();
    for (String line : script.expectations()) {
      String verb = line.substring(0, line.indexOf(' '));
      switch (verb) {
        case "needs", "merged", "empties" -> {}
        case "renames" -> renamed(line.substring("renames ".length())).ifPresent(lines::add);
        case "rewrites" -> lines.add(renamedSince(line, script));
        default -> lines.add(line);
      }
    }
    return lines;
  }

  /** A recording says the name that it has at the end. */
  private static String renamedSince(String line, ProjectScript script) {
    String words = line.substring("rewrites ".length());
    return script.expected("renames").stream()
        .filter(rename -> rename.startsWith(words + " to "))
        .map(rename -> "rewrites table " + rename.substring(words.length() + 4))
        .findFirst()
        .orElse(line);
  }

  /** A new name is a change of the object that has it now; of a column, of its table. */
  private static Optional<String> renamed(String line) {
    if (line.startsWith("column ")) {
      return Optional.empty();
    }
    int name = line.startsWith("materialized view ") ? 2 : 1;
    List<String> words = List.of(line.split(" ", name + 1));
    String now = line.substring(line.lastIndexOf(" to ") + 4);
    return Optional.of("alters " + String.join(" ", words.subList(0, name)) + " " + now);
  }
}
