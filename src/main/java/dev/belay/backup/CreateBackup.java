package dev.belay.backup;

import dev.belay.archive.BackupDraft;
import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.Tables;
import dev.belay.journal.OperationLock;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.Tool;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes a backup of the target and proves it. Changes nothing in the target. */
final class CreateBackup {
  private final GuardedRun run;
  private final PostgresTools tools;
  private final String version;

  /**
   * @param version of this program
   */
  CreateBackup(GuardedRun run, PostgresTools tools, String version) {
    this.run = run;
    this.tools = tools;
    this.version = version;
  }

  /** What was found out before the first byte. */
  private record Ready(ServerInfo server, Tool tool, Wanted wanted, Tables tables) {}

  /**
   * Makes it.
   *
   * @param dryRun only look for what would stop it
   */
  BackupReport run(BackupRequest request, boolean dryRun) {
    Instant begin = Instant.now();
    Settings settings = run.settings();
    Progress progress = run.progress();
    Path root = settings.folders().backups();
    // Before any connection: a dump that finds no place to go to would still lock every table.
    settings.target();
    BackupDraft.prepare(root);
    BackupStore store = new BackupStore(root);
    Optional<Failure> notRecovered = Optional.empty();
    if (!dryRun) {
      store.sweep().forEach(progress::warn);
      notRecovered = recover();
    }
    try (OperationLock lock = run.lock()) {
      Ready ready = preflight(request, store);
      notRecovered.ifPresent(this::warnOfLeftovers);
      if (dryRun) {
        return BackupReport.wouldBe(settings.target(), ready.tables(), ready.tool());
      }
      progress.step(
          "backing up %s with pg_dump %s".formatted(settings.target(), ready.tool().version()));
      Dumping dumping = new Dumping(run, request, ready.server(), ready.tool());
      StoredBackup backup =
          dumping.run(ready.wanted().selection(), ready.wanted().tables(), version, begin);
      progress.step("the backup is " + backup.folder());
      warnOfLost(lock);
      return BackupReport.of(prove(backup, request), request);
    }
  }

  /**
   * Looks for what would stop it.
   *
   * @throws Failure REFUSED with all of it
   */
  void preflight(BackupRequest request) {
    BackupDraft.prepare(run.settings().folders().backups());
    preflight(request, new BackupStore(run.settings().folders().backups()));
  }

  /**
   * Makes it for somebody who holds the operation lock.
   *
   * @return its id
   * @throws Failure FINDINGS when it is not what it should be
   */
  String holding(BackupRequest request, OperationLock held) {
    Instant begin = Instant.now();
    BackupDraft.prepare(run.settings().folders().backups());
    BackupStore store = new BackupStore(run.settings().folders().backups());
    Ready ready = preflight(request, store);
    Dumping dumping = new Dumping(run, request, ready.server(), ready.tool());
    StoredBackup backup =
        dumping.run(ready.wanted().selection(), ready.wanted().tables(), version, begin);
    warnOfLost(held);
    // Only now that there is a whole one: nothing is deleted to make room for it.
    try {
      store.sweepOf(run.target().toString()).forEach(run.progress()::detail);
    } catch (Failure unreadable) {
      run.progress().warn(unreadable.message());
    }
    Proven proven = prove(backup, request);
    if (!proven.problems().isEmpty()) {
      throw Failure.findings(
          "the backup %s is not to be relied on: %s"
              .formatted(backup.id(), String.join("; ", proven.problems())),
          "look into: " + backup.folder() + "/run.log");
    }
    return backup.id();
  }

  /** The snapshot was one moment, whoever came in afterwards; so the backup stays good. */
  private void warnOfLost(OperationLock lock) {
    try {
      lock.check();
    } catch (Failure lost) {
      run.progress().warn(lost.message() + "; the backup is whole all the same");
    }
  }

  /**
   * Puts right what dead runs left. It may have closed the target, so this comes before any look at
   * the target; and where it is not allowed, a backup is still worth making.
   */
  private Optional<Failure> recover() {
    try {
      run.recover();
      return Optional.empty();
    } catch (Failure cannot) {
      return Optional.of(cannot);
    }
  }

  private void warnOfLeftovers(Failure cannot) {
    run.progress().warn("what dead runs may have left was not looked at: " + cannot.message());
  }

  private Ready preflight(BackupRequest request, BackupStore store) {
    Settings settings = run.settings();
    Refusals refusals = new Refusals();
    try (Database session = run.databases().open(settings.target())) {
      ServerInfo server = ServerInfo.of(session);
      if (server.major() < ServerInfo.OLDEST_MAJOR) {
        refusals.add(
            "the server is PostgreSQL " + server.version(),
            "use PostgreSQL " + ServerInfo.OLDEST_MAJOR + " or newer");
      }
      Optional<Tool> tool = tool(server, request, refusals);
      Wanted wanted =
          request
              .selection()
              .map(selection -> Wanted.of(session, settings, selection))
              .orElseGet(Wanted::whole);
      Tables tables = Fingerprints.tables(session);
      Preflight preflight = new Preflight(session, refusals, wanted.tables());
      preflight.rights();
      preflight.quiet(settings.apps());
      preflight.capacity(2 * request.jobs() + 2);
      boolean incident =
          request.description().filter(why -> why.startsWith(StoredBackup.OF_INCIDENT)).isPresent();
      preflight.disk(store.root(), tables, last(store), wanted.selection(), incident);
      refusals.refuse();
      refusals.warnings().forEach(run.progress()::warn);
      return new Ready(server, tool.orElseThrow(), wanted, tables);
    }
  }

  private Optional<Tool> tool(ServerInfo server, BackupRequest request, Refusals refusals) {
    try {
      Tool tool = tools.dumpFor(server);
      if (request.recipients().isEmpty()) {
        request.compression().forTool(tool);
      } else {
        request.compression().forEncrypted(tool);
      }
      return Optional.of(tool);
    } catch (Failure missing) {
      refusals.add(missing);
      return Optional.empty();
    }
  }

  private Optional<StoredBackup> last(BackupStore store) {
    return store.list().stream()
        .filter(backup -> backup.problem().isEmpty() && backup.manifest().isComplete())
        .filter(backup -> backup.manifest().database().name().equals(run.live()))
        .findFirst();
  }

  /** What is published has just been read for its checksums. */
  private Proven prove(StoredBackup backup, BackupRequest request) {
    if (request.level() == Level.LISTED) {
      return new Proven(backup, List.of(), List.of());
    }
    try {
      return new Proving(run, tools, request.jobs())
          .proven(backup, Level.CHECKSUMMED, request.level());
    } catch (Failure failure) {
      return new Proven(backup, List.of(), List.of(failure.message() + "; " + failure.hint()));
    }
  }
}
