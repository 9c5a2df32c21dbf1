package dev.belay.projects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;

/**
 * One migration of a {@link Project}, with what it is known to do: the lines {@code -- expect: …}
 * with which it starts.
 */
public final class ProjectScript implements Comparable<ProjectScript> {
  private static final String EXPECT = "-- expect: ";

  private final Path file;
  private final String id;

  ProjectScript(Path file) {
    this.file = file;
    String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
    this.id = name.startsWith("R__") ? name : name.substring(0, name.indexOf("__"));
  }

  /** {@code V} and the version, or the whole name of a repeatable one without its ending. */
  public String id() {
    return id;
  }

  /** Its file. */
  public Path file() {
    return file;
  }

  /** Whether it has no version. */
  public boolean isRepeatable() {
    return id.startsWith("R__");
  }

  /** The text of the file. */
  public String text() {
    return String.join("\n", lines()) + "\n";
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** All that is expected of it, without {@code -- expect: }, in the order of the file. */
  public List<String> expectations() {
    return lines().stream()
        .takeWhile(line -> line.startsWith("-- "))
        .filter(line -> line.startsWith(EXPECT))
        .map(line -> line.substring(EXPECT.length()))
        .toList();
  }

  /** What is expected in lines of that first word, such as {@code lock}, without the word. */
  public List<String> expected(String word) {
    return expectations().stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }

  /** Whether it is known to run without a transaction. */
  public boolean runsWithoutTransaction() {
    return expectations().contains("no transaction");
  }

  /** The ids of the migrations without which it would fail or do something else. */
  public List<String> needs() {
    return expected("needs").stream()
        .flatMap(line -> List.of(line.split(", ", -1)).stream())
        .toList();
  }

  @Override
  public int compareTo(ProjectScript other) {
    if (isRepeatable() || other.isRepeatable()) {
      return isRepeatable() && other.isRepeatable()
          ? id.compareTo(other.id)
          : Boolean.compare(isRepeatable(), other.isRepeatable());
    }
    return version().compareTo(other.version());
  }

  private MigrationVersion version() {
    return MigrationVersion.fromVersion(id.substring(1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProjectScript script && script.file.equals(file);
  }

  @Override
  public int hashCode() {
    return file.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
