package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
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
 * Finds the rows that differ between the tables of two databases, each at one moment, in constant
 * memory. Reads only. Not for use by several threads at once.
 *
 * <p>One pass of fingerprints over ranges of the key, fine enough that only few rows have to be
 * looked at, beats the repeated halving of others where differences are scattered: 100 of them make
 * nearly every one of 32 segments differ, so that nearly everything is read again.
 */
public final class Diff implements AutoCloseable {
  private static final int MOST_CHUNKS = 50_000;

  /** So many chunks in one statement: some tenths of a second. */
  private static final int CHUNKS_AT_ONCE = 250;

  /** So many ranges in one statement. */
  private static final int RANGES_AT_ONCE = 500;

  /** When so many of the chunks differ, everything is sorted at once instead of range by range. */
  private static final double MOST = 0.4;

  private final DiffSide source;
  private final DiffSide target;
  private final @Nullable DiffSide base;
  private final DiffOptions options;
  private final Side sourceMoment;
  private final Side targetMoment;
  private final Cleanup.Pending stop;

  private Diff(Side source, Side target, Optional<Side> base, DiffOptions options) {
    this.options = options;
    this.sourceMoment = source;
    this.targetMoment = target;
    this.source = new DiffSide("source", source, options.jobs());
    DiffSide second = null;
    try {
      second = new DiffSide("target", target, options.jobs());
      this.base = base.isPresent() ? new DiffSide("common ancestor", base.get(), 1) : null;
    } catch (Throwable broken) {
      this.source.close();
      if (second != null) {
        second.close();
      }
      throw broken;
    }
    this.target = second;
    this.stop = Cleanup.register(this::cancel);
  }

  /**
   * Opens the sessions.
   *
   * @param base the common ancestor of both, if it is to be asked
   * @throws Failure UNAVAILABLE when a session cannot be had
   */
  public static Diff open(Side source, Side target, Optional<Side> base, DiffOptions options) {
    return new Diff(source, target, base, options);
  }

  /**
   * Compares two tables.
   *
   * @param ancestor the table in the common ancestor; empty: it had none, so every row is new
   * @param sink is given every difference
   * @param bytes is moved on by the sizes of both tables
   * @throws Failure REFUSED when they have no column in common; whatever reading fails with, never
   *     taken for equal
   */
  public TableDiff table(
      Pair pair, Optional<Relation> ancestor, DifferenceSink sink, Progress.Bar bytes) {
    if (pair.columns().isEmpty()
        && !pair.source().columns().isEmpty()
        && !pair.target().columns().isEmpty()) {
      throw Failure.refused(
          "table %s has no column in common on both sides".formatted(pair.name().plain()),
          "leave it out");
    }
    Ancestor asked = base == null ? Ancestor.unknown() : Ancestor.of(pair, ancestor);
    PairHashes hashes = PairHashes.of(pair, asked.shared(pair));
    Tally tally = new Tally(sink);
    try (Tolerating tolerating =
        Tolerating.of(options.tolerance(), pair, sourceMoment, targetMoment, tally)) {
      Rows rows = new OneTable(pair, asked, hashes, new Gathering(tolerating), bytes).compare();
      return tally.result(pair, rows.source(), rows.target());
    }
  }

  private void cancel() {
    source.cancel();
    target.cancel();
    if (base != null) {
      base.cancel();
    }
  }

  /** Ends the sessions. */
  @Override
  public void close() {
    stop.cancel();
    source.close();
    target.close();
    if (base != null) {
      base.close();
    }
  }

  /** How many rows were gone through. */
  private record Rows(long source, long target) {}

  /** The comparison of one pair. */
  private final class OneTable {
    private final Pair pair;
    private final Ancestor ancestor;
    private final PairHashes hashes;
    private final Gathering found;
    private final Progress.Bar bytes;

    OneTable(Pair pair, Ancestor ancestor, PairHashes hashes, Gathering found, Progress.Bar bytes) {
      this.pair = pair;
      this.ancestor = ancestor;
      this.hashes = hashes;
      this.found = found;
      this.bytes = bytes;
    }

    Rows compare() {
      long size = pair.source().bytes() + pair.target().bytes();
      Optional<RangeKey> key = size < options.smallBytes() ? Optional.empty() : RangeKey.of(pair);
      return key.isPresent() ? byChunks(key.get()) : whole();
    }

    private Rows whole() {
      ChunkQueries.Sum[] sums = new ChunkQueries.Sum[2];
      both(
          () -> sums[0] = whole(source, pair.source()),
          () -> sums[1] = whole(target, pair.target()));
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
      chunks(source, pair.source(), key, bounds, left, tasks);
      chunks(target, pair.target(), key, bounds, right, tasks);
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
      return (fromSource ? source : target)
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
    private void stream(
        List<Bounds.Range> ranges, @Nullable RangeKey key, @Nullable Bounds bounds) {
      RowStream[] streams = new RowStream[3];
      List<Runnable> open = new ArrayList<>();
      open.add(() -> streams[0] = open(source, pair.source(), hashes, ranges, key, bounds));
      open.add(() -> streams[1] = open(target, pair.target(), hashes, ranges, key, bounds));
      if (ancestor.relation() != null && base != null) {
        Relation relation = ancestor.relation();
        boolean fits = key != null && key.fits(relation);
        open.add(
            () ->
                streams[2] =
                    open(
                        base,
                        relation,
                        hashes.ofAncestor(),
                        fits ? ranges : List.of(),
                        key,
                        bounds));
      } else if (ancestor.known()) {
        streams[2] = new NoRows();
      }
      try {
        together(open);
        new StreamMerge(streams[0], streams[1], streams[2], !pair.key().isEmpty(), found::found)
            .run();
        source.ended();
        target.ended();
        if (ancestor.relation() != null && base != null) {
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
      return side.stream(relation, wanted, inRanges(relation, ranges, key, bounds), true);
    }

    /** The ranges that have two ends by one join, those at the edges as further parts. */
    private String inRanges(
        Relation relation, List<Bounds.Range> ranges, RangeKey key, Bounds bounds) {
      String columns =
          "select belay_row.tableoid, belay_row.ctid, "
              + columns(relation)
              + " from "
              + DiffSide.all(relation);
      List<String> parts = new ArrayList<>();
      List<Bounds.Range> closed = ranges.stream().filter(bounds::closed).toList();
      if (!closed.isEmpty()) {
        parts.add(
            "select x.* from "
                + ChunkQueries.ranges(key, bounds, closed)
                + " cross join lateral ("
                + columns
                + ChunkQueries.within(key)
                + ") x");
      }
      for (Bounds.Range range : ranges) {
        if (!bounds.closed(range)) {
          List<String> conditions = new ArrayList<>();
          if (range.from() > 0) {
            conditions.add(key.row() + " > " + ChunkQueries.value(key, bounds.below(range)));
          }
          if (range.to() < bounds.values().size()) {
            conditions.add(key.row() + " <= " + ChunkQueries.value(key, bounds.upTo(range)));
          }
          parts.add(
              columns + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions)));
        }
      }
      return "(" + String.join(" union all ", parts) + ") as " + RowHash.ALIAS;
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
                          cancel();
                          throw broken;
                        }
                      })
              .toList();
      Together.run("the comparison of " + pair.name().plain(), cancelling);
    }
  }

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
