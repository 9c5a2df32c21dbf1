package dev.belay.integrity;

import dev.belay.core.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks that come with Belay, and the rules of the user's, which have the same form. */
public final class Checks {
  private static final String END = ".sql";
  private static final long LONGEST_BYTES = 1 << 20;

  private static final List<String> BUILT_IN =
      List.of(
          "foreign-key-orphan",
          "foreign-key-trigger-disabled",
          "duplicate-key",
          "not-null-violated",
          "check-violated",
          "domain-violated",
          "partition-row-outside",
          "partition-overlapping",
          "partition-detach-pending",
          "sequence-behind",
          "sequence-near-end",
          "constraint-not-validated",
          "constraint-index-missing",
          "index-invalid",
          "view-broken",
          "large-object-without-owner",
          "large-object-unreferenced",
          "collation-version");

  private Checks() {}

  /** Those that come with Belay, in the order in which they are shown. */
  public static List<Check> builtIn() {
    return BUILT_IN.stream().map(id -> resource(id, "checks/" + id + END)).toList();
  }

  /** The one that says how many rows each table has; its rows are no findings. */
  static Check tableRows() {
    return resource("table-rows", "table-rows" + END);
  }

  private static Check resource(String id, String name) {
    try (InputStream file = Checks.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new Check(id, CheckHeader.of(text), "built in", text, true, Optional.empty());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The rules of a file, or of every {@code .sql} file directly in a folder, by name. One that
   * cannot be run is among them, so that it is not taken for passed.
   *
   * @throws Failure UNAVAILABLE when it is not there, cannot be read, or has no rule
   */
  public static List<Check> rules(Path place) {
    if (Files.isDirectory(place)) {
      List<Check> rules = files(place).stream().map(Checks::rule).toList();
      if (rules.isEmpty()) {
        throw Failure.unavailable(
            "there is no .sql file in the folder of rules " + place,
            "name the folder, or one file, with --rules");
      }
      return rules;
    }
    if (!Files.exists(place)) {
      throw Failure.unavailable(
          "there is no file or folder of rules " + place, "name it with --rules");
    }
    return List.of(rule(place));
  }

  /**
   * Whether it is a folder with rules.
   *
   * @throws Failure UNAVAILABLE when it is a folder that cannot be read
   */
  public static boolean hasRules(Path place) {
    return Files.isDirectory(place) && !files(place).isEmpty();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = new ArrayList<>();
      entries
          .filter(entry -> entry.getFileName().toString().endsWith(END))
          .filter(entry -> !Files.isDirectory(entry))
          .sorted()
          .forEach(files::add);
      return files;
    } catch (IOException unreadable) {
      throw Failure.unavailable(
              "cannot read the folder of rules %s: %s".formatted(folder, reason(unreadable)),
              "name another with --rules, or run as a user who may read it")
          .causedBy(unreadable);
    }
  }

  private static Check rule(Path file) {
    String name = String.valueOf(file.getFileName());
    String id = name.endsWith(END) ? name.substring(0, name.length() - END.length()) : name;
    String text = "";
    String sql = "";
    List<String> faults = new ArrayList<>();
    try {
      text = text(file);
      List<String> statements = Statements.of(text);
      if (statements.size() == 1) {
        sql = statements.get(0);
      } else {
        faults.add(
            statements.isEmpty()
                ? "it has no statement"
                : "it has %d statements, and a rule is one".formatted(statements.size()));
      }
    } catch (CharacterCodingException binary) {
      faults.add("it is not UTF-8 text");
    } catch (IOException unreadable) {
      faults.add("it cannot be read: " + reason(unreadable));
    } catch (Statements.Unended unended) {
      faults.add(String.valueOf(unended.getMessage()));
    }
    CheckHeader header = CheckHeader.of(text);
    if (faults.isEmpty()) {
      faults.addAll(header.faults());
    }
    return new Check(id, header, file.toString(), sql, false, faults.stream().findFirst());
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > LONGEST_BYTES) {
      throw new IOException("it is larger than 1 MB");
    }
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
            .toString();
    if (text.indexOf('\0') >= 0) {
      throw new CharacterCodingException();
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static String reason(IOException error) {
    return error instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(error.getMessage());
  }
}
