package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Compares what a database holds with what it should hold. Reads only. */
public final class ContentComparison {
  private static final int SHOWN_PER_KIND = 5;

  private final Content expected;
  private final List<String> shown = new ArrayList<>();
  private long count;

  private ContentComparison(Content expected) {
    this.expected = expected;
  }

  /**
   * Goes through every row of the expected tables, every sequence and every large object.
   *
   * @param session with the database that is to be like that
   * @param workers gives further sessions with it, each closed here
   * @param jobs how many of them are used at most
   * @throws dev.belay.core.Failure when something could not be read, which is no difference
   */
  public static ContentVerdict of(
      Content expected, Database session, Supplier<Database> workers, int jobs, Progress progress) {
    return of(expected, session, workers, Pace.fast(jobs), progress);
  }

  /**
   * The same, at that pace.
   *
   * @throws dev.belay.core.Failure when something could not be read, which is no difference
   */
  public static ContentVerdict of(
      Content expected,
      Database session,
      Supplier<Database> workers,
      Pace pace,
      Progress progress) {
    return new ContentComparison(expected).compare(session, workers, pace, progress);
  }

  private ContentVerdict compare(
      Database session, Supplier<Database> workers, Pace pace, Progress progress) {
    Optional<String> obstacle = obstacle(session);
    Map<TableName, TableShape> there = new HashMap<>();
    Fingerprints.tables(session).shapes().forEach(shape -> there.put(shape.name(), shape));
    List<TableShape> wanted =
        expected.tables().stream()
            .filter(table -> there.containsKey(table.name()))
            .map(table -> shape(there, table))
            .toList();
    long total = wanted.stream().mapToLong(TableShape::bytes).sum();
    Map<TableName, Fingerprint> found;
    try (Progress.Bar bar = progress.bar("comparing tables", total, "bytes")) {
      found = Fingerprints.measure(wanted, workers, pace, bar);
    }
    tables(found, obstacle.isEmpty());
    add(Sequences.differences(expected.sequences(), Sequences.of(session)), "sequences differ");
    Optional<String> unread = largeObjects(LargeObjects.of(session), obstacle.isEmpty());
    expected.tables().forEach(table -> there.remove(table.name()));
    return new ContentVerdict(
        shown,
        count,
        obstacle.or(() -> unread),
        there.keySet().stream().sorted().toList(),
        wanted.size(),
        found.values().stream().mapToLong(Fingerprint::rows).sum());
  }

  private static TableShape shape(Map<TableName, TableShape> there, TableContent table) {
    return java.util.Objects.requireNonNull(there.get(table.name()));
  }

  /** Why the sums of rows mean nothing here; their numbers still do. */
  private Optional<String> obstacle(Database session) {
    if (!expected.form().equals(Fingerprints.FORM)) {
      return Optional.of(
          "the backup's fingerprints have the form %s, and this belay knows %s"
              .formatted(expected.form(), Fingerprints.FORM));
    }
    String probe = Fingerprints.probe(session);
    return expected.probe().equals(probe)
        ? Optional.empty()
        : Optional.of(
            "this server writes or hashes values otherwise than the one the backup is of: \"%s\" instead of \"%s\""
                .formatted(probe, expected.probe()));
  }

  private void tables(Map<TableName, Fingerprint> found, boolean comparable) {
    List<String> missing = new ArrayList<>();
    List<String> numbers = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    for (TableContent table : expected.tables()) {
      String name = "table " + table.name().plain();
      Fingerprint now = found.get(table.name());
      long rows = table.content().rows();
      if (now == null) {
        missing.add(name + " is missing");
      } else if (now.rows() != rows) {
        numbers.add(
            "%s has %s instead of %s"
                .formatted(name, Units.count(now.rows(), "row", "rows"), Units.count(rows)));
      } else if (comparable && !now.sum().equals(table.content().sum())) {
        contents.add(
            "%s has other content in its %s".formatted(name, Units.count(rows, "row", "rows")));
      }
    }
    add(missing, "tables are missing");
    add(numbers, "tables have other numbers of rows");
    add(contents, "tables have other content");
  }

  /** Gives the reason why their content could not be compared, if so. */
  private Optional<String> largeObjects(LargeObjects now, boolean comparable) {
    LargeObjects then = expected.largeObjects();
    if (now.count() != then.count()) {
      add(
          List.of(
              "there are %s instead of %s"
                  .formatted(
                      Units.count(now.count(), "large object", "large objects"),
                      Units.count(then.count()))),
          "");
      return Optional.empty();
    }
    if (then.count() == 0) {
      return Optional.empty();
    }
    if (then.content().isEmpty()) {
      // Nothing was promised but their number, by a role that may not read pg_largeobject.
      return Optional.empty();
    }
    if (now.content().isEmpty()) {
      return Optional.of(
          "the content of %s was not read, since the user may not read pg_largeobject"
              .formatted(Units.count(then.count(), "large object", "large objects")));
    }
    if (comparable && !now.content().equals(then.content())) {
      add(
          List.of(
              "%s: their content differs"
                  .formatted(Units.count(then.count(), "large object", "large objects"))),
          "");
    }
    return Optional.empty();
  }

  private void add(List<String> differences, String kind) {
    count += differences.size();
    differences.stream().sorted().limit(SHOWN_PER_KIND).forEach(shown::add);
    if (differences.size() > SHOWN_PER_KIND) {
      shown.add(Units.count(differences.size() - SHOWN_PER_KIND) + " more " + kind);
    }
  }
}
