package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a monitor saw, read in constant memory whatever the length of its file, and as far as it can
 * be read.
 *
 * @param begin its first line
 * @param firstAt when the first sample was taken
 * @param from milliseconds since its beginning of the first thing in it
 * @param to of the last one
 * @param intervalMillis between two samples, about
 * @param charts those in which there is anything but zeros
 * @param marks steps that began meanwhile
 * @param notes what could not be read, or was not measured
 */
record Samples(
    Path file,
    JsonNode begin,
    Instant firstAt,
    long from,
    long to,
    long intervalMillis,
    List<Chart> charts,
    List<Mark> marks,
    List<String> notes) {
  private static final int LONGEST_LINE = 1 << 16;
  private static final int MOST_MARKS = 200;
  private static final double BIGGEST = 1e18;

  Samples {
    charts = List.copyOf(charts);
    marks = List.copyOf(marks);
    notes = List.copyOf(notes);
  }

  /** Values that are drawn together. */
  record Chart(ChartKind kind, List<Series> series) {}

  /** A step that began; {@code at} is in milliseconds since the beginning. */
  record Mark(long at, String step) {}

  /** The run that it watched. */
  String run() {
    return begin.path("run").asString("");
  }

  /** Whether that is the first line of a monitor's file. */
  static boolean isBegin(String line) {
    return tree(line)
        .filter(tree -> tree.path("type").asString("").equals("begin"))
        .filter(tree -> tree.has("schema"))
        .isPresent();
  }

  /**
   * Reads it, in two passes; empty when it is no monitor's file or nothing was measured.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<Samples> read(Path file) throws IOException {
    Extent extent = new Extent();
    each(file, extent::line, extent::unreadable);
    JsonNode begin = extent.begin;
    if (begin == null || extent.samples == 0) {
      return Optional.empty();
    }
    Map<ChartKind.Field, Series> series = new LinkedHashMap<>();
    ChartKind.ALL.forEach(
        kind ->
            kind.fields()
                .forEach(
                    field -> series.put(field, new Series(field.label(), extent.from, extent.to))));
    each(
        file,
        line -> {
          if (line.path("type").asString("").equals("sample")) {
            series.forEach(
                (field, into) ->
                    value(line, field).ifPresent(point -> into.add(point.at(), point.value())));
          }
        },
        ignored -> {});
    return Optional.of(extent.samples(file, begin, series));
  }

  private static Optional<Series.Point> value(JsonNode line, ChartKind.Field field) {
    JsonNode value = line.path(field.name());
    if (!value.isNumber() || !elapsed(line)) {
      return Optional.empty();
    }
    double number = value.asDouble() * field.scale();
    return Double.isFinite(number) && Math.abs(number) < BIGGEST
        ? Optional.of(new Series.Point(line.path("elapsedMillis").asLong(), number))
        : Optional.empty();
  }

  /** Ten years are more than anybody watches; what is beyond was not written by a monitor. */
  private static boolean elapsed(JsonNode line) {
    JsonNode elapsed = line.path("elapsedMillis");
    return elapsed.isIntegralNumber()
        && elapsed.canConvertToLong()
        && elapsed.asLong() >= 0
        && elapsed.asLong() < 315_360_000_000L;
  }

  private static void each(Path file, Consumer<JsonNode> reader, Consumer<Boolean> unreadable)
      throws IOException {
    Lines.each(
        file,
        0,
        LONGEST_LINE,
        line -> {
          Optional<JsonNode> tree = line.cut() ? Optional.empty() : tree(line.text());
          if (tree.isPresent()) {
            reader.accept(tree.get());
          } else if (!line.text().isBlank()) {
            unreadable.accept(line.ended());
          }
          return true;
        });
  }

  private static Optional<JsonNode> tree(String line) {
    try {
      JsonNode tree = Json.MAPPER.readTree(line);
      return tree.isObject() ? Optional.of(tree) : Optional.empty();
    } catch (JacksonException torn) {
      return Optional.empty();
    }
  }

  /** The first pass: how long it is, and what is not a value. */
  private static final class Extent {
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable JsonNode begin;
    private @Nullable Instant firstAt;
    private @Nullable String gap;
    private long from = Long.MAX_VALUE;
    private long to;
    private long samples;
    private long gaps;
    private long damaged;
    private boolean torn;
    private boolean ended;

    void unreadable(boolean whole) {
      damaged += whole ? 1 : 0;
      torn |= !whole;
    }

    void line(JsonNode line) {
      switch (line.path("type").asString("")) {
        case "begin" -> begin = begin == null ? line : begin;
        case "end" -> ended = true;
        case "mark" -> {
          if (elapsed(line) && marks.size() < MOST_MARKS) {
            marks.add(
                new Mark(line.path("elapsedMillis").asLong(), line.path("step").asString("")));
          }
        }
        case "sample" -> sample(line);
        default -> {
          // A newer Belay writes kinds that are not known here.
        }
      }
    }

    private void sample(JsonNode line) {
      if (!elapsed(line)) {
        damaged++;
        return;
      }
      long at = line.path("elapsedMillis").asLong();
      if (firstAt == null) {
        firstAt =
            JournalFile.instant(line.path("at")).map(then -> then.minusMillis(at)).orElse(null);
      }
      samples++;
      from = Math.min(from, at);
      to = Math.max(to, at);
      String reason = line.path("gap").asString("");
      if (!reason.isEmpty()) {
        gaps++;
        gap = gap == null ? reason : gap;
      }
    }

    Samples samples(Path file, JsonNode header, Map<ChartKind.Field, Series> series) {
      List<String> notes = new ArrayList<>();
      if (header.path("schema").asInt(0) > 1) {
        notes.add(
            "the samples %s are of a newer belay: what is not known here is left out"
                .formatted(file));
      }
      if (!ended) {
        notes.add(
            "the samples %s have no end: the monitor was killed, or is still at work"
                .formatted(file));
      }
      if (torn) {
        notes.add("the last sample of %s was cut by a crash".formatted(file));
      }
      if (damaged > 0) {
        notes.add(
            "%s of %s could not be read".formatted(Units.count(damaged, "line", "lines"), file));
      }
      if (gaps > 0) {
        notes.add(
            "of %s nothing is known of the database: %s"
                .formatted(Units.count(gaps, "moment", "moments"), gap));
      }
      List<Chart> charts = new ArrayList<>();
      List<String> absent = new ArrayList<>();
      List<String> zero = new ArrayList<>();
      for (ChartKind kind : ChartKind.ALL) {
        List<Series> measured =
            kind.fields().stream()
                .map(series::get)
                .filter(one -> one != null && !one.isEmpty())
                .toList();
        if (measured.isEmpty()) {
          absent.add(kind.title());
        } else if (measured.stream().allMatch(Series::isFlatZero)) {
          zero.add(kind.title());
        } else {
          charts.add(new Chart(kind, measured));
        }
      }
      if (!zero.isEmpty()) {
        notes.add("zero all the time: " + String.join("; ", zero));
      }
      if (!absent.isEmpty()) {
        notes.add("not measured: " + String.join("; ", absent));
      }
      long interval =
          header.path("intervalMillis").asLong(0) > 0
              ? header.path("intervalMillis").asLong()
              : Math.max(1, (to - from) / Math.max(1, samples));
      Instant began = firstAt;
      return new Samples(
          file,
          header,
          began == null ? JournalFile.instant(header.path("at")).orElse(Instant.EPOCH) : began,
          from,
          Math.max(to, from + 1),
          interval,
          charts,
          marks,
          notes);
    }
  }
}
