package dev.belay.incident;

import dev.belay.cli.Announcement;
import dev.belay.cli.Announcer;
import dev.belay.cli.Companion;
import dev.belay.cli.Facts;
import dev.belay.cli.Outcome;
import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import dev.belay.report.Remark;
import dev.belay.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Keeps what a report needs of an operation and nobody else writes down: the words of its plan,
 * what people were told, and its answer. What goes wrong with that is logged and changes nothing.
 */
public final class OperationKeeper implements Companion, Announcer {
  private static final int MOST_LINES = 2_000;
  private static final int MOST_TOLD = 300;
  private static final int LONGEST_TEXT = 4_000;

  /** What is told often is on the disk a second later at the latest that something else is told. */
  private static final long WRITE_EVERY_NANOS = 1_000_000_000L;

  private final List<List<String>> plans = new ArrayList<>();
  private final List<KeptOperation.Told> told = new ArrayList<>();
  private boolean begun;
  private long written;

  @Override
  public synchronized void before(Facts facts) {
    begun = true;
    keep(facts, null);
    try {
      new KeptOperations(facts.settings().folders().journal()).thin();
    } catch (IOException cannot) {
      log("old operations cannot be removed", cannot);
    }
  }

  @Override
  public List<Remark> after(Facts facts, Outcome outcome) {
    return List.of();
  }

  @Override
  public synchronized void announced(Facts facts, Announcement announcement) {
    if (told.size() < MOST_TOLD) {
      Map<String, String> its = new LinkedHashMap<>();
      announcement.facts().forEach((name, value) -> its.put(name, text(value)));
      told.add(
          new KeptOperation.Told(
              Instant.now(),
              announcement.type().name().toLowerCase(Locale.ROOT),
              announcement.severity().name().toLowerCase(Locale.ROOT),
              text(announcement.title()),
              its));
    }
    if (begun && System.nanoTime() - written > WRITE_EVERY_NANOS) {
      keep(facts, null);
    }
  }

  @Override
  public synchronized void ended(Facts facts, Outcome outcome) {
    // What told somebody did something, though nobody had to agree to it.
    if (begun || outcome.begun() || !told.isEmpty()) {
      try {
        keep(facts, end(outcome));
      } catch (RuntimeException cannot) {
        log("the operation cannot be kept for its report", cannot);
      }
    }
  }

  private void keep(Facts facts, KeptOperation.@Nullable Ended ended) {
    List<String> plan = facts.plan().stream().limit(MOST_LINES).map(OperationKeeper::text).toList();
    if (!plan.isEmpty() && !plans.contains(plan)) {
      plans.add(plan);
    }
    try {
      new KeptOperations(facts.settings().folders().journal())
          .keep(
              new KeptOperation(
                  KeptOperation.VERSION,
                  facts.run().text(),
                  facts.command(),
                  text(facts.arguments()),
                  facts.database(),
                  facts.startedAt(),
                  plans,
                  told,
                  ended));
      written = System.nanoTime();
    } catch (IOException | RuntimeException cannot) {
      log("the operation cannot be kept for its report", cannot);
    }
  }

  /** Asked for when it is needed: loading it would cost every start. */
  private static void log(String what, Exception cannot) {
    LoggerFactory.getLogger(OperationKeeper.class).warn("{}: {}", what, String.valueOf(cannot));
  }

  private static KeptOperation.Ended end(Outcome outcome) {
    Report report = outcome.report();
    Failure failure = outcome.failure();
    return new KeptOperation.Ended(
        Instant.now(),
        outcome.exitCode() == null ? "SIGNAL" : outcome.exitCode().name(),
        outcome.exitCode() == null ? null : outcome.exitCode().status(),
        outcome.databaseChanged(),
        outcome.duration().toMillis(),
        failure == null
            ? null
            : new KeptOperation.Problem(
                text(failure.message()), text(failure.state()), text(failure.hint())),
        outcome.remarks(),
        lines(outcome),
        report == null ? null : answer(report));
  }

  private static List<String> lines(Outcome outcome) {
    List<String> all = outcome.lines();
    List<String> kept =
        new ArrayList<>(all.stream().limit(MOST_LINES).map(OperationKeeper::text).toList());
    if (all.size() > kept.size()) {
      kept.add("… and %d more lines".formatted(all.size() - kept.size()));
    }
    return kept;
  }

  private static @Nullable JsonNode answer(Report report) {
    Room room = new Room();
    try {
      Json.MAPPER.writeValue(room, report);
      return Json.MAPPER.readTree(room.toByteArray());
    } catch (JacksonException | UncheckedIOException tooLong) {
      return null;
    }
  }

  /** Room for an answer that is not too long; the memory is the operation's. */
  private static final class Room extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      if (size() + length > KeptOperations.LONGEST_BYTES) {
        throw new UncheckedIOException(new IOException("the answer is too long to keep"));
      }
      super.write(bytes, offset, length);
    }
  }

  private static String text(String text) {
    // Cut first: what masks was not made for megabytes.
    return text.length() <= LONGEST_TEXT
        ? Masking.text(text)
        : Masking.text(text.substring(0, LONGEST_TEXT)) + " …";
  }
}
