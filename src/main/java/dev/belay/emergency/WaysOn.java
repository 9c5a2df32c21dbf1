package dev.belay.emergency;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.journal.BegunOutside;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every way on from where the database stands.
 *
 * @param all in the order in which they are told
 * @param failed migrations that are recorded as failed
 * @param unknown what could not be worked out about them, in words
 */
record WaysOn(List<WayOn> all, List<String> failed, List<String> unknown) {
  WaysOn {
    all = List.copyOf(all);
    failed = List.copyOf(failed);
    unknown = List.copyOf(unknown);
  }

  /**
   * Looks. What cannot be looked at is in {@link #unknown}.
   *
   * @param perhapsDone what a run may have done, outside a transaction
   * @param undo of the database as it is now
   * @param backup the id of the emergency backup; empty: there is none
   * @param reachable whether the database answers
   */
  static WaysOn look(
      GuardedRun run,
      List<AppSettings> apps,
      Set<BegunOutside> perhapsDone,
      UndoOutlook undo,
      Optional<String> backup,
      boolean reachable) {
    List<String> broken = new ArrayList<>();
    OtherWays others = new OtherWays(run, perhapsDone);
    Defect.caught(
        "going on and going forward",
        false,
        broken,
        () -> {
          others.look(apps);
          return true;
        });
    Optional<BackupOutlook> backups =
        Defect.caught(
            "what the backups are worth",
            Optional.empty(),
            broken,
            () -> Optional.of(backups(run, backup, reachable)));
    List<WayOn> ways = new ArrayList<>(others.of(WayKind.GO_ON));
    if (reachable) {
      Defect.caught(
              "the way back by undo",
              Optional.<WayOn>empty(),
              broken,
              () ->
                  undo.way(backups.flatMap(BackupOutlook::newest), others.failed(), others.half()))
          .ifPresent(ways::add);
    }
    ways.addAll(
        Defect.caught(
            "the way back by restore",
            List.<WayOn>of(),
            broken,
            () ->
                backups
                    .map(
                        known ->
                            known.ways(
                                reachable ? undo.newest() : Optional.empty(),
                                rows(run, backup, reachable),
                                !reachable))
                    .orElse(List.of())));
    ways.addAll(others.of(WayKind.UNDO_RESTORE));
    ways.addAll(others.of(WayKind.ROLL_FORWARD));
    List<String> unknown = new ArrayList<>(others.unknown());
    backups.ifPresent(known -> unknown.addAll(known.problems()));
    if (backups.isPresent() && backups.get().usable(!reachable).isEmpty()) {
      unknown.add("there is no backup to go back to in " + run.settings().folders().backups());
    }
    unknown.addAll(broken);
    return new WaysOn(ways, others.failed(), unknown);
  }

  /** The emergency backup knows better, where there is one. */
  private static Optional<Map<TableName, Long>> rows(
      GuardedRun run, Optional<String> backup, boolean reachable) {
    return backup.isPresent() || !reachable ? Optional.empty() : guessedRows(run);
  }

  private static BackupOutlook backups(GuardedRun run, Optional<String> backup, boolean reachable) {
    Optional<String> server = Optional.empty();
    boolean answers = false;
    try (Database session = run.openMaintenance()) {
      answers = true;
      server = ServerInfo.systemIdentifier(session);
    } catch (Failure unknown) {
      answers = answers || reachable;
    }
    return new BackupOutlook(run, server, answers, backup);
  }

  /** As the server guesses. */
  private static Optional<Map<TableName, Long>> guessedRows(GuardedRun run) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      return Optional.of(WayQueries.rows(session, run.settings().apps()));
    } catch (Failure unknown) {
      return Optional.empty();
    }
  }
}
