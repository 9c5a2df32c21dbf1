package dev.belay.rehearse;

import dev.belay.archive.BackupStore;
import dev.belay.archive.FileCheck;
import dev.belay.archive.Level;
import dev.belay.archive.Manifest;
import dev.belay.archive.Restoration;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Settings;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.Units;
import dev.belay.integrity.ContentVerdict;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.RestoreRequest;
import dev.belay.postgres.Database;
import dev.belay.postgres.Provision;
import dev.belay.postgres.SqlState;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.scratch.ScratchReplay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a copy of the live database with its data; the live one is only read, and left alone. */
final class Copying {
  private static final int SHOWN = 3;

  private final Settings settings;
  private final ScratchReplay replay;
  private final PostgresTools tools;
  private final long liveBytes;
  private final Progress progress;
  private final List<String> notes;

  /**
   * @param liveBytes size of the live database
   * @param notes is told what the operator should know of the copy
   */
  Copying(
      Settings settings,
      ScratchReplay replay,
      PostgresTools tools,
      long liveBytes,
      Progress progress,
      List<String> notes) {
    this.settings = settings;
    this.replay = replay;
    this.tools = tools;
    this.liveBytes = liveBytes;
    this.progress = progress;
    this.notes = notes;
  }

  private String live() {
    return settings.target().database();
  }

  /**
   * Makes it.
   *
   * @throws Failure REFUSED when the live database cannot be copied, and that was asked for; or
   *     when a backup that was named does not fit; UNAVAILABLE when there is nothing to make it of,
   *     no right, or no room; FINDINGS when the backup is damaged
   */
  DataCopy make(RehearseRequest request) {
    mayCreate();
    if (request.from() == RehearseRequest.From.BACKUP) {
      return restored(named(request.backup()), request.jobs(), false);
    }
    Optional<String> against = againstTemplate();
    if (request.from() == RehearseRequest.From.LIVE) {
      if (against.isPresent()) {
        throw Failure.refused(
            "the live database cannot be copied: " + against.get(),
            "rehearse on a backup: belay rehearse --from-backup");
      }
      return template();
    }
    Optional<StoredBackup> usable = usable();
    if (against.isEmpty() && settings.isProduction() && usable.isPresent()) {
      against =
          Optional.of(
              "in production whoever connects would have to wait for it; --from-live copies it all the same");
    }
    if (against.isEmpty()) {
      try {
        return template();
      } catch (Failure busy) {
        if (!SqlState.OBJECT_IN_USE.isOf(busy)) {
          throw busy;
        }
        against = Optional.of("somebody connected to it in this moment");
      }
    }
    String why = "not copied from the live database: " + against.get();
    if (usable.isEmpty()) {
      throw Failure.unavailable(
          "there is nothing to make a copy of: %s; and no backup of %s in %s is proven readable"
              .formatted(against.get(), live(), settings.folders().backups()),
          "make one: belay create-backup");
    }
    progress.step(why);
    notes.add(why);
    return restored(usable.get(), request.jobs(), false);
  }

