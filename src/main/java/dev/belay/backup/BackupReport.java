package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Proof;
import dev.belay.core.ExitCode;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.flyway.MigrationHistory;
import dev.belay.integrity.Tables;
import dev.belay.pgtools.Tool;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code create-backup}.
 *
 * @param id null when it was only looked whether one could be made
 * @param path of its folder
 * @param takenAt the moment that it shows
 * @param tables how many tables it holds
 * @param rows of all of them
 * @param level how far it is proven
 * @param wantedLevel how far it was to be proven
 * @param restoreMillis how long its restore took, where it was restored
 * @param migrations the version of each app in it
 * @param problems what is wrong with it; empty: nothing was found
 * @param notChecked why it could not be proven as far as was wanted
 */
record BackupReport(
    String database,
    @Nullable String id,
    @Nullable String path,
    @Nullable Instant takenAt,
    long tables,
    long rows,
    long totalBytes,
    long databaseBytes,
    long durationMillis,
    boolean encrypted,
    boolean partial,
    boolean pinned,
    String tool,
    @Nullable Level level,
    @Nullable Level wantedLevel,
    @Nullable Long restoreMillis,
    Map<String, String> migrations,
    @ToPaste List<String> problems,
    @ToPaste List<String> notChecked,
    boolean levelAsked)
    implements Report {

  static BackupReport wouldBe(Target target, Tables tables, Tool tool) {
    return new BackupReport(
        target.toString(),
        null,
        null,
        null,
        tables.shapes().size(),
        0,
        0,
        tables.bytes(),
        0,
        false,
        false,
        false,
        tool.version(),
        null,
        null,
        null,
        Map.of(),
        List.of(),
        List.of(),
        false);
  }

  static BackupReport of(Proven proven, BackupRequest request) {
    Manifest manifest = proven.backup().manifest();
    Optional<Proof> restored = proven.backup().state().restoreProof();
    return new BackupReport(
        manifest.database().address(),
        proven.backup().id(),
        proven.backup().folder().toString(),
        manifest.takenAt(),
        manifest.content().tables().size(),
        manifest.content().rows(),
        manifest.totalBytes(),
        manifest.database().bytes(),
        manifest.durationMillis(),
        manifest.dump().isEncrypted(),
        !manifest.isComplete(),
        proven.backup().state().pinned(),
        manifest.dump().tool(),
        proven.level(),
        request.level(),
        restored.flatMap(Proof::restoreMillis).orElse(null),
        versions(manifest),
        proven.problems(),
        proven.notChecked(),
        request.levelAsked());
  }

  static Map<String, String> versions(Manifest manifest) {
    Map<String, String> versions = new TreeMap<>();
    for (MigrationHistory history : manifest.migrations()) {
      String version = history.currentVersion();
      versions.put(history.app(), version == null ? "none" : version);
    }
    return versions;
  }

  @Override
  public ExitCode exitCode() {
    if (!problems.isEmpty()) {
      return ExitCode.FINDINGS;
    }
    return levelAsked && !notChecked.isEmpty() ? ExitCode.UNAVAILABLE : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    if (id == null) {
      lines.add("Nothing stands in the way of a backup of " + database);
      lines.add("  tables     " + Units.count(tables) + ", " + Units.bytes(databaseBytes));
      lines.add("  pg_dump    " + tool);
      return lines;
    }
    lines.add("Backup " + id + " of " + database);
    lines.add("  taken      " + (takenAt == null ? "" : Units.moment(takenAt)));
    lines.add(
        "  holds      %s, %s%s"
            .formatted(
                Units.count(tables, "table", "tables"),
                Units.count(rows, "row", "rows"),
                partial ? "; only a part of the database, no point to go back to" : ""));
    lines.add(
        "  size       %s, of a database of %s%s"
            .formatted(
                Units.bytes(totalBytes),
                Units.bytes(databaseBytes),
                encrypted ? ", encrypted" : ""));
    migrations.forEach((app, version) -> lines.add("  migration  " + app + " " + version));
    lines.add("  took       " + Units.duration(Duration.ofMillis(durationMillis)));
    lines.add("  proven     " + level + restoreTime());
    lines.add("  path       " + path);
    if (pinned) {
      lines.add("  pinned     cleanup-backups leaves it alone");
    }
    problems.forEach(problem -> lines.add("  FINDING    " + problem));
    notChecked.forEach(reason -> lines.add("  not proven " + wantedLevel + ": " + reason));
    lines.add("");
    lines.add(
        !problems.isEmpty()
            ? "do not rely on it; look into: " + path + "/run.log"
            : partial
                ? "prove it again with: " + toPaste.apply("belay validate-backup " + id)
                : "bring it back with: " + toPaste.apply("belay backup-restore " + id));
    return lines;
  }

  private String restoreTime() {
    return restoreMillis == null
        ? ""
        : ", restored in " + Units.duration(Duration.ofMillis(restoreMillis));
  }
}
