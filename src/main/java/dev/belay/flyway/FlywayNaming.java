package dev.belay.flyway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How the files of an app are named, by Flyway's own settings.
 *
 * @param suffixes of SQL files; the case of a suffix does not matter
 */
record FlywayNaming(
    String versioned,
    String repeatable,
    String baseline,
    String undo,
    String separator,
    List<String> suffixes) {
  private static final List<String> PROGRAMS = List.of("cmd", "bat", "ps1", "py", "sh", "bash");

  private record Prefix(String text, ScriptKind kind) {}

  /** The names that these settings ask for; what they do not say is as Flyway has it. */
  static FlywayNaming of(Map<String, String> flyway) {
    return new FlywayNaming(
        flyway.getOrDefault("sqlMigrationPrefix", "V"),
        flyway.getOrDefault("repeatableSqlMigrationPrefix", "R"),
        flyway.getOrDefault("baselineMigrationPrefix", "B"),
        flyway.getOrDefault("undoSqlMigrationPrefix", "U"),
        flyway.getOrDefault("sqlMigrationSeparator", "__"),
        Arrays.stream(flyway.getOrDefault("sqlMigrationSuffixes", ".sql").split(",", -1))
            .map(String::strip)
            .toList());
  }

  /** The name of a migration, or nothing when Flyway would not run such a file. */
  Optional<ScriptName> migration(String file) {
    Optional<ScriptName> sql = isSql(file) ? migration(file, suffixes, false) : Optional.empty();
    if (sql.isPresent() || !isProgram(file)) {
      return sql;
    }
    return migration(file, PROGRAMS.stream().map(program -> "." + program).toList(), true);
  }

  /** The name of an undo script, or nothing. */
  Optional<ScriptName> undoScript(String file) {
    if (!isSql(file) || undo.isEmpty() || !file.startsWith(undo)) {
      return Optional.empty();
    }
    return parse(file, suffixes, new Prefix(undo, ScriptKind.UNDO), "UNDO_SQL");
  }

  /** Whether the file looks like one that should be a migration. */
  boolean isSql(String file) {
    return suffixes.stream().anyMatch(suffix -> endsWith(file, suffix));
  }

  private Optional<ScriptName> migration(String file, List<String> endings, boolean program) {
    List<Prefix> prefixes = new ArrayList<>();
    prefixes.add(new Prefix(versioned, ScriptKind.VERSIONED));
    prefixes.add(new Prefix(repeatable, ScriptKind.REPEATABLE));
    prefixes.add(new Prefix(baseline, ScriptKind.BASELINE));
    prefixes.sort(Comparator.comparingInt(prefix -> -prefix.text().length()));
    return prefixes.stream()
        .filter(prefix -> file.startsWith(prefix.text()))
        .findFirst()
        .flatMap(prefix -> parse(file, endings, prefix, type(prefix.kind(), program)));
  }

  private static String type(ScriptKind kind, boolean program) {
    if (kind == ScriptKind.BASELINE) {
      return "SQL_BASELINE";
    }
    return program ? "SCRIPT" : "SQL";
  }

  private Optional<ScriptName> parse(
      String file, List<String> endings, Prefix prefix, String type) {
    String ending =
        endings.stream()
            .filter(each -> endsWith(file, each))
            .findFirst()
            .map(each -> file.substring(file.length() - each.length()))
            .orElse("");
    int end = file.length() - ending.length();
    if (end < prefix.text().length()) {
      return Optional.empty();
    }
    String name = file.substring(prefix.text().length(), end);
    int at = name.indexOf(separator);
    String number = at < 0 ? name : name.substring(0, at);
    String words = at < 0 ? "" : name.substring(at + separator.length());
    String canonical = prefix.text() + number + (words.isEmpty() ? "" : separator + words) + ending;
    String description = words.replace('_', ' ');
    if (prefix.kind() == ScriptKind.REPEATABLE) {
      return number.isEmpty()
          ? Optional.of(new ScriptName(prefix.kind(), null, description, type, canonical))
          : Optional.empty();
    }
    return MigrationVersion.parse(number)
        .map(version -> new ScriptName(prefix.kind(), version, description, type, canonical));
  }

  private static boolean endsWith(String file, String suffix) {
    return file.toUpperCase(Locale.ROOT).endsWith(suffix.toUpperCase(Locale.ROOT));
  }

  /** A file that Flyway runs as a program: of a known ending, or of none at all. */
  private static boolean isProgram(String file) {
    int end = file.length();
    while (end > 0 && file.charAt(end - 1) == '.') {
      end--;
    }
    String name = file.substring(0, end);
    int dot = name.lastIndexOf('.');
    return dot < 0 || PROGRAMS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
