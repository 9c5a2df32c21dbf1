package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The answer of {@code validate-backup}. */
record ValidationReport(Level wantedLevel, List<Validated> backups) implements Report {
  static ValidationReport of(Level wanted, List<Validated> backups) {
    return new ValidationReport(wanted, List.copyOf(backups));
  }

  @Override
  public ExitCode exitCode() {
    if (backups.stream().anyMatch(backup -> !backup.problems().isEmpty())) {
      return ExitCode.FINDINGS;
    }
    return backups.stream().allMatch(backup -> backup.notChecked().isEmpty())
        ? ExitCode.OK
        : ExitCode.UNAVAILABLE;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Validated backup : backups) {
      boolean bad = !backup.problems().isEmpty();
      boolean open = !bad && !backup.notChecked().isEmpty();
      lines.add(
          "%s  %s: %s"
              .formatted(
                  bad ? "BAD " : open ? "????" : "ok  ",
                  backup.id(),
                  backup.level() == null
                      ? "broken"
                      : bad ? "proven only " + backup.level() : "proven " + backup.level()));
      backup.problems().forEach(problem -> lines.add("        " + problem));
      backup.notChecked().forEach(why -> lines.add("        not checked: " + why));
      if (backup.restoreMillis() != null && backup.verificationMillis() != null) {
        lines.add(
            "        restored in %s, compared with the manifest in %s"
                .formatted(
                    Units.duration(Duration.ofMillis(backup.restoreMillis())),
                    Units.duration(Duration.ofMillis(backup.verificationMillis()))));
      }
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
