package dev.belay.dataset;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of tables into one stream: several sessions read and render pieces at the same
 * time, and the calling thread writes them in order. What is held in memory depends neither on the
 * size of a table nor on the number of rows; of a row, as much as the server sends of it. For one
 * use.
 */
final class ExportWriting {
  /** Small enough that a session that is ahead has room for most of what it renders. */
  private static final long BYTES_PER_PIECE = 5 << 20;

  private static final int AHEAD = 2;
  private static final int MOST_CHUNKS = 16;
  private static final int CHUNKS_IN_ALL = 96;
  private static final long LOOK_EVERY_MILLIS = 100;

  private final ExportHeader header;
  private final Map<ExportedTable, LiveTable> tables;
  private final Framing framing;
  private final boolean checked;
  private final Progress.Bar bytes;
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private final List<Database> sessions = new ArrayList<>();
  private final Lane.Spare spare = new Lane.Spare();
  private final int jobs;
  private final Iterator<Piece> pieces;
  private BlockingQueue<Lane> lanes = new ArrayBlockingQueue<>(1);
  private int chunks;

  /**
   * @param tables those of the header, in its order, and where their rows are
   * @param bytes is moved on by each table's {@link LiveTable#bytes}
   * @param jobs sessions; one alone reads each table in one go, which spares the server's cache
   */
  ExportWriting(
      ExportHeader header, Map<ExportedTable, LiveTable> tables, Progress.Bar bytes, int jobs) {
    this.header = header;
    this.jobs = jobs;
    this.tables = tables;
    this.framing = new Framing(header.form());
    this.checked = !header.encoding().equals("UTF8");
    this.bytes = bytes;
    this.pieces = pieces();
  }

