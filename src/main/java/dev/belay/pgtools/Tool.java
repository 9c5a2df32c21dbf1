package dev.belay.pgtools;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One real {@code pg_dump} or {@code pg_restore}.
 *
 * @param path where it was found
 * @param name {@code pg_dump} or {@code pg_restore}
 * @param major 15 for 15.18, also for 15beta2
 * @param version as it prints it, without what a distribution adds
 */
public record Tool(Path path, String name, int major, String version) {
  private static final Pattern VERSION =
      Pattern.compile("^(\\S+) \\(PostgreSQL\\) ((\\d{1,4})(?:[.a-z]\\S*)?)(?:\\s|$)");

  /** Reads what {@code --version} printed; empty when it is no such program. */
  static Optional<Tool> parse(Path path, String name, String printed) {
    Matcher matcher = VERSION.matcher(printed.strip());
    return matcher.find() && matcher.group(1).equals(name)
        ? Optional.of(new Tool(path, name, Integer.parseInt(matcher.group(3)), matcher.group(2)))
        : Optional.empty();
  }

  /** {@code pg_dump 15.18 (/usr/lib/postgresql/15/bin/pg_dump)}, for people. */
  @Override
  public String toString() {
    return name + " " + version + " (" + path + ")";
  }
}
