package dev.belay.drill;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.archive.DrillRecord;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.rehearse.AppRehearsal;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a drill proved.
 *
 * @param database as {@code database@host:port}
 * @param backup that was restored; empty: none could be
 * @param backupTakenAt the moment that it shows
 * @param phases in the order in which they were tried
 * @param apps what came of the migrations
 * @param measured this drill as it is in the history
 * @param trend against the drills before; empty where there are too few
 * @param notes what else there is to be known
 * @param files where this report was written
 */
public record DrillReport(
    String database,
    Instant drilledAt,
    Optional<String> backup,
    Optional<Instant> backupTakenAt,
    List<Phase> phases,
    List<AppRehearsal> apps,
    DrillRecord measured,
    Optional<Trend> trend,
    @ToPaste List<String> notes,
    List<String> files)
    implements Report {
  public DrillReport {
    phases = List.copyOf(phases);
    apps = List.copyOf(apps);
    notes = List.copyOf(notes);
    files = List.copyOf(files);
  }

  /** {@code proven}, {@code not-proven}, or {@code incomplete}: something could not be checked. */
  @JsonProperty
  public String verdict() {
    return switch (exitCode()) {
      case OK -> "proven";
      case FINDINGS -> "not-proven";
      default -> "incomplete";
    };
  }

  /** A finding wins over what could not be checked; nothing found but not all checked is no OK. */
  @Override
  public ExitCode exitCode() {
    return of(phases);
  }

  static ExitCode of(List<Phase> phases) {
    if (phases.stream().anyMatch(each -> each.outcome() == Phase.Outcome.FAILED)) {
      return ExitCode.FINDINGS;
    }
    return phases.stream().anyMatch(each -> each.outcome() == Phase.Outcome.NOT_CHECKED)
        ? ExitCode.UNAVAILABLE
        : ExitCode.OK;
  }

  /** What is proven, in words: a restore, and the undo of single migrations. */
  @JsonProperty
  public List<String> proofs() {
    List<String> proofs = new ArrayList<>();
    phases.stream()
        .filter(each -> each.name().equals("restore"))
        .filter(each -> each.outcome() == Phase.Outcome.PASSED)
        .forEach(each -> proofs.add("the restore of " + each.about()));
    apps.forEach(app -> proofs.addAll(app.proofs()));
    return List.copyOf(proofs);
  }

  /** Of what a drill leaves out, what there is, in words. */
  @JsonProperty
  public List<String> untried() {
    return apps.stream().flatMap(app -> app.untried().stream()).toList();
  }

  /** The same with another note. */
  DrillReport noting(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new DrillReport(
        database, drilledAt, backup, backupTakenAt, phases, apps, measured, trend, more, files);
  }

  /** The same, written there. */
  DrillReport in(List<String> written) {
    return new DrillReport(
        database, drilledAt, backup, backupTakenAt, phases, apps, measured, trend, notes, written);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(lines, "Drill of %s at %s".formatted(database, Units.moment(drilledAt)));
    backup.ifPresent(
        id ->
            add(
                lines,
                "Backup %s, %s old, %s"
                    .formatted(
                        id,
                        backupTakenAt
                            .map(at -> Units.duration(Duration.between(at, drilledAt)))
                            .orElse("?"),
                        Units.bytes(measured.bytes()))));
    lines.add("");
    TextTable table = new TextTable("part", "of", "outcome", "took");
    for (Phase phase : phases) {
      table.row(
          phase.name(),
          phase.about(),
          phase.outcome().word(),
          Units.duration(Duration.ofMillis(phase.millis())));
    }
    lines.addAll(table.lines());
    for (Phase phase : phases) {
      for (String finding : phase.findings()) {
        add(lines, "  - %s: %s".formatted(phase.name(), finding));
      }
    }
    for (AppRehearsal app : apps) {
      lines.add("");
      lines.addAll(app.lines());
    }
    if (measured.bytes() > 0) {
      lines.add("");
      add(
          lines,
          String.format(
              Locale.ROOT,
              "Recovery  %s: restore %s, comparison %s; %.1f s per GB",
              took(measured.recoveryMillis()),
              took(measured.restoreMillis()),
              took(measured.verificationMillis()),
              measured.secondsPerGigabyte()));
      add(
          lines,
          "          migrations since %s, undo %s"
              .formatted(took(measured.upMillis()), took(measured.undoMillis())));
    }
    trend.ifPresent(found -> add(lines, "Trend     " + found.words()));
    notes.forEach(note -> add(lines, "note: " + note));
    lines.add("");
    lines.add(
        switch (verdict()) {
          case "proven" -> "Everything that was tried is proven.";
          case "not-proven" -> "NOT PROVEN: see the findings above.";
          default -> "INCOMPLETE: nothing wrong was found, and not everything could be checked.";
        });
    if (!proofs().isEmpty()) {
      add(lines, "Proven     " + String.join("; ", proofs()));
    }
    if (!untried().isEmpty()) {
      add(lines, "Not tried  " + String.join("; ", untried()));
    }
    files.forEach(file -> add(lines, "Written  " + file));
    return lines;
  }

  private static String took(long millis) {
    return Units.duration(Duration.ofMillis(millis));
  }

  private static void add(List<String> lines, String line) {
    lines.add(TextTable.visible(line));
  }
}
