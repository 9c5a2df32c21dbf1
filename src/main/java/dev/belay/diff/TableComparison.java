package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Identifier;
import dev.belay.core.Together;
import dev.belay.integrity.RowHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tables of one pair: by fingerprints of ranges of the key or of the whole, and then
 * row by row where these differ.
 */
final class TableComparison {
  private static final int MOST_CHUNKS = 50_000;

  /** So many chunks in one statement: some tenths of a second. */
  private static final int CHUNKS_AT_ONCE = 250;

  /** So many ranges in one statement. */
  private static final int RANGES_AT_ONCE = 500;

  /** When so many of the chunks differ, everything is sorted at once instead of range by range. */
  private static final double MOST = 0.4;

  private final DiffSides sides;
  private final DiffOptions options;
  private final Pair pair;
  private final Ancestor ancestor;
  private final PairHashes hashes;
  private final Gathering found;
  private final Progress.Bar bytes;

  /**
   * @param ancestor the table in the common ancestor, if that is asked
   * @param found is given every difference
   * @param bytes is moved on by the sizes of both tables
   */
  TableComparison(
      DiffSides sides,
      DiffOptions options,
      Pair pair,
      Ancestor ancestor,
      PairHashes hashes,
      Gathering found,
      Progress.Bar bytes) {
    this.sides = sides;
    this.options = options;
    this.pair = pair;
    this.ancestor = ancestor;
    this.hashes = hashes;
    this.found = found;
    this.bytes = bytes;
  }

  /**
   * Compares.
   *
   * @return how many rows were gone through
   */
  Rows compare() {
    long size = pair.source().bytes() + pair.target().bytes();
    Optional<RangeKey> key = size < options.smallBytes() ? Optional.empty() : RangeKey.of(pair);
    return key.isPresent() ? byChunks(key.get()) : whole();
  }

  private Rows whole() {
    ChunkQueries.Sum[] sums = new ChunkQueries.Sum[2];
    both(
        () -> sums[0] = whole(sides.source(), pair.source()),
        () -> sums[1] = whole(sides.target(), pair.target()));
    bytes.advance(pair.source().bytes() + pair.target().bytes());
    if (!sums[0].sameAs(sums[1])) {
      stream(List.of(), null, null);
    }
    found.flush();
    return new Rows(sums[0].rows(), sums[1].rows());
  }

  private ChunkQueries.Sum whole(DiffSide side, Relation relation) {
    return side.read(
        0,
        relation,
        session -> {
          DiffSide.planner(session, false);
          return ChunkQueries.whole(session, relation, hashes.row());
        });
  }

  private Rows byChunks(RangeKey key) {
    Bounds bounds = sample(key);
    if (bounds.values().isEmpty()) {
      return whole();
    }
    ChunkQueries.Sum[] left = new ChunkQueries.Sum[bounds.chunks()];
    ChunkQueries.Sum[] right = new ChunkQueries.Sum[bounds.chunks()];
    List<Runnable> tasks = new ArrayList<>();
    chunks(sides.source(), pair.source(), key, bounds, left, tasks);
    chunks(sides.target(), pair.target(), key, bounds, right, tasks);
    together(tasks);
    List<Integer> differing = new ArrayList<>();
    for (int chunk = 0; chunk < bounds.chunks(); chunk++) {
      if (!left[chunk].sameAs(right[chunk])) {
        differing.add(chunk);
      }
    }
    if (differing.size() > MOST * bounds.chunks()) {
      stream(List.of(), null, null);
    } else {
      List<Bounds.Range> ranges = Bounds.ranges(differing);
      for (int from = 0; from < ranges.size(); from += RANGES_AT_ONCE) {
        stream(ranges.subList(from, Math.min(ranges.size(), from + RANGES_AT_ONCE)), key, bounds);
      }
    }
    found.flush();
    return new Rows(rows(left), rows(right));
  }

  private static long rows(ChunkQueries.Sum[] sums) {
    return Arrays.stream(sums).mapToLong(ChunkQueries.Sum::rows).sum();
  }

