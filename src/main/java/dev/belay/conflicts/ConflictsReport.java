package dev.belay.conflicts;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.flyway.Conflict;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What was found, what was resolved, and what is left.
 *
 * @param database as {@code database@host:port}
 * @param apps one for each app, as it is now
 * @param resolved what was changed; empty: nothing
 * @param historyCopies the copies of the histories as they were before, in the order of the apps
 */
public record ConflictsReport(
    String database, List<AppConflicts> apps, List<RowChange> resolved, List<String> historyCopies)
    implements Report {
  public ConflictsReport {
    apps = List.copyOf(apps);
    resolved = List.copyOf(resolved);
    historyCopies = List.copyOf(historyCopies);
  }

  /** How many conflicts are left that are more than notices. */
  @JsonProperty
  public long conflictsLeft() {
    return apps.stream().mapToLong(AppConflicts::serious).sum();
  }

  /** How many notices there are: conflicts that stop nothing. */
  @JsonProperty
  public long notices() {
    return apps.stream().mapToLong(app -> app.conflicts().size() - app.serious()).sum();
  }

  @Override
  public boolean databaseChanged() {
    return !resolved.isEmpty();
  }

  /** A conflict wins over what could not be looked at. */
  @Override
  public ExitCode exitCode() {
    if (conflictsLeft() > 0) {
      return ExitCode.FINDINGS;
    }
    boolean unchecked = apps.stream().anyMatch(app -> !app.unchecked().isEmpty());
    return unchecked ? ExitCode.UNAVAILABLE : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    for (AppConflicts app : apps) {
      lines.add("%s (history %s):".formatted(app.app(), app.history()));
      resolved.stream()
          .filter(change -> change.app().equals(app.app()))
          .forEach(change -> lines.add("  resolved  " + change.words()));
      app.conflicts().forEach(conflict -> lines.addAll(lines(conflict)));
      app.unchecked().forEach(why -> lines.add("  not checked  " + why));
      if (app.conflicts().isEmpty() && app.unchecked().isEmpty()) {
        lines.add("  no conflict" + (resolved.isEmpty() ? "" : " is left"));
      }
      if (!app.resolvable().isEmpty()) {
        lines.add(
            "  can be resolved, with: "
                + toPaste.apply(
                    "belay " + ShellWords.join(List.of("resolve-conflicts", app.app()))));
        app.resolvable().forEach(change -> lines.add("    " + change.words()));
      }
      if (app.report() != null) {
        lines.add("  report: " + app.report());
      }
    }
    lines.add(summary());
    for (String copy : historyCopies) {
      lines.add("the history as it was before: " + copy);
      lines.add(
          "to put it back: "
              + toPaste.apply(
                  "belay "
                      + ShellWords.join(List.of("resolve-conflicts", "--restore-history", copy))));
    }
    return lines.stream().map(TextTable::visible).toList();
  }

  private String summary() {
    return "%s left, %s, %s resolved"
        .formatted(
            Units.count(conflictsLeft(), "conflict is", "conflicts are"),
            Units.count(notices(), "notice", "notices"),
            resolved.isEmpty() ? "none" : Units.count(resolved.size()));
  }

  private static List<String> lines(Conflict conflict) {
    List<String> lines = new ArrayList<>();
    boolean notice = conflict.effect() == Conflict.Effect.NOTICE;
    lines.add(
        "  %s  %s: %s"
            .formatted(notice ? "notice" : "CONFLICT", conflict.kind().word(), conflict.what()));
    lines.add("      why: " + conflict.why());
    lines.add("      next start: " + conflict.nextStart());
    if (conflict.ifMarkedDeleted() != null) {
      lines.add("      if it were marked deleted: " + conflict.ifMarkedDeleted());
    }
    return lines;
  }
}
