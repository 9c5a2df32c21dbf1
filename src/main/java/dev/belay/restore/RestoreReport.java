package dev.belay.restore;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import dev.belay.swap.SwapResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A backup was restored.
 *
 * @param backup its id
 * @param takenAt the moment that the database is back at
 * @param database what was restored to, as {@code database@host:port}
 * @param verified whether rows, fingerprints and sequences were compared with the manifest
 * @param migrations per app, what its history says now and what the next start will do
 * @param replaced the name under which the former live database is kept; null: none is kept
 * @param outageMillis how long no connections were accepted; null: nobody was shut out
 * @param undo the command that takes it back; null: there is none
 * @param bringBack the command that brings back what was written since the backup; null: there is
 *     none
 * @param writes what was written since the backup and what became of it; null: nobody looked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreReport(
    String backup,
    Instant takenAt,
    String database,
    String strategy,
    boolean verified,
    int tables,
    long rows,
    long restoreMillis,
    long verificationMillis,
    long totalMillis,
    List<String> migrations,
    @Nullable String replaced,
    @Nullable Long outageMillis,
    @Nullable Long sessionsEnded,
    @ToPaste @Nullable String undo,
    @ToPaste @Nullable String bringBack,
    @Nullable WritesReport writes)
    implements Report {
  public RestoreReport {
    migrations = List.copyOf(migrations);
  }

  static RestoreReport of(
      BackupFacts facts,
      String database,
      RestoreRequest request,
      RestoreSource.Restored restored,
      List<String> outlook,
      Duration total) {
    return new RestoreReport(
        facts.id(),
        facts.takenAt(),
        database,
        request.strategy().word(),
        request.verify(),
        restored.tables(),
        restored.rows(),
        restored.restore().toMillis(),
        restored.verification().toMillis(),
        total.toMillis(),
        outlook,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * The same, swapped in.
   *
   * @param asked for the backup: a path is found again only as a path
   */
  RestoreReport swapped(SwapResult swap, boolean discarded, String asked) {
    String found = asked.contains("/") ? asked : backup;
    return new RestoreReport(
        backup,
        takenAt,
        database,
        strategy,
        verified,
        tables,
        rows,
        restoreMillis,
        verificationMillis,
        totalMillis,
        migrations,
        discarded ? null : swap.replaced(),
        swap.outageMillis(),
        swap.sessionsEnded(),
        discarded ? null : "belay " + ShellWords.join(List.of("undo-restore", swap.replaced())),
        discarded
            ? null
            : "belay " + ShellWords.join(List.of("reconcile-data", found, "--from", "replaced")),
        null);
  }

  /** The same with what was written since the backup. */
  RestoreReport withWrites(@Nullable WritesReport found) {
    return new RestoreReport(
        backup,
        takenAt,
        database,
        strategy,
        verified,
        tables,
        rows,
        restoreMillis,
        verificationMillis,
        totalMillis,
        migrations,
        replaced,
        outageMillis,
        sessionsEnded,
        undo,
        bringBack,
        found);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return true;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    lines.add("%s is as it was at %s (%s)".formatted(database, Units.moment(takenAt), backup));
    lines.add(
        verified
            ? "%s in %s, equal to the manifest"
                .formatted(Units.count(rows, "row", "rows"), Units.count(tables, "table", "tables"))
            : "not compared with the manifest: --no-verify");
    lines.add(
        "restored in %s, verified in %s, %s in all"
            .formatted(words(restoreMillis), words(verificationMillis), words(totalMillis)));
    if (outageMillis != null && sessionsEnded != null) {
      lines.add(
          "connections were refused for %s, %s ended"
              .formatted(
                  words(outageMillis), Units.count(sessionsEnded, "session was", "sessions were")));
    }
    lines.addAll(migrations);
    if (writes != null) {
      lines.addAll(writes.lines());
    }
    if (replaced != null) {
      lines.add("what was live until now is kept as " + replaced);
      lines.add("to bring back what was written since the backup: " + bringBack);
      lines.add("to take it back: " + undo);
      lines.add(
          "to free its space: "
              + toPaste.apply("belay " + ShellWords.join(List.of("discard-replaced", replaced))));
    }
    return lines;
  }

  private static String words(long millis) {
    return Units.duration(Duration.ofMillis(millis));
  }
}
