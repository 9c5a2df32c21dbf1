package dev.belay.rollback;

import dev.belay.archive.BackupStore;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest backup in which none of the migrations that go was applied. One of another server, or
 * of the database in trouble, is nobody's way back unless it is named.
 */
final class BackupBefore {
  private final GuardedRun run;
  private final UndoPlan plan;
  private final List<StoredBackup> elsewhere = new ArrayList<>();
  private final List<StoredBackup> ofIncidents = new ArrayList<>();

  private BackupBefore(GuardedRun run, UndoPlan plan) {
    this.run = run;
    this.plan = plan;
  }

  /**
   * Finds it, and tells which newer ones it passes over.
   *
   * @param server the number of the server; empty: it may not be asked
   * @throws Failure REFUSED when there is none
   */
  static StoredBackup find(GuardedRun run, UndoPlan plan, Optional<String> server) {
    return new BackupBefore(run, plan).find(server);
  }

  private StoredBackup find(Optional<String> server) {
    for (StoredBackup each : new BackupStore(run.settings().folders().backups()).list()) {
      if (!isBefore(each)) {
        continue;
      }
      if (ServerInfo.differ(server, each.manifest().server().systemIdentifier())) {
        elsewhere.add(each);
      } else if (each.isOfIncident()) {
        ofIncidents.add(each);
      } else {
        passedOver().forEach(words -> run.progress().step("passed over: " + words));
        return each;
      }
    }
    throw none();
  }

  private List<String> passedOver() {
    List<String> words = new ArrayList<>();
    if (!elsewhere.isEmpty()) {
      words.add(
          Units.count(elsewhere.size(), "backup", "backups")
              + " of a database of the same name on another server");
    }
    if (!ofIncidents.isEmpty()) {
      words.add(
          Units.count(ofIncidents.size(), "backup", "backups")
              + " that emergency-recovery made of the database in trouble");
    }
    return words;
  }

  private Failure none() {
    String none =
        "there is no backup of %s from before %s".formatted(run.live(), PlanText.names(plan));
    List<String> passedOver = passedOver();
    return passedOver.isEmpty()
        ? Failure.refused(none, "see which there are: belay list-backups")
        : Failure.refused(
            none + " but " + String.join(" and ", passedOver), "if that is meant: " + byName());
  }

  /** One of the damage is at least of this database. */
  private String byName() {
    return ofIncidents.isEmpty()
        ? "belay backup-restore %s --from-other-database".formatted(elsewhere.get(0).id())
        : "belay backup-restore " + ofIncidents.get(0).id();
  }

  private boolean isBefore(StoredBackup backup) {
    return backup.isWayBack()
        && backup.manifest().database().name().equals(run.live())
        && isBefore(backup, plan);
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
