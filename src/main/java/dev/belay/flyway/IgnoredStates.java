package dev.belay.flyway;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Flyway's setting {@code ignoreMigrationPatterns}: what its validation passes over. */
public final class IgnoredStates {
  private static final String DEFAULT = "*:future";

  private record Pattern(String kind, String state) {}

  private final List<Pattern> patterns;

  private IgnoredStates(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /** Reads the setting; null: as Flyway has it. What is no pattern is passed over. */
  public static IgnoredStates of(@Nullable String setting) {
    String text = setting == null ? DEFAULT : setting;
    return new IgnoredStates(
        Arrays.stream(text.toLowerCase(Locale.ROOT).split(",", -1))
            .map(each -> each.strip().split(":", -1))
            .filter(parts -> parts.length == 2)
            .map(parts -> new Pattern(parts[0].strip(), parts[1].strip()))
            .toList());
  }

  /** Whether the application's start does not mind this migration. */
  public boolean cover(Migration migration) {
    return cover(migration.version() == null ? "repeatable" : "versioned", migration.flywayState());
  }

  /** Whether the application's start does not mind a versioned migration in that state. */
  boolean coverVersioned(MigrationState state) {
    return cover("versioned", state);
  }

  private boolean cover(String kind, MigrationState found) {
    String state = found.word();
    return patterns.stream()
        .anyMatch(
            pattern ->
                (pattern.kind().equals("*") || pattern.kind().equals(kind))
                    && (pattern.state().equals("*") || pattern.state().equals(state)));
  }
}
