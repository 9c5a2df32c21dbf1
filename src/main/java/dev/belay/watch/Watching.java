package dev.belay.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a watch has seen so far. May be asked while it goes on. */
final class Watching {
  /** More breaches than these are only counted: a watch may run for months. */
  private static final int MOST_BREACHES = 1000;

  /**
   * One limit and what was held against it.
   *
   * @param values that were measured
   * @param beyond those of them that were beyond the limit
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Line(
      String threshold,
      String unit,
      double limit,
      long values,
      long beyond,
      @Nullable Double last,
      @Nullable Double average,
      @Nullable Double peak,
      boolean breached) {}

  /** What happened to a limit. */
  record Event(Window.Change change, Breach breach) {}

  private static final class Course {
    private final Measure measure;
    private final Window window;
    private long values;
    private long beyond;
    private double sum;
    private double peak;
    private double last;
    private @Nullable Breach breach;
    private boolean before;

    Course(Measure measure, Window window) {
      this.measure = measure;
      this.window = window;
    }

    Line line() {
      return new Line(
          measure.word(),
          measure.unit(),
          window.limit(),
          values,
          beyond,
          values == 0 ? null : Double.valueOf(rounded(last)),
          values == 0 ? null : Double.valueOf(rounded(sum / values)),
          values == 0 ? null : Double.valueOf(rounded(peak)),
          window.isBreached());
    }
  }

  private final Map<Measure, Course> courses = new EnumMap<>(Measure.class);
  private final ErrorShare errors;
  private final Latencies latencies = new Latencies();
  private final List<Breach> over = new ArrayList<>();
  private long breachCount;
  private long probes;
  private long failed;
  private long slow;
  private @Nullable Double lastMillis;
  private @Nullable Long lastSuccess;

  Watching(WatchSettings settings) {
    settings
        .limits()
        .forEach(
            (measure, limit) ->
                courses.put(
                    measure,
                    new Course(measure, new Window(limit, settings.breaches(), settings.of()))));
    errors = new ErrorShare(settings.errorWindow());
  }

  /** A probe was made. */
  synchronized List<Event> probed(Probe probe) {
    probes++;
    slow += probe.cut() ? 1 : 0;
    failed += probe.failed() ? 1 : 0;
    List<Event> events = new ArrayList<>();
    if (probe.took().isPresent()) {
      latencies.add(probe.millis());
      lastMillis = probe.millis();
      if (!probe.cut()) {
        lastSuccess = System.currentTimeMillis();
      }
      // The server may have ended it some microseconds too early for the limit.
      Course course = courses.get(Measure.RESPONSE);
      double beyond = course == null ? 0 : Math.nextUp(course.window.limit());
      events.addAll(
          measured(
              Measure.RESPONSE, probe.cut() ? Math.max(probe.millis(), beyond) : probe.millis()));
    }
    events.addAll(measured(Measure.ERRORS, errors.add(probe.failed())));
    return events;
  }

  /** A value was measured; null: it could not be. */
  synchronized List<Event> measured(Measure measure, @Nullable Double value) {
    Course course = courses.get(measure);
    if (course == null || value == null) {
      return List.of();
    }
    course.values++;
    course.sum += value;
    course.peak = Math.max(course.peak, value);
    course.last = value;
    course.beyond += course.window.isBeyond(value) ? 1 : 0;
    Window.Change change = course.window.add(value);
    boolean first = course.values == 1;
    course.before = (first || course.before) && !course.window.isClear();
    Breach now = course.breach;
    if (change == Window.Change.BEGAN) {
      breachCount++;
      now =
          new Breach(
              measure.word(),
              measure.unit(),
              course.window.limit(),
              rounded(value),
              rounded(value),
              Instant.now(),
              null);
    } else if (now != null) {
      now = now.worse(rounded(value));
    }
    course.breach = now;
    if (now == null || change == Window.Change.NONE) {
      return List.of();
    }
    if (change == Window.Change.OVER) {
      now = now.over(Instant.now());
      course.breach = null;
      if (over.size() < MOST_BREACHES) {
        over.add(now);
      }
    }
    return List.of(new Event(change, now));
  }

  synchronized Optional<Breach> open(Measure measure) {
    Course course = courses.get(measure);
    return course == null ? Optional.empty() : Optional.ofNullable(course.breach);
  }

  /** Whether it was beyond its limit with the first value, and has not been well within since. */
  synchronized boolean isFromBefore(Measure measure) {
    Course course = courses.get(measure);
    return course != null && course.before;
  }

  /** Whether that breach is not over. */
  synchronized boolean lasts(Breach breach) {
    return open(breach.measure())
        .map(open -> open.beganAt().equals(breach.beganAt()))
        .orElse(false);
  }

  synchronized boolean isBreached() {
    return courses.values().stream().anyMatch(course -> course.window.isBreached());
  }

  synchronized boolean wasBreached() {
    return breachCount > 0;
  }

  synchronized long breachCount() {
    return breachCount;
  }

  synchronized List<Line> lines() {
    return courses.values().stream().map(Course::line).toList();
  }

  /** Those that are over, then those that are not. */
  synchronized List<Breach> breaches() {
    List<Breach> all = new ArrayList<>(over);
    courses.values().forEach(course -> Optional.ofNullable(course.breach).ifPresent(all::add));
    return all;
  }

  synchronized long probes() {
    return probes;
  }

  synchronized long failedProbes() {
    return failed;
  }

  synchronized long slowProbes() {
    return slow;
  }

  synchronized OptionalDouble lastProbeMillis() {
    return lastMillis == null ? OptionalDouble.empty() : OptionalDouble.of(lastMillis);
  }

  synchronized Optional<Long> lastSuccessMillis() {
    return Optional.ofNullable(lastSuccess);
  }

  synchronized WatchReport.Response response() {
    return new WatchReport.Response(
        latencies.average(), latencies.percentile(95), latencies.percentile(99), latencies.most());
  }

  /** {@code response 3 ms, errors 0.0%, …}. */
  synchronized String words() {
    List<String> words = new ArrayList<>();
    for (Course course : courses.values()) {
      if (course.values > 0) {
        words.add(
            course.measure.word()
                + " "
                + course.measure.shown(course.last)
                + (course.window.isBreached() ? " BREACHED" : ""));
      }
    }
    return String.join(", ", words);
  }

  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
