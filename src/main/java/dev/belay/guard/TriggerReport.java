package dev.belay.guard;

import dev.belay.core.ExitCode;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of {@code create-trigger}.
 *
 * @param dryRun whether nothing was written
 * @param file the script
 * @param replaced whether another was there
 * @param guarded the command, without secrets
 * @param log where the script writes down what happens
 * @param secrets the file from which it takes secrets, when it is there
 * @param secretNames variables that were set and are not in the script
 * @param script its text
 */
record TriggerReport(
    boolean dryRun,
    String file,
    boolean replaced,
    String guarded,
    String policy,
    String log,
    String secrets,
    List<String> secretNames,
    String script)
    implements Report {
  TriggerReport {
    secretNames = List.copyOf(secretNames);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    if (dryRun) {
      return script.lines().toList();
    }
    List<String> lines = new ArrayList<>();
    lines.add("%s %s".formatted(replaced ? "Replaced" : "Wrote", file));
    lines.add("  runs     " + guarded);
    lines.add("  policy   " + policy);
    lines.add("  log      " + log);
    if (!secretNames.isEmpty()) {
      lines.add("  secrets  not in it: %s".formatted(String.join(", ", secretNames)));
      lines.add(
          "           put them into ~/.pgpass, or as NAME='value' into %s, mode 600"
              .formatted(secrets));
    }
    lines.add("");
    lines.add("run it, or let cron: 30 3 * * * " + ShellWords.quote(file));
    return lines.stream().map(TextTable::visible).toList();
  }
}
