package dev.belay.rollback;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.flyway.AppliedMigration;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest backup in which none of the migrations that go was applied. One of another server, or
 * of the database in trouble, is nobody's way back unless it is named.
 */
final class BackupBefore {
  private BackupBefore() {}

  /**
   * Finds it.
   *
   * @param server the number of the server; empty: it may not be asked
   * @throws Failure REFUSED when there is none
   */
  static StoredBackup find(GuardedRun run, UndoPlan plan, Optional<String> server) {
    return new BackupStore(run.settings().folders().backups())
        .list().stream()
            .filter(StoredBackup::isWayBack)
            .filter(each -> each.manifest().database().name().equals(run.live()))
            .filter(each -> !ServerInfo.differ(server, each.manifest().server().systemIdentifier()))
            .filter(each -> !each.isOfIncident())
            .filter(each -> isBefore(each, plan))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.refused(
                        "there is no backup of %s from before %s"
                            .formatted(run.live(), PlanText.names(plan)),
                        "see which there are: belay list-backups"));
  }

  /** By what they are and not by their rows: one that was applied again has another row now. */
  private static boolean isBefore(StoredBackup backup, UndoPlan plan) {
    List<AppliedMigration> gone =
        plan.steps().stream().map(step -> Recording.applied(step.migration())).toList();
    return backup.manifest().migrations().stream()
        .filter(history -> history.schema().equals(plan.app().historySchema()))
        .filter(history -> history.table().equals(plan.app().historyTable()))
        .anyMatch(
            history ->
                history.inForce().stream()
                    .noneMatch(row -> gone.stream().anyMatch(each -> isSame(row, each))));
  }

  private static boolean isSame(AppliedMigration one, AppliedMigration other) {
    return Objects.equals(one.number(), other.number())
        && (one.version() != null || one.description().equals(other.description()));
  }
}
