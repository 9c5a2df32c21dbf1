package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    giveToAnotherServer(folder.resolve("backups").resolve(theirs));
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  private static void giveToAnotherServer(Path backup) throws IOException {
    Path manifest = backup.resolve("manifest.json");
    String text =
        Files.readString(manifest)
            .replaceFirst("(\"systemIdentifier\"\\s*:\\s*\")\\d+\"", "$17000000000000000001\"");
    Files.writeString(manifest, text);
    Files.writeString(backup.resolve("manifest.json.sha256"), sha256(text) + "  manifest.json\n");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
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
