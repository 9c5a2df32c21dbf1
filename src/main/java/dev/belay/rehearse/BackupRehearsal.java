package dev.belay.rehearse;

import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.diff.Relations;
import dev.belay.flyway.AppState;
import dev.belay.flyway.HistoryLock;
import dev.belay.integrity.Content;
import dev.belay.integrity.ContentComparison;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A copy with data in a scratch database, in which the migrations of every app are tried one after
 * the other.
 */
public final class BackupRehearsal implements AutoCloseable {
  private final Settings settings;
  private final Databases live;
  private final ScratchReplay replay;
  private final DataCopy copy;
  private final int jobs;
  private final Progress progress;
  private final List<String> notes;

  private BackupRehearsal(
      Settings settings,
      Databases live,
      ScratchReplay replay,
      DataCopy copy,
      int jobs,
      Progress progress,
      List<String> notes) {
    this.settings = settings;
    this.live = live;
    this.replay = replay;
    this.copy = copy;
    this.jobs = jobs;
    this.progress = progress;
    this.notes = notes;
  }

  /**
   * Restores a backup, whose checksums were checked, and compares it with its manifest.
   *
   * @param live sessions with the live database
   * @param liveBytes its size
   * @param notes is told what the operator should know
   * @throws Failure FINDINGS when it restores to something else; FAILED when it cannot be restored;
   *     REFUSED when it does not fit the target or the server; UNAVAILABLE when something is
   *     missing around it
   */
  public static BackupRehearsal restore(
      Settings settings,
      Databases live,
      ScratchReplay replay,
      PostgresTools tools,
      StoredBackup backup,
      long liveBytes,
      int jobs,
      Progress progress,
      List<String> notes) {
    return new BackupRehearsal(
        settings,
        live,
        replay,
        new Copying(settings, replay, tools, liveBytes, progress, notes)
            .restored(backup, jobs, true),
        jobs,
        progress,
        notes);
  }

  /**
   * Copies the live database, where there is no backup to be restored.
   *
   * @throws Failure REFUSED when somebody is with it, or it may not be copied
   */
  public static BackupRehearsal ofLive(
      Settings settings,
      Databases live,
      ScratchReplay replay,
      PostgresTools tools,
      long liveBytes,
      int jobs,
      Progress progress,
      List<String> notes) {
    return new BackupRehearsal(
        settings,
        live,
        replay,
        new Copying(settings, replay, tools, liveBytes, progress, notes)
            .make(
                new RehearseRequest(
                    Optional.empty(),
                    RehearseRequest.From.LIVE,
                    "",
                    Optional.empty(),
                    0,
                    false,
                    false,
                    false,
                    jobs,
                    List.of())),
        jobs,
        progress,
        notes);
  }

  /** What the copy was made of. */
  public Origin origin() {
    return copy.origin();
  }

  /** A session with the database in which it is tried. The caller closes it. */
  public Database session() {
    return replay.databases().open(copy.target());
  }

  /**
   * Applies what is pending there and takes it back; where nothing is, takes the last migration
   * back and applies it again.
   *
   * @throws Failure UNAVAILABLE when the server is gone
   */
  public AppRehearsal app(AppSettings app) {
    List<Entry> entries;
    boolean pending;
    ReplayPlan plan;
    try (Database there = replay.databases().open(copy.target());
        Database ledger = live.open(settings.target()).readingOnly()) {
      AppState state = replay.state(there, app);
      plan = replay.plan(there, state, ReplayPlan.Reach.NEXT_MIGRATE);
      Entries all = Entries.of(state, plan, ledger, copy.target(), false, List.of());
      pending = !plan.pending().isEmpty();
      entries =
          pending
              ? all.pending(plan.pending(), replay, progress)
              : all.applied(1, replay, progress);
    }
    if (entries.isEmpty()) {
      return new AppRehearsal(app.name(), "nothing", List.of());
    }
    Rehearsing rehearsing = new Rehearsing(replay, copy, plan, jobs, Optional.empty(), progress);
    if (pending) {
      rehearsing.thereAndBack(entries);
    } else {
      rehearsing.backAndThere(
          entries,
          SchemaProof.of(
              settings, live, app, entries.get(0).migration(), false, List.of(), notes, progress));
    }
    Rehearse.remember(settings, app, copy.origin(), Instant.now(), entries, progress);
    return new AppRehearsal(
        app.name(), pending ? "pending" : "applied", entries.stream().map(Entry::result).toList());
  }

  /**
   * Compares what is there now with a manifest, without Flyway's tables, the ledger and sequences,
   * which go on.
   *
   * @throws Failure UNAVAILABLE when the server is gone
   */
  public ContentVerdict content(Manifest manifest) {
    Set<TableName> histories =
        settings.apps().stream().map(HistoryLock::table).collect(Collectors.toSet());
    Content whole = manifest.content();
    Content data =
        new Content(
            whole.form(),
            whole.probe(),
            whole.tables().stream()
                .filter(table -> !histories.contains(table.name()))
                .filter(table -> !table.name().schema().equals(Relations.OWN_SCHEMA))
                .toList(),
            List.of(),
            whole.largeObjects());
    Target there = copy.target();
    try (Database session = replay.databases().open(there)) {
      return ContentComparison.of(
          data, session, () -> replay.databases().open(there), jobs, progress);
    }
  }

  /** Drops the copy. */
  @Override
  public void close() {
    copy.close();
  }
}
