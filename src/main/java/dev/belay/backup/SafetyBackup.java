package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.journal.OperationLock;
import dev.belay.pgtools.Compression;
import dev.belay.pgtools.PostgresTools;
import dev.belay.pgtools.Recipients;
import dev.belay.swap.GuardedRun;
import java.util.Map;
import java.util.Optional;

/** A backup that another operation makes before it changes something, under its own lock. */
public final class SafetyBackup {
  private final GuardedRun run;
  private final Map<String, String> environment;
  private final String version;

  /**
   * @param environment for finding pg_dump
   * @param version of this program
   */
  public SafetyBackup(GuardedRun run, Map<String, String> environment, String version) {
    this.run = run;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Looks for everything that would stop it, and makes nothing.
   *
   * @throws dev.belay.core.Failure REFUSED with all of it
   */
  public void check(int jobs) {
    create().preflight(request(jobs, "", Level.READABLE));
  }

  /**
   * Makes it, of the whole database, and proves that it can be read.
   *
   * @param held the operation lock of the target
   * @param why shown in lists of backups
   * @return its id
   * @throws dev.belay.core.Failure as {@code create-backup}; FINDINGS when it cannot be read
   */
  public String make(OperationLock held, int jobs, String why) {
    return make(held, jobs, why, Level.READABLE);
  }

  /**
   * Makes it, of the whole database, and proves it as far as is asked for.
   *
   * @throws dev.belay.core.Failure as {@code create-backup}; FINDINGS when it does not reach the
   *     level
   */
  public String make(OperationLock held, int jobs, String why, Level level) {
    return create().holding(request(jobs, why, level), held);
  }

  private CreateBackup create() {
    PostgresTools tools = new PostgresTools(run.settings().postgresPrograms(), environment);
    return new CreateBackup(run, tools, version);
  }

  private BackupRequest request(int jobs, String why, Level level) {
    return new BackupRequest(
        jobs,
        Compression.parse(run.settings().compress()),
        Recipients.parse(run.settings().encryptTo()),
        run.settings().stallTimeout(),
        Optional.empty(),
        Optional.of(why),
        false,
        level,
        false);
  }
}
