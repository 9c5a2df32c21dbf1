package dev.belay.backup;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Manifest;
import dev.belay.archive.Retention;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.swap.GuardedRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Deletes the backups that retention lets go. */
final class CleanupBackups {
  private final GuardedRun run;

  CleanupBackups(GuardedRun run) {
    this.run = run;
  }

  /**
   * Judges the backups of each database in the folder on their own.
   *
   * @param delete false: only says what would go
   */
  CleanupReport run(Retention retention, boolean delete) {
    Progress progress = run.progress();
    BackupStore store = new BackupStore(run.settings().folders().backups());
    List<String> swept = delete ? store.sweep() : List.of();
    swept.forEach(progress::warn);
    List<StoredBackup> backups = store.list();
    Map<String, List<String>> needed =
        new Needed(run, retention.keepDays()).byBackup(backups, Instant.now());
    List<CleanupReport.Item> items = new ArrayList<>();
    for (List<StoredBackup> ofOne : series(backups)) {
      for (Retention.Verdict verdict : retention.judge(ofOne, needed, Instant.now())) {
        items.add(carryOut(store, verdict, delete));
      }
    }
    return new CleanupReport(store.root().toString(), delete, items);
  }

  /** One that is in use by another Belay, or cannot be deleted, stays; the others still go. */
  private CleanupReport.Item carryOut(
      BackupStore store, Retention.Verdict verdict, boolean delete) {
    StoredBackup backup = verdict.backup();
    long bytes = backup.foundManifest().map(manifest -> manifest.totalBytes()).orElse(0L);
    if (!verdict.goes() || !delete) {
      return new CleanupReport.Item(
          backup.id(), verdict.goes() ? "goes" : "stays", verdict.reasons(), bytes);
    }
    try {
      store.delete(backup);
      run.progress().step("deleted " + backup.id());
      return new CleanupReport.Item(backup.id(), "deleted", verdict.reasons(), bytes);
    } catch (Failure kept) {
      run.progress().warn(kept.message());
      return new CleanupReport.Item(
          backup.id(), "failed", List.of(kept.message() + "; " + kept.hint()), bytes);
    }
  }

  /**
   * Those that can stand for one another: of the same database of the same server, and holding the
   * same part of it. Those whose manifest cannot be read stand for nothing.
   */
  private static Collection<List<StoredBackup>> series(List<StoredBackup> backups) {
    return backups.stream()
        .collect(
            Collectors.groupingBy(
                backup -> backup.foundManifest().map(CleanupBackups::series).orElse(List.of()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values();
  }

  private static List<Object> series(Manifest manifest) {
    return List.of(
        manifest.server().systemIdentifier(), manifest.database().name(), manifest.selection());
  }
}
