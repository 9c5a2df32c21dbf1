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
  private final Optional<String> notCompared;

  private BackupRehearsal(
      Settings settings,
      Databases live,
      ScratchReplay replay,
      DataCopy copy,
      int jobs,
      Progress progress,
      Optional<String> notCompared) {
    this.settings = settings;
    this.live = live;
    this.replay = replay;
    this.copy = copy;
    this.jobs = jobs;
    this.progress = progress;
    this.notCompared = notCompared;
  }

  /**
   * Restores a backup, whose checksums were checked, and compares it with its manifest.
   *
   * @param live sessions with the live database
   * @param facts of it
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
      LiveFacts facts,
      int jobs,
      Progress progress,
      List<String> notes) {
    RestoredCopy restored =
        new RestoredCopy(new CopyGround(settings, replay, facts, progress, notes), tools);
    DataCopy copy = restored.make(backup, jobs, true);
    return new BackupRehearsal(
        settings, live, replay, copy, jobs, progress, restored.notCompared());
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
      LiveFacts facts,
      int jobs,
      Progress progress,
      List<String> notes) {
    return new BackupRehearsal(
        settings,
        live,
        replay,
        new Copying(new CopyGround(settings, replay, facts, progress, notes), tools, Wanted.NOTHING)
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
        Optional.empty());
  }

  /** What the server has not that the backup needs, in words. */
  public static List<String> lacking(ScratchReplay replay, Manifest manifest) {
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      return BackupFit.lacking(maintenance, manifest);
    }
  }

  /**
   * Why the rows of the restored backup could only be counted, which proves no restore; empty: they
   * are those of its manifest.
   */
  public Optional<String> notCompared() {
    return notCompared;
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
   * @throws Failure UNAVAILABLE when the server is gone, or there is no room for it; REFUSED when
   *     what reaches beyond the copy cannot be taken out of it
   */
  public AppRehearsal app(AppSettings app) {
    if (copy.against().isPresent()) {
      throw copy.against().get();
    }
    List<Entry> entries;
    boolean pending;
    int applied;
    ReplayPlan plan;
    try (Database there = replay.databases().open(copy.target());
        Database ledger = live.open(settings.target()).readingOnly()) {
      AppState state = replay.state(there, app);
      plan = replay.plan(there, state, ReplayPlan.Reach.NEXT_MIGRATE);
      Entries all = Entries.of(state, plan, ledger, copy.target(), false, List.of());
      pending = !plan.pending().isEmpty();
      applied = all.applied().size();
      entries =
          pending
              ? all.pending(plan.runningAgain().pending(), replay, progress)
              : all.applied(1, replay, progress);
    }
    if (entries.isEmpty()) {
      return new AppRehearsal(app.name(), "nothing", List.of(), 0);
    }
    RehearsalGround ground =
        new RehearsalGround(replay, copy, pending ? plan.runningAgain() : plan, jobs, progress);
    if (pending) {
      new ThereAndBack(ground, Optional.empty()).rehearse(entries);
    } else {
      new BackAndThere(
              ground,
              Optional.empty(),
              new SchemaProof(settings, live, app, false, List.of(), progress))
          .rehearse(entries);
    }
    new RehearsalRecords(settings, progress).remember(app, copy.origin(), Instant.now(), entries);
    return new AppRehearsal(
        app.name(),
        pending ? "pending" : "applied",
        entries.stream().map(Entry::result).toList(),
        pending ? applied : applied - entries.size());
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
