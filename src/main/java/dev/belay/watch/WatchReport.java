package dev.belay.watch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch saw, and what was done.
 *
 * @param watchedMillis for how long
 * @param intervalMillis from one measurement to the next
 * @param probe the statement
 * @param slowProbes that were ended at their limit
 * @param response how long probes took, in milliseconds
 * @param breaches so many of the last {@code of} values make a breach
 * @param breached how often limits were breached
 * @param breachesSeen the first thousand of them
 * @param triggers what was done
 * @param machine of which machine memory and disk are
 * @param notes what could not be seen, and why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchReport(
    String database,
    boolean dryRun,
    long watchedMillis,
    long intervalMillis,
    String probe,
    long probes,
    long failedProbes,
    long slowProbes,
    Response response,
    int breaches,
    int of,
    List<Watching.Line> thresholds,
    long breached,
    List<Breach> breachesSeen,
    List<Trigger.Pulled> triggers,
    String machine,
    @ToPaste List<String> notes)
    implements Report {

  /** Milliseconds; the percentiles within 5 %. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Response(
      @Nullable Double average,
      @Nullable Double percentile95,
      @Nullable Double percentile99,
      @Nullable Double most) {}

  public WatchReport {
    thresholds = List.copyOf(thresholds);
    breachesSeen = List.copyOf(breachesSeen);
    triggers = List.copyOf(triggers);
    notes = List.copyOf(notes);
  }

  /** Whether the migration was taken back. */
  @JsonProperty
  public boolean rolledBack() {
    return triggers.stream().anyMatch(Trigger.Pulled::changed);
  }

  /** A rollback that was done decides, however bad it was before. */
  @Override
  public ExitCode exitCode() {
    return triggers.stream()
        .filter(Trigger.Pulled::changed)
        .findFirst()
        .map(Trigger.Pulled::exitCode)
        .orElse(breached > 0 ? ExitCode.FINDINGS : ExitCode.OK);
  }

  @Override
  @JsonIgnore
  public boolean databaseChanged() {
    return rolledBack();
  }

  @Override
  public List<String> lines() {
    if (dryRun) {
      return List.of("Nothing was watched in %s; the plan is above".formatted(database));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "Watched %s for %s: %s, one every %s"
            .formatted(
                database,
                Units.duration(Duration.ofMillis(watchedMillis)),
                Units.count(probes, "probe", "probes"),
                Units.duration(Duration.ofMillis(intervalMillis))));
    if (response.average() != null) {
      lines.add(
          "  response %s on average, 95 %% within %s, 99 %% within %s, %s at most"
              .formatted(
                  millis(response.average()),
                  millis(response.percentile95()),
                  millis(response.percentile99()),
                  millis(response.most())));
    }
    lines.add(
        "  %s failed, %s ended at their limit"
            .formatted(Units.count(failedProbes), Units.count(slowProbes)));
    lines.add("");
    TextTable table = new TextTable("THRESHOLD", "LIMIT", "AVERAGE", "PEAK", "BEYOND", "STATE");
    for (Watching.Line line : thresholds) {
      table.row(
          line.threshold(),
          shown(line, line.limit()),
          shown(line, line.average()),
          shown(line, line.peak()),
          "%d of %d".formatted(line.beyond(), line.values()),
          line.breached() ? "breached" : line.values() == 0 ? "not known" : "ok");
    }
    lines.addAll(table.lines());
    lines.add("");
    for (Breach breach : breachesSeen) {
      lines.add(
          "breached: %s, peak %s, from %s %s"
              .formatted(
                  breach.words(),
                  breach.measure().shown(breach.peak()),
                  Units.moment(breach.beganAt()),
                  breach.endedAt() == null ? "on" : "to " + Units.moment(breach.endedAt())));
    }
    if (breached > breachesSeen.size()) {
      lines.add("… and " + Units.count(breached - breachesSeen.size()) + " more");
    }
    triggers.forEach(
        each ->
            lines.add(
                "trigger %s, for %s: %s"
                    .formatted(
                        each.trigger(), each.threshold(), TextTable.visible(each.result()))));
    notes.forEach(note -> lines.add("note: " + TextTable.visible(note)));
    lines.add(
        breached == 0
            ? "nothing was breached"
            : "%s: %d of %d values beyond a limit"
                .formatted(Units.count(breached, "breach", "breaches"), breaches, of));
    return lines;
  }

  private static String shown(Watching.Line line, @Nullable Double value) {
    return value == null ? "-" : Measure.of(line.threshold()).shown(value);
  }

  private static String millis(@Nullable Double millis) {
    return millis == null ? "-" : Measure.millis(millis);
  }
}
