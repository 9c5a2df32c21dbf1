package dev.belay.migrations;

import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** Lines that GitHub's runner takes from a log and shows beside the file they are about. */
final class GithubAnnotations {
  private GithubAnnotations() {}

  /** One for each migration with a risk, in the order in which they are applied. */
  static List<String> of(CheckMigrationsReport report) {
    List<String> lines = new ArrayList<>();
    for (AppRisk app : report.apps()) {
      for (PendingRisk pending : app.pending()) {
        if (!pending.risks().isEmpty()) {
          lines.add(line(pending, report.failOn()));
        }
      }
    }
    return lines;
  }

  private static String line(PendingRisk pending, RiskLevel failOn) {
    StringBuilder line = new StringBuilder("::").append(command(pending.level(), failOn));
    String separator = " ";
    if (pending.file().isPresent()) {
      line.append(" file=").append(property(pending.file().get()));
      line.append(",line=").append(pending.line().orElse(1));
      separator = ",";
    }
    line.append(separator)
        .append("title=")
        .append(property("belay: %s risk in %s".formatted(pending.level(), pending.migration())));
    List<String> risks =
        pending.risks().stream()
            .map(risk -> TextTable.visible(risk.level() + ": " + risk.what()))
            .toList();
    return line.append("::").append(data(String.join("\n", risks))).toString();
  }

  private static String command(RiskLevel level, RiskLevel failOn) {
    if (level.reaches(failOn) || level == RiskLevel.critical) {
      return "error";
    }
    return level.reaches(RiskLevel.medium) ? "warning" : "notice";
  }

  /** The text after the second {@code ::}. */
  static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  /** A value before it, where a comma and a colon would end it too. */
  static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
