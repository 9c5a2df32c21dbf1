package dev.belay.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The live schema of every app that was asked for against the one that its migrations give.
 *
 * @param database as {@code database@host:port}
 * @param sql the alignment, line by line, where it was asked for as part of the answer
 * @param sqlFile where the alignment was written
 */
@JsonPropertyOrder({
  "database",
  "missingCount",
  "orphanedCount",
  "differentCount",
  "apps",
  "sql",
  "sqlFile"
})
public record ValidateSchemaReport(
    String database, List<AppSchema> apps, List<String> sql, Optional<String> sqlFile)
    implements Report {
  public ValidateSchemaReport {
    apps = List.copyOf(apps);
    sql = List.copyOf(sql);
  }

  /** How many objects are expected and not there. */
  @JsonProperty
  public int missingCount() {
    return apps.stream().mapToInt(app -> app.missing().size()).sum();
  }

  /** How many objects are there and not expected. */
  @JsonProperty
  public int orphanedCount() {
    return apps.stream().mapToInt(app -> app.orphaned().size()).sum();
  }

  /** How many objects are there and not as expected. */
  @JsonProperty
  public int differentCount() {
    return apps.stream().mapToInt(app -> app.different().size()).sum();
  }

  @Override
  public ExitCode exitCode() {
    return apps.stream().allMatch(AppSchema::isAsExpected) ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    lines.add("Schema of " + database + " against what its applied migrations give");
    for (AppSchema app : apps) {
      lines.add("");
      lines.addAll(app.lines());
    }
    lines.add("");
    lines.add(
        "%d missing, %d orphaned, %d different"
            .formatted(missingCount(), orphanedCount(), differentCount()));
    sqlFile.ifPresent(file -> lines.add("the SQL that would align it: " + TextTable.visible(file)));
    if (exitCode() == ExitCode.FINDINGS && sqlFile.isEmpty() && sql.isEmpty()) {
      lines.add(
          "the SQL that would align it is shown by: "
              + toPaste.apply("belay validate-schema --sql -"));
    }
    if (!sql.isEmpty()) {
      lines.add("");
      sql.forEach(statement -> statement.lines().forEach(lines::add));
    }
    return lines;
  }
}
