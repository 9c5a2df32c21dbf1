package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deletes the points that retention lets go. */
final class CleanupPoints {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss");

  private final PointFolder folder;
  private final Progress progress;

  CleanupPoints(PointFolder folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Judges the points of each database on their own.
   *
   * @param keepMin so many of the newest that can be executed stay whatever their age
   * @param delete false: only says what would go
   */
  CleanupPointsReport run(int keepDays, int keepMin, boolean delete, Instant now) {
    if (delete) {
      PointClaim.sweep(folder.folder(), progress::warn);
    }
    Instant oldest = now.minus(Duration.ofDays(keepDays));
    Map<String, Integer> kept = new HashMap<>();
    List<CleanupPointsReport.Item> items = new ArrayList<>();
    for (StoredPoint point : folder.list()) {
      boolean works =
          point.status() == StoredPoint.Status.READY
              || point.status() == StoredPoint.Status.EXECUTED;
      String of = point.record().map(PointRecord::target).orElse("");
      int number = works ? kept.merge(of, 1, Integer::sum) : Integer.MAX_VALUE;
      boolean young = taken(point).isAfter(oldest);
      if (young || number <= keepMin) {
        items.add(
            new CleanupPointsReport.Item(
                point.id(),
                "stays",
                young
                    ? "younger than %d days".formatted(keepDays)
                    : "one of the newest %d of %s".formatted(keepMin, of),
                point.bytes()));
      } else {
        items.add(carryOut(point, delete));
      }
    }
    return new CleanupPointsReport(folder.folder().toString(), delete, items);
  }

  private CleanupPointsReport.Item carryOut(StoredPoint point, boolean delete) {
    String reason = point.problem().map(each -> "old; " + each).orElse("old");
    if (!delete) {
      return new CleanupPointsReport.Item(point.id(), "goes", reason, point.bytes());
    }
    try {
      folder.delete(point);
      progress.step("deleted " + point.id());
      return new CleanupPointsReport.Item(point.id(), "deleted", reason, point.bytes());
    } catch (Failure kept) {
      progress.warn(kept.message());
      return new CleanupPointsReport.Item(point.id(), "failed", kept.message(), point.bytes());
    }
  }

  /** As its record says, else its name. */
  private static Instant taken(StoredPoint point) {
    return point
        .record()
        .map(PointRecord::takenAt)
        .orElseGet(
            () -> {
              try {
                String stamp = point.order().substring(0, "yyyyMMdd_HHmmss".length());
                return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
              } catch (DateTimeParseException | IndexOutOfBoundsException noMoment) {
                // Digits that are no moment: nobody knows how old it is, so it stays.
                return Instant.MAX;
              }
            });
  }
}
