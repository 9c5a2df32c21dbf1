package dev.belay.readiness;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.monitor.Metrics;
import dev.belay.report.CheckStatus;
import dev.belay.report.CheckTally;
import dev.belay.report.JunitSuite;
import dev.belay.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether one could go back right now, point by point.
 *
 * @param database as {@code database@host:port}
 * @param points in the order in which they were looked at
 * @param unreachable why the target cannot be reached; empty when it can
 * @param metrics what was measured on the way
 */
@JsonPropertyOrder({
  "database",
  "ready",
  "overallStatus",
  "pointsPassed",
  "pointsWarned",
  "pointsFailed",
  "pointsNotChecked",
  "points"
})
public record ReadinessReport(
    String database,
    List<Point> points,
    @JsonIgnore Optional<Failure> unreachable,
    @JsonIgnore Metrics metrics)
    implements Report {
  public ReadinessReport {
    points = List.copyOf(points);
  }

  /** Whether nothing stands in the way, as far as could be seen. */
  @JsonProperty
  public boolean ready() {
    return exitCode() == ExitCode.OK;
  }

  /** How many points are well. */
  @JsonProperty
  public long pointsPassed() {
    return tally().passed();
  }

  /** How many points should be known of. */
  @JsonProperty
  public long pointsWarned() {
    return tally().warned();
  }

  /** How many points stand in the way. */
  @JsonProperty
  public long pointsFailed() {
    return tally().failed();
  }

  /** How many points could not be looked at. */
  @JsonProperty
  public long pointsNotChecked() {
    return tally().notChecked();
  }

  /** The points that stand in the way. */
  public List<Point> problems() {
    return points.stream().filter(point -> point.status() == CheckStatus.FAILED).toList();
  }

  /** {@code unreachable}, {@code failed}, {@code incomplete}, {@code warning} or {@code passed}. */
  @JsonProperty
  public String overallStatus() {
    return unreachable.isPresent() ? "unreachable" : tally().overall();
  }

  @Override
  public ExitCode exitCode() {
    return switch (overallStatus()) {
      case "unreachable", "incomplete" -> ExitCode.UNAVAILABLE;
      case "failed" -> ExitCode.FINDINGS;
      default -> ExitCode.OK;
    };
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Readiness of " + database);
    lines.add("");
    int width = points.stream().mapToInt(point -> point.name().word().length()).max().orElse(0);
    points.forEach(point -> lines.addAll(point.lines(width)));
    lines.add("");
    lines.add(tally().line(verdict()));
    return lines;
  }

  private String verdict() {
    return switch (overallStatus()) {
      case "unreachable" -> "not ready, since the database cannot be reached";
      case "failed" -> "not ready";
      case "incomplete" -> "nothing is known against it, but not everything could be checked";
      default -> "ready to go back";
    };
  }

  @Override
  public Optional<JunitSuite> junit() {
    List<JunitSuite.Case> cases =
        points.stream()
            .map(
                point ->
                    new JunitSuite.Case(
                        "belay.readiness",
                        point.name().word(),
                        Duration.ZERO,
                        found(point, CheckStatus.FAILED),
                        found(point, CheckStatus.NOT_CHECKED),
                        point.lines(point.name().word().length())))
            .toList();
    return Optional.of(new JunitSuite("belay readiness", cases, List.of("database=" + database)));
  }

  /** What was measured, with what came of it, for alerts that need not read the answer. */
  Metrics figures(Instant now) {
    Map<String, String> labels = Map.of("database", database);
    metrics
        .gauge(
            "belay_readiness_timestamp_seconds",
            "When it was looked at.",
            labels,
            (double) now.getEpochSecond())
        .gauge("belay_ready", "Whether one could go back: 1 yes, 0 no.", labels, ready() ? 1 : 0);
    for (CheckStatus status : CheckStatus.values()) {
      metrics.gauge(
          "belay_readiness_points",
          "How many points came out so.",
          Map.of("database", database, "status", status.word().replace(' ', '_')),
          (double) tally().ended(status));
    }
    for (Point point : points) {
      metrics.gauge(
          "belay_readiness_point",
          "One point: 0 passed, 1 a warning, 2 failed, 3 not checked.",
          Map.of("database", database, "point", point.name().word()),
          number(point.status()));
    }
    return metrics;
  }

  private static int number(CheckStatus status) {
    return switch (status) {
      case PASSED -> 0;
      case WARNING -> 1;
      case FAILED -> 2;
      case NOT_CHECKED -> 3;
    };
  }

  private static Optional<List<String>> found(Point point, CheckStatus status) {
    return point.status() == status
        ? Optional.of(point.lines(point.name().word().length()))
        : Optional.empty();
  }

  private CheckTally tally() {
    return CheckTally.of(points.stream().map(Point::status).toList());
  }
}
