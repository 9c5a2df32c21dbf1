package dev.belay.pgtools;

import dev.belay.report.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which entries of an archive are restored, and which are left out. */
final class RestoreList {
  /** What acts by itself in a database that is only there for a proof. */
  private static final List<String> ACTING =
      List.of(
          "SUBSCRIPTION",
          "SUBSCRIPTION TABLE",
          "PUBLICATION",
          "PUBLICATION TABLE",
          "PUBLICATION TABLES IN SCHEMA",
          "EVENT TRIGGER");

  private static final List<String> ABOUT = List.of("COMMENT - ", "ACL - ", "SECURITY LABEL - ");

  /** The file for {@code --use-list}; none where nothing is left out. */
  record Written(Optional<Path> file) implements AutoCloseable {
    List<String> arguments() {
      return file.map(list -> List.of("--use-list=" + list)).orElse(List.of());
    }

    @Override
    public void close() {
      file.ifPresent(list -> list.toFile().delete());
    }
  }

  private final Contents contents;
  private final Predicate<Contents.Entry> left;

  private RestoreList(Contents contents, Predicate<Contents.Entry> left) {
    this.contents = contents;
    this.left = left;
  }

  /** Everything. */
  static RestoreList everything() {
    return new RestoreList(Contents.parse(List.of()), entry -> false);
  }

  /**
   * What suits the target.
   *
   * @param scratch nothing may act by itself there
   * @param superuser whether the target's user may do everything
   * @param ownsPublic whether it may change the schema public
   */
  static RestoreList of(Contents contents, boolean scratch, boolean superuser, boolean ownsPublic) {
    return new RestoreList(
        contents,
        entry ->
            (scratch && acts(entry))
                || (!superuser && isOfExtension(entry))
                || (!superuser && !ownsPublic && isOfPublic(entry)));
  }

  /** All but some. */
  static RestoreList without(Contents contents, Predicate<Contents.Entry> left) {
    return new RestoreList(contents, left);
  }

  private static boolean acts(Contents.Entry entry) {
    return ACTING.stream()
        .anyMatch(
            kind -> entry.is(kind) || ABOUT.stream().anyMatch(about -> entry.is(about + kind)));
  }

  /** A comment on it says nothing that the extension does not say itself. */
  private static boolean isOfExtension(Contents.Entry entry) {
    return entry.is("COMMENT - EXTENSION");
  }

  private static boolean isOfPublic(Contents.Entry entry) {
    return entry.is("SCHEMA - public") || entry.is("COMMENT - SCHEMA public");
  }

  /** The entries that are left out, for people. */
  List<String> leftOut() {
    return contents.entries().stream()
        .filter(left)
        .map(entry -> TextTable.visible(Contents.decoded(entry.text())))
        .toList();
  }

  /** Writes the list for pg_restore, where there is anything to leave out. */
  Written write() {
    if (contents.entries().stream().noneMatch(left)) {
      return new Written(Optional.empty());
    }
    List<String> lines = new ArrayList<>();
    for (Contents.Entry entry : contents.entries()) {
      lines.add(left.test(entry) ? ";" + entry.line() : entry.line());
    }
    try {
      Path file = Files.createTempFile("belay-list", ".txt");
      Files.write(file, lines, StandardCharsets.ISO_8859_1);
      return new Written(Optional.of(file));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
