package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.swap.Replaced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The databases that are kept.
 *
 * @param host the server they are on
 * @param replaced newest first
 */
public record ReplacedReport(String host, List<Replaced> replaced) implements Report {
  public ReplacedReport {
    replaced = List.copyOf(replaced);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    if (replaced.isEmpty()) {
      return List.of("no replaced database is kept on " + host);
    }
    TextTable table = new TextTable("REPLACED DATABASE", "WAS", "AGE", "SIZE", "BY");
    for (Replaced kept : replaced) {
      table.row(
          kept.name(),
          kept.of(),
          Units.duration(Duration.between(kept.at(), Instant.now()).abs()),
          kept.sizeBytes() == 0 ? "?" : Units.bytes(kept.sizeBytes()),
          kept.by());
    }
    return table.lines();
  }
}