  private void mayCreate() {
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      if (!CopyQueries.mayCreate(maintenance)) {
        throw Failure.unavailable(
            "a rehearsal needs a scratch database, and %s may not create one"
                .formatted(replay.maintenance().user()),
            "rehearse a backup on a server of belay's own: --set scratch.server=embedded --from-backup;"
                + " or on another: --set scratch.url=postgresql://…");
      }
    }
  }

  /** Why the live database cannot be copied; empty: it can. */
  private Optional<String> againstTemplate() {
    if (settings.scratch().server() != ScratchSettings.Server.SAME) {
      return Optional.of("scratch databases are made on another server (scratch.server)");
    }
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      if (!CopyQueries.mayCopy(maintenance, live())) {
        return Optional.of(
            "%s is neither its owner nor a superuser".formatted(replay.maintenance().user()));
      }
      List<String> sessions = CopyQueries.sessions(maintenance, live());
      if (!sessions.isEmpty()) {
        return Optional.of(
            "%s with it, such as %s"
                .formatted(
                    Units.count(sessions.size(), "session is", "sessions are"),
                    String.join(", ", sessions.subList(0, Math.min(SHOWN, sessions.size())))));
      }
      if (CopyQueries.prepared(maintenance, live()) > 0) {
        return Optional.of("a transaction is prepared in it");
      }
      OptionalLong left = Room.left(maintenance);
      long needed = Room.needed(liveBytes, 1);
      if (left.isPresent() && left.getAsLong() < needed) {
        return Optional.of(
            "the server has %s of disk space left, and a copy needs some %s"
                .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)));
      }
      return Optional.empty();
    }
  }

  private DataCopy template() {
    progress.step(
        "copying %s (%s); whoever connects to it meanwhile waits until that is done"
            .formatted(live(), Units.bytes(liveBytes)));
    Instant moment = Instant.now();
    long begun = System.nanoTime();
    ScratchDatabase first =
        ScratchDatabase.copy(
            replay.databases(), replay.maintenance(), replay.run(), live(), live(), "rehearsal");
    long millis = millisSince(begun);
    FailPoint.reached("rehearse-copied");
    return with(
        first,
        bytes ->
            new Origin(
                Optional.empty(),
                Optional.empty(),
                moment,
                bytes,
                liveBytes,
                millis,
                Optional.empty(),
                Optional.empty()));
  }

  private interface Told {
    Origin of(long copyBytes);
  }

  /** With another one beside it, where there is room. */
  private DataCopy with(ScratchDatabase first, Told told) {
    ScratchDatabase twin = null;
    try {
      long bytes;
      try (Database session = replay.databases().open(first.target())) {
        bytes = CopyQueries.bytes(session);
      }
      twin = twin(first, bytes);
      return twin == null
          ? new DataCopy(replay, live(), told.of(bytes), null, first)
          : new DataCopy(replay, live(), told.of(bytes), first, twin);
    } catch (Throwable broken) {
      try {
        if (twin != null) {
          twin.close();
        }
        first.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
  }

  private @Nullable ScratchDatabase twin(ScratchDatabase first, long bytes) {
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      OptionalLong left = Room.left(maintenance);
      if (left.isPresent() && left.getAsLong() < Room.needed(bytes, 1)) {
        notes.add(
            "there is no room for a second copy (%s left): what is lost is counted in whole tables, and nothing is tried again after an undo that fails"
                .formatted(Units.bytes(left.getAsLong())));
        return null;
      }
    }
    return DataCopy.twin(replay, first, live());
  }

  /** The newest backup of the live database of which every byte was read once. */
  private Optional<StoredBackup> usable() {
    return new BackupStore(settings.folders().backups())
        .list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(backup -> backup.manifest().database().name().equals(live()))
            .filter(backup -> backup.state().level().reaches(Level.READABLE))
            .findFirst();
  }

  private StoredBackup named(String name) {
    BackupStore store = new BackupStore(settings.folders().backups());
    if (!name.equals(BackupStore.LATEST)) {
      return store.find(name);
    }
    return usable()
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "no whole backup of %s in %s is proven readable"
                        .formatted(live(), store.root()),
                    store.list().isEmpty()
                        ? "make one: belay create-backup"
                        : "prove the newest: belay validate-backup latest"));
  }

  private void refuseUnfit(StoredBackup backup) {
    Manifest manifest = backup.manifest();
    Refusals refusals = new Refusals();
    if (!manifest.database().name().equals(live())) {
      refusals.add(
          "the backup %s is of %s, and the target is %s"
              .formatted(backup.id(), manifest.database().name(), live()),
          "choose one of the target: belay list-backups");
    }
    if (!manifest.isComplete()) {
      refusals.add(
          "the backup %s holds only a part of its database".formatted(backup.id()),
          "choose a complete one: belay list-backups");
    }
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      if (settings.scratch().server() == ScratchSettings.Server.EMBEDDED) {
        // That server is for this rehearsal alone, and goes with it.
        Provision.missingRoles(maintenance, Set.copyOf(manifest.roles()))
            .forEach(role -> maintenance.execute("create role " + new Identifier(role)));
      }
      lacking(maintenance, manifest)
          .forEach(
              lack ->
                  refusals.add(
                      lack,
                      "make it there, or rehearse on another server: --set scratch.url=postgresql://…"));
      OptionalLong left = Room.left(maintenance);
      long needed = Room.needed(manifest.database().bytes(), 1);
      if (left.isPresent() && left.getAsLong() < needed) {
        refusals.add(
            "the server has %s of disk space left, and the copy needs some %s"
                .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)),
            "free disk space, or rehearse elsewhere: --set scratch.url=postgresql://…");
      }
    }
    refusals.refuse();
  }

  /** What the server has not that the backup needs, in words. */
  static List<String> lacking(Database maintenance, Manifest manifest) {
    List<String> lacking = new ArrayList<>();
    Provision.missingRoles(maintenance, Set.copyOf(manifest.roles()))
        .forEach(role -> lacking.add("the role " + role + " is missing on the server"));
    Set<String> there = Provision.extensions(maintenance).keySet();
    manifest.extensions().keySet().stream()
        .filter(extension -> !there.contains(extension))
        .forEach(
            extension ->
                lacking.add("the extension " + extension + " is not installed on the server"));
    return lacking;
  }

  /**
   * Restores a backup, and compares it with its manifest.
   *
   * @param checked whether its checksums were checked
   * @throws Failure as {@link #make}
   */
  DataCopy restored(StoredBackup backup, int jobs, boolean checked) {
    refuseUnfit(backup);
    Manifest manifest = backup.manifest();
    if (!checked) {
      check(backup);
    }
    long begun = System.nanoTime();
    progress.step("restoring " + backup.id() + " in a scratch database");
    ScratchDatabase first =
        ScratchDatabase.create(
            replay.databases(),
            replay.maintenance(),
            replay.run(),
            manifest.database().locale(),
            live(),
            "rehearsal of " + backup.id());
    Restoration.Restored done;
    try {
      FailPoint.reached("rehearse-scratch");
      done =
          new Restoration(tools, replay.databases(), progress)
              .restore(
                  new Restoration.Job(
                      backup,
                      first.target(),
                      replay.run(),
                      jobs,
                      settings.stallTimeout(),
                      RestoreRequest.Manner.SCRATCH,
                      settings.identityFile(),
                      true,
                      true,
                      settings.folders().journal()));
      refuseDifferent(backup, done.verdict().orElseThrow());
    } catch (Throwable broken) {
      try {
        first.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      throw broken;
    }
    long millis = millisSince(begun);
    return with(
        first,
        bytes ->
            new Origin(
                Optional.of(backup.id()),
                Optional.of(backup.state().level().toString()),
                backup.takenAt(),
                bytes,
                liveBytes,
                millis,
                Optional.of(done.restore().toMillis()),
                Optional.of(done.verification().toMillis())));
  }

  private void check(StoredBackup backup) {
    List<String> problems;
    try (Progress.Bar bar =
        progress.bar("checksums of " + backup.id(), backup.manifest().totalBytes(), "bytes")) {
      problems = FileCheck.problems(backup, bar::advance);
    }
    if (!problems.isEmpty()) {
      throw Failure.findings(
          "the backup %s is damaged: %s".formatted(backup.id(), String.join("; ", problems)),
          "choose another one: belay list-backups");
    }
  }

  private void refuseDifferent(StoredBackup backup, ContentVerdict verdict) {
    if (verdict.count() > 0) {
      throw Failure.findings(
          "the backup %s restores to something else than its manifest says: %s"
              .formatted(backup.id(), String.join("; ", verdict.differences())),
          "choose another one: belay list-backups");
    }
    verdict
        .notComparable()
        .ifPresent(reason -> notes.add("rows of the backup were counted, not compared: " + reason));
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
