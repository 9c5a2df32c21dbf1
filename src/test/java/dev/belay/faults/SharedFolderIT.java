package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.OtherServer;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of backups in which another server, with a database of the same name, has its own. */
@Timeout(180)
class SharedFolderIT {
  @TempDir private Path folder = Path.of("");
  private Ground ground = new Ground(folder, TestServer.admin());
  private String ours = "";
  private String theirs = "";

  @BeforeEach
  void make() throws IOException {
    ground = Ground.of(folder, TestServer.fresh("shared"));
    ground.expect(0, "create-backup");
    ours = ground.backups().get(0);
    ground.sql("delete from public.orders where id > 10");
    ground.expect(0, "create-backup");
    theirs =
        ground.backups().stream().filter(backup -> !backup.equals(ours)).findFirst().orElseThrow();
    OtherServer.give(folder.resolve("backups").resolve(theirs));
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  @Test
  void inAnEmergencyTheNewestOfThisServerIsTaken() {
    Cli.Result result = ground.expect(0, "emergency-rollback", "--yes");
    assertThat(result.out()).contains(ours).doesNotContain(theirs);
    ground.assertOrders(Ground.ORDERS);
  }

  @Test
  void theLatestIsTheNewestOfThisServer() {
    Cli.Result result = ground.expect(0, "backup-restore", "latest", "--yes");
    assertThat(result.out()).contains(ours).doesNotContain(theirs);
    ground.assertOrders(Ground.ORDERS);

    Cli.Result state = ground.program().run("verify-state");
    assertThat(state.out()).contains(ours).doesNotContain(theirs);
  }

  @Test
  void thatOfAnotherServerIsRefusedByName() {
    Cli.Result refused = ground.expect(11, "backup-restore", theirs, "--yes");
    assertThat(refused.err()).contains("on another server (7000000000000000001)");
    ground.assertOrders(10);
  }

  @Test
  void thePartThatWasBackedUpLastIsNotTheLatestOfTheWhole() {
    ground.expect(0, "create-backup", "--table", "public.orders");
    ground.expect(0, "backup-restore", "latest", "--yes");
    ground.assertOrders(Ground.ORDERS);
  }
}
