package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;

/**
 * What a migration needs, what needs it, and what follows.
 *
 * @param database as {@code database@host:port}
 * @param app its app
 * @param migration what it is called
 * @param state Flyway's word for its state
 * @param applied whether it is in force
 * @param dependencies what it needs, in the order of replay
 * @param dependents what needs it, in the order of replay
 * @param verdict in one word
 * @param sentence the verdict in one sentence
 * @param notes what the replay could not see
 */
public record CheckDependenciesReport(
    String database,
    String app,
    String migration,
    String state,
    boolean applied,
    List<LinkedMigration> dependencies,
    List<LinkedMigration> dependents,
    Verdict verdict,
    String sentence,
    @ToPaste List<String> notes,
    @JsonIgnore boolean dot)
    implements Report {
  /** How many reasons of one migration are shown to a person. */
  private static final int SHOWN = 5;

  public CheckDependenciesReport {
    dependencies = List.copyOf(dependencies);
    dependents = List.copyOf(dependents);
    notes = List.copyOf(notes);
  }

  /** 10 when others stand in the way. */
  @Override
  public ExitCode exitCode() {
    return switch (verdict) {
      case CAN_GO_ALONE, CAN_BE_APPLIED -> ExitCode.OK;
      case NOT_DECIDED -> ExitCode.UNAVAILABLE;
      default -> ExitCode.FINDINGS;
    };
  }

  @Override
  public List<String> lines() {
    return dot ? DependencyDrawing.dot(this) : text();
  }

  private List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("%s of app %s in %s: %s".formatted(migration, app, database, state));
    lines.add("");
    lines.addAll(list("needs", dependencies));
    lines.addAll(list("is needed by", dependents));
    lines.add("");
    lines.add(sentence);
    notes.forEach(note -> lines.add("note: " + note));
    return lines;
  }

  private static List<String> list(String what, List<LinkedMigration> linked) {
    List<String> lines = new ArrayList<>();
    if (linked.isEmpty()) {
      lines.add(what + " nothing");
      return lines;
    }
    lines.add(what);
    for (LinkedMigration each : linked) {
      lines.add("  %s (%s)".formatted(each.name(), each.state()));
      if (!each.direct()) {
        lines.add("      through the others");
      }
      each.reasons().stream().limit(SHOWN).forEach(reason -> lines.add("      " + reason.words()));
      if (each.reasons().size() > SHOWN) {
        lines.add("      … and " + (each.reasons().size() - SHOWN) + " more");
      }
    }
    return lines;
  }
}
