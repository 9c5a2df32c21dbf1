package dev.belay.pgtools;

import dev.belay.core.TableName;
import dev.belay.report.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which entries of an archive are restored, and which are left out. */
final class RestoreList {
  /** What acts by itself in a database that is only there for a proof. */
  private static final List<String> ACTING =
      List.of("SUBSCRIPTION", "SUBSCRIPTION TABLE", "EVENT TRIGGER");

  /** Without a slot it does nothing, and scripts change it; some only a superuser can make. */
  private static final List<String> PUBLISHING =
      List.of("PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA");

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

  private final List<Contents.Entry> entries;
  private final Predicate<Contents.Entry> left;
  private final boolean reordered;

  private RestoreList(
      List<Contents.Entry> entries, Predicate<Contents.Entry> left, boolean reordered) {
    this.entries = entries;
    this.left = left;
    this.reordered = reordered;
  }

  /** Everything. */
  static RestoreList everything() {
    return new RestoreList(List.of(), entry -> false, false);
  }

  /**
   * What suits the target.
   *
   * @param scratch nothing may act by itself there
   * @param superuser whether the target's user may do everything
   * @param ownsPublic whether it may change the schema public
   * @param extensions that are there and stay, since only their owner may drop them
   */
  static RestoreList of(
      Contents contents,
      boolean scratch,
      boolean superuser,
      boolean ownsPublic,
      Set<String> extensions) {
    return new RestoreList(
        contents.entries(),
        entry ->
            (scratch && isOf(ACTING, entry))
                || (scratch && !superuser && isOf(PUBLISHING, entry))
                || (!superuser && isOfExtension(entry))
                || extensions.stream()
                    .anyMatch(name -> entry.text().strip().equals("EXTENSION - " + name))
                || (!superuser && !ownsPublic && isOfPublic(entry)),
        false);
  }

  /**
   * The same in an order whose reverse suits {@code --clean}, which drops from the last entry to
   * the first: an index of a partition cannot be dropped before that of the partitioned table, and
   * goes with it.
   */
  RestoreList forCleaning() {
    return new RestoreList(CleaningOrder.of(entries), left, true);
  }

  /**
   * The same as far as a part of a database can be restored: without foreign keys, and without the
   * schema public, which a dump of that schema would make a second time.
   */
  RestoreList ofPart() {
    return new RestoreList(
        entries,
        entry ->
            left.test(entry)
                || isOf(PUBLISHING, entry)
                || entry.is("FK CONSTRAINT")
                || entry.is("SCHEMA - public")
                || (entry.is("COMMENT") && entry.text().contains(" CONSTRAINT ")),
        reordered);
  }

  /** The same with the rows of these tables only. Names that look alike let a few more through. */
  RestoreList withRowsOf(Set<TableName> tables) {
    Predicate<Contents.Entry> wanted = Contents.dataOf(tables);
    return new RestoreList(
        entries,
        entry ->
            left.test(entry)
                || (entry.is("TABLE DATA") && !wanted.test(entry))
                || entry.is("MATERIALIZED VIEW DATA")
                || entry.is("BLOB")
                || entry.is("BLOBS")
                || entry.is("BLOB METADATA")
                || ABOUT.stream().anyMatch(about -> entry.text().startsWith(about + "LARGE OBJ")),
        reordered);
  }

  /** All but some. */
  static RestoreList without(Contents contents, Predicate<Contents.Entry> left) {
    return new RestoreList(contents.entries(), left, false);
  }

  private static boolean isOf(List<String> kinds, Contents.Entry entry) {
    return kinds.stream()
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
    return entries.stream()
        .filter(left)
        .map(entry -> TextTable.visible(Contents.decoded(entry.text())))
        .toList();
  }

  /** Writes the list for pg_restore, where there is anything to leave out or to move. */
  Written write() {
    if (!reordered && entries.stream().noneMatch(left)) {
      return new Written(Optional.empty());
    }
    List<String> lines = new ArrayList<>();
    for (Contents.Entry entry : entries) {
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