  /**
   * Writes everything.
   *
   * @param workers gives a session each time, in the moment that is exported; closed here
   * @return the rows of each table, in the order of the header
   * @throws Failure what the first session failed with, with the table's name
   * @throws IOException when the stream cannot be written
   */
  Map<ExportedTable, Long> run(Supplier<Database> workers, OutputStream out) throws IOException {
    lanes = new ArrayBlockingQueue<>(jobs + AHEAD);
    chunks = Math.max(2, Math.min(MOST_CHUNKS, CHUNKS_IN_ALL / (2 * jobs + AHEAD)));
    List<Thread> threads = new ArrayList<>();
    Cleanup.Pending stop = Cleanup.register(this::interrupted);
    try {
      for (int worker = 0; worker < jobs; worker++) {
        sessions.add(workers.get());
      }
      for (Database session : sessions) {
        Thread thread = new Thread(() -> takeTurns(session), "export");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
      return write(out);
    } catch (Lane.Ended ended) {
      throw firstFailure();
    } catch (IOException | RuntimeException | Error broken) {
      fail(broken);
      throw broken;
    } finally {
      end(threads);
      stop.cancel();
      sessions.forEach(Database::close);
    }
  }

  private Map<ExportedTable, Long> write(OutputStream out) throws IOException {
    out.write(framing.begin(header));
    Map<ExportedTable, Long> rows = new LinkedHashMap<>();
    ExportedTable open = null;
    Iterator<Piece> order = pieces();
    while (order.hasNext()) {
      Piece next = order.next();
      if (!next.table().equals(open)) {
        finish(open, rows, out);
        open = next.table();
        rows.put(open, 0L);
        out.write(framing.beginTable(open));
      }
      Lane lane = takeLane();
      boolean begun = rows.getOrDefault(open, 0L) > 0;
      drain(lane, begun ? 0 : framing.separator(), out);
      rows.merge(open, lane.rows(), Long::sum);
      bytes.advance(next.bytes());
    }
    finish(open, rows, out);
    long all = rows.values().stream().mapToLong(Long::longValue).sum();
    out.write(framing.end(header.tables(), all));
    return rows;
  }

  private void finish(@Nullable ExportedTable open, Map<ExportedTable, Long> rows, OutputStream out)
      throws IOException {
    if (open != null) {
      out.write(framing.endTable(open, rows.getOrDefault(open, 0L)));
    }
  }

  /** In the order in which they are written, made one after the other. */
  private Iterator<Piece> pieces() {
    long each = jobs > 1 ? BYTES_PER_PIECE : Long.MAX_VALUE;
    return tables.entrySet().stream()
        .flatMap(table -> Piece.of(table.getKey(), table.getValue(), each).stream())
        .iterator();
  }

  /**
   * @param leftOut how many bytes at its beginning are not written
   */
  private void drain(Lane lane, int leftOut, OutputStream out) throws IOException {
    int skip = leftOut;
    try {
      for (Lane.Chunk chunk = lane.take(); chunk != null; chunk = lane.take()) {
        out.write(chunk.bytes, skip, chunk.length - skip);
        skip = 0;
        spare.give(chunk.bytes);
      }
    } catch (InterruptedException interrupted) {
      throw interruption();
    }
  }

  private Lane takeLane() {
    try {
      while (true) {
        Lane lane = lanes.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        if (lane != null) {
          return lane;
        }
        if (first.get() != null) {
          throw new Lane.Ended();
        }
      }
    } catch (InterruptedException interrupted) {
      throw interruption();
    }
  }

  private static Failure interruption() {
    Thread.currentThread().interrupt();
    return Failure.failed("the export was interrupted", "run the command again");
  }

  private void takeTurns(Database session) {
    Lane lane = null;
    try {
      CopyQueries.prepare(session);
      lane = nextLane();
      while (lane != null) {
        Lane begun = lane;
        lane =
            session.lockingBriefly(() -> Optional.ofNullable(table(session, begun))).orElse(null);
      }
    } catch (Lane.Ended ended) {
      // Whoever failed first has said why.
    } catch (Failure failure) {
      fail(lane == null ? failure : failure.about("table " + name(lane)));
    } catch (OutOfMemoryError full) {
      fail(
          Failure.failed(
                  "belay has too little memory for a row of table %s"
                      .formatted(lane == null ? "?" : name(lane)),
                  "give it more with: export JAVA_TOOL_OPTIONS=-Xmx2g")
              .causedBy(full));
    } catch (Throwable broken) {
      fail(broken);
    }
  }

  private static String name(Lane lane) {
    return lane.piece().table().name().plain();
  }

  /** Renders pieces of one table, and returns the first that is of another. */
  private @Nullable Lane table(Database session, Lane begun) {
    ExportedTable table = begun.piece().table();
    RowRenderer renderer = new RowRenderer(table, framing, checked);
    Lane lane = begun;
    while (lane != null && lane.piece().table().equals(table)) {
      render(session, lane.piece(), renderer, lane);
      lane.close();
      lane = nextLane();
    }
    return lane;
  }

  private static void render(Database session, Piece piece, RowRenderer renderer, Lane lane) {
    LiveTable.Part part = piece.part();
    if (part != null) {
      CopyQueries.out(session, piece.sql(part), row -> renderer.row(row, lane));
    }
  }

  /** The writing takes lanes in the order in which sessions take pieces. */
  private synchronized @Nullable Lane nextLane() {
    if (first.get() != null) {
      throw new Lane.Ended();
    }
    if (!pieces.hasNext()) {
      return null;
    }
    Lane lane = new Lane(pieces.next(), chunks, spare, () -> first.get() != null);
    try {
      while (!lanes.offer(lane, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        if (first.get() != null) {
          throw new Lane.Ended();
        }
      }
      return lane;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Lane.Ended();
    }
  }

  private void interrupted() {
    fail(Failure.failed("the export was interrupted", "run the command again"));
  }

  private void fail(Throwable failure) {
    if (first.compareAndSet(null, failure)) {
      sessions.forEach(Database::cancel);
    }
  }

  private RuntimeException firstFailure() {
    Throwable failure = first.get();
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  /** A session that was between two queries when it was told to stop is told again. */
  private void end(List<Thread> threads) {
    boolean interrupted = Thread.interrupted();
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join(LOOK_EVERY_MILLIS);
        } catch (InterruptedException again) {
          interrupted = true;
          interrupted();
        }
        if (first.get() != null) {
          sessions.forEach(Database::cancel);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
