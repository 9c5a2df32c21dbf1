package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import dev.belay.swap.Replaced;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} at every named moment; what the next command says and puts right. */
class KillPointsIT {
  @TempDir static Path folder;
  private static Ground ground;
  private static String old;

  @BeforeAll
  static void makeAnOldBackup() {
    ground = Ground.of(folder, TestServer.fresh("killed"));
    ground.expect(0, "create-backup", "--pin");
    old = ground.backups().get(0);
  }

  @AfterAll
  static void drop() {
    ground.drop();
  }

  // A1, A7
  @ParameterizedTest
  @ValueSource(strings = {"backup-snapshot", "backup-dumped", "backup-manifest"})
  void anUnfinishedBackupIsNeverListedAndTheNextRunRemovesItAndSaysSo(String moment) {
    List<String> before = ground.backups();

    ground.program().killedAt(moment, "create-backup");
    assertThat(ground.backups()).isEqualTo(before);
    assertThat(ground.partial()).hasSize(1);

    Cli.Result next = ground.expect(0, "create-backup", "--level", "checksummed");
    assertThat(next.err()).contains("the unfinished backup of ", "was removed");
    ground.assertNothingLeft();
    assertThat(ground.backups()).hasSize(before.size() + 1).containsAll(before);
    ground.assertOrders(Ground.ORDERS);
  }

  // A8
  @Test
  void aBackupIsWholeFromTheMomentThatItHasItsName() {
    ground.program().killedAt("backup-published", "create-backup");

    assertThat(ground.partial()).isEmpty();
    assertThat(ground.backups()).hasSizeGreaterThan(1);
    Cli.Result next = ground.expect(0, "validate-backup", "all", "--level", "readable");
    assertThat(next.out()).contains(old).doesNotContain("BAD");
  }

  // A12
  @Test
  void aBackupWhoseDeletionWasBegunIsNoneAnyMoreAndTheNextRunFinishesIt() {
    ground.expect(0, "create-backup", "--level", "listed");
    ground.expect(0, "create-backup", "--level", "readable");
    int before = ground.backups().size();
    String[] cleanup = {"cleanup-backups", "--keep-min", "1", "--keep-days", "0", "--yes"};

    ground.program().killedAt("backup-deleting", cleanup);
    assertThat(ground.backups()).hasSize(before - 1);
    assertThat(ground.partial()).hasSize(1);

    Cli.Result next = ground.expect(0, "create-backup", "--level", "checksummed");
    assertThat(next.err()).contains("what was left of a deleted backup was removed");
    assertThat(ground.partial()).isEmpty();
  }

  // A1, A9
  @ParameterizedTest
  @ValueSource(strings = {"scratch-created", "scratch-noted", "proof-scratch"})
  void theNextRunDropsTheScratchDatabaseOfAKilledOne(String moment) {
    ground.program().killedAt(moment, "validate-backup", "--level", "restored");
    assertThat(ground.databasesOfRuns()).hasSize(1);

    Cli.Result next = ground.expect(0, "create-backup", "--level", "checksummed");

    assertThat(next.err()).contains("of a dead run: dropped");
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // A9, A11
  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore-created",
        "restore-noted",
        "restore-restored",
        "restore-proven",
        "swap-begun",
        "swap-marked",
        "swap-replacement-closed",
        "swap-closed",
        "swap-ended",
        "swap-renaming"
      })
  void aRestoreThatWasKilledBeforeTheRenamesLeavesTheLiveDatabaseAsItWas(String moment) {
    ground.sql("insert into public.orders values (0, 'written since')");
    try {
      ground.program().killedAt(moment, "backup-restore", old, "--yes");

      Cli.Result next = ground.expect(0, "create-backup", "--level", "checksummed");

      assertThat(next.err())
          .contains("(backup-restore of ", "was killed at the step '")
          .contains("of a dead run: dropped");
      ground.assertNothingLeft();
      ground.assertOrders(Ground.ORDERS + 1);
    } finally {
      ground.sql("delete from public.orders where id = 0");
    }
  }

  // A11
  @Test
  void aRestoreThatWasKilledAfterTheRenamesIsDoneAndCanBeUndone() {
    ground.sql("insert into public.orders values (0, 'written since')");
    ground.program().killedAt("swap-renamed", "backup-restore", old, "--yes");
    ground.assertOrders(Ground.ORDERS);

    Cli.Result undone = ground.expect(0, "undo-restore", "--yes");

    assertThat(undone.err()).contains("was killed at the step '");
    ground.assertOrders(Ground.ORDERS + 1);
    ground.sql("delete from public.orders where id = 0");
    // What was put right is not put right again.
    Cli.Result later = ground.expect(0, "discard-replaced", "all", "--yes");
    assertThat(later.err()).doesNotContain("was killed at");
    try (Database session = ground.maintenance()) {
      assertThat(Replaced.list(session)).isEmpty();
    }
    ground.assertNothingLeft();
  }
}
