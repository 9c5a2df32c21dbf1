package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * The pending migrations of every app that was asked for, with their risks.
 *
 * @param database as {@code database@host:port}
 * @param level the greatest of all
 * @param failOn from which level on the answer is exit 10
 * @param annotated whether the text ends with lines for GitHub
 */
@JsonPropertyOrder({"database", "level", "failOn", "apps"})
public record CheckMigrationsReport(
    String database,
    RiskLevel level,
    RiskLevel failOn,
    List<AppRisk> apps,
    @JsonIgnore boolean annotated)
    implements Report {
  public CheckMigrationsReport {
    apps = List.copyOf(apps);
  }

  @Override
  public ExitCode exitCode() {
    boolean reached = level != RiskLevel.none && level.reaches(failOn);
    return reached ? ExitCode.FINDINGS : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("What the next migrate would do to " + database);
    for (AppRisk app : apps) {
      lines.add("");
      lines.addAll(app.lines());
    }
    lines.add("");
    if (exitCode() == ExitCode.FINDINGS) {
      lines.add("the greatest risk is %s: exit 10 (--fail-on %s)".formatted(level, failOn));
    } else if (level == RiskLevel.none) {
      lines.add("no risk was found");
    } else {
      lines.add("the greatest risk is %s, below --fail-on %s".formatted(level, failOn));
    }
    if (annotated) {
      lines.addAll(GithubAnnotations.of(this));
    }
    return lines;
  }
}