  /** From the greater of both, whose rows then fill the chunks evenly. */
  private Bounds sample(RangeKey key) {
    boolean fromSource = pair.source().bytes() > pair.target().bytes();
    Relation relation = fromSource ? pair.source() : pair.target();
    double rows = Math.max(relation.rows(), relation.bytes() / 1000.0);
    double percent = 100.0 * Math.min(1.0 / options.rowsPerChunk(), MOST_CHUNKS / rows);
    return (fromSource ? sides.source() : sides.target())
        .read(
            0,
            relation,
            session -> {
              DiffSide.planner(session, false);
              return ChunkQueries.sample(session, relation, key, percent);
            });
  }

  private void chunks(
      DiffSide side,
      Relation relation,
      RangeKey key,
      Bounds bounds,
      ChunkQueries.Sum[] sums,
      List<Runnable> tasks) {
    Queue<Integer> begins = new ConcurrentLinkedQueue<>();
    for (int from = 0; from < bounds.chunks(); from += CHUNKS_AT_ONCE) {
      begins.add(from);
    }
    long bytesEach = relation.bytes() / begins.size();
    for (int job = 0; job < side.jobs(); job++) {
      int number = job;
      tasks.add(
          () -> {
            Integer from;
            while ((from = begins.poll()) != null) {
              int first = from;
              int last = Math.min(bounds.chunks(), first + CHUNKS_AT_ONCE) - 1;
              List<ChunkQueries.Sum> some =
                  side.read(
                      number,
                      relation,
                      session -> {
                        DiffSide.planner(session, true);
                        return ChunkQueries.chunks(
                            session, relation, key, hashes.row(), bounds, first, last);
                      });
              for (int place = 0; place < some.size(); place++) {
                sums[first + place] = some.get(place);
              }
              bytes.advance(bytesEach);
            }
          });
    }
  }

  /**
   * Goes through the rows of some ranges on all sides.
   *
   * @param ranges empty: all rows
   */
  private void stream(List<Bounds.Range> ranges, @Nullable RangeKey key, @Nullable Bounds bounds) {
    RowStream[] streams = new RowStream[3];
    List<Runnable> open = new ArrayList<>();
    open.add(() -> streams[0] = open(sides.source(), pair.source(), hashes, ranges, key, bounds));
    open.add(() -> streams[1] = open(sides.target(), pair.target(), hashes, ranges, key, bounds));
    DiffSide base = sides.base();
    Relation relation = ancestor.relation();
    if (relation != null && base != null) {
      boolean fits = key != null && key.fits(relation);
      open.add(
          () ->
              streams[2] =
                  open(
                      base, relation, hashes.ofAncestor(), fits ? ranges : List.of(), key, bounds));
    } else if (ancestor.known()) {
      streams[2] = new NoRows();
    }
    try {
      together(open);
      new StreamMerge(streams[0], streams[1], streams[2], !pair.key().isEmpty(), found::found)
          .run();
      sides.source().ended();
      sides.target().ended();
      if (relation != null && base != null) {
        base.ended();
      }
    } finally {
      for (RowStream each : streams) {
        if (each != null) {
          each.close();
        }
      }
    }
  }

  private RowStream open(
      DiffSide side,
      Relation relation,
      PairHashes wanted,
      List<Bounds.Range> ranges,
      @Nullable RangeKey key,
      @Nullable Bounds bounds) {
    if (ranges.isEmpty() || key == null || bounds == null) {
      return side.stream(relation, wanted, DiffSide.all(relation), false);
    }
    return side.stream(
        relation, wanted, RangeRows.sql(relation, columns(relation), ranges, key, bounds), true);
  }

  private String columns(Relation relation) {
    return pair.columns().stream()
        .filter(name -> relation.column(name).isPresent())
        .map(name -> RowHash.ALIAS + "." + new Identifier(name))
        .collect(Collectors.joining(", "));
  }

  private void both(Runnable one, Runnable other) {
    together(List.of(one, other));
  }

  /** A statement cannot be interrupted, so the first that fails cancels the others'. */
  private void together(List<Runnable> tasks) {
    List<Runnable> cancelling =
        tasks.stream()
            .<Runnable>map(
                task ->
                    () -> {
                      try {
                        task.run();
                      } catch (RuntimeException | Error broken) {
                        sides.cancel();
                        throw broken;
                      }
                    })
            .toList();
    Together.run("the comparison of " + pair.name().plain(), cancelling);
  }

  /** How many rows were gone through. */
  record Rows(long source, long target) {}

  /** What an ancestor has that lacks the table. */
  private static final class NoRows implements RowStream {
    @Override
    public Optional<Row> next() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
