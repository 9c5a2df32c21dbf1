package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Group D of the fault matrix, as far as it needs a server that may be broken. */
@Timeout(300)
class ServerCrashIT {
  @TempDir private Path folder = Path.of("");
  private final Cluster cluster = Cluster.with().start();
  private Ground ground = new Ground(folder, cluster.admin());

  @BeforeEach
  void make() {
    Target admin = cluster.admin();
    new Ground(folder, admin).sql("create database \"the shop\"");
    ground = Ground.of(folder, admin.withDatabase("the shop"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /**
   * A server process that dies makes the server end all sessions at once and recover, as after
   * {@code pg_ctl stop -m immediate} and a start. What only reads an archive is not it.
   */
  private static String crash(String program, int victim) {
    return "case \"$name $*\" in *--list*|*--file=/dev/null*) ;; %s*) kill -9 %d 2>/dev/null ;; esac"
        .formatted(program, victim);
  }

  private void awaitServer() {
    Await.until(
        "the server takes sessions again",
        () -> {
          try (Database session = ground.open()) {
            return session.number("select 1") == 1;
          } catch (Failure starting) {
            return false;
          }
        });
  }

  // D2
  @Test
  void aServerThatCrashesInADumpLeavesNoBackup() {
    Cli.Result crashed;
    try (Database victim = ground.maintenance()) {
      crashed = ground.with(ground.tools(crash("pg_dump", victim.loginPid()))).run("create-backup");
    }
    assertThat(crashed.status()).as(crashed.err()).isIn(12, 13);
    assertThat(crashed.err()).contains("state: the database was not changed");
    assertThat(ground.backups()).isEmpty();
    assertThat(ground.partial()).isEmpty();
    awaitServer();

    ground.expect(0, "create-backup");
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // D2
  @Test
  void aServerThatCrashesInARestoreIsAsItWasWhenItIsBack() {
    ground.expect(0, "create-backup");
    ground.sql("insert into public.orders values (0, 'written since')");
    Cli.Result crashed;
    try (Database victim = ground.maintenance()) {
      crashed =
          ground
              .with(ground.tools(crash("pg_restore", victim.loginPid())))
              .run("backup-restore", "latest", "--yes");
    }
    assertThat(crashed.status()).as(crashed.err()).isIn(12, 13);
    assertThat(crashed.err()).contains("state: the database was not changed");
    awaitServer();
    ground.assertOrders(Ground.ORDERS + 1);

    ground.expect(0, "backup-restore", "latest", "--yes");
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // D2
  @Test
  void aServerThatCrashesInARestoreInPlaceIsAsItWasWhenItIsBack() {
    ground.expect(0, "create-backup");
    ground.sql("insert into public.orders values (0, 'written since')");
    Cli.Result crashed;
    try (Database victim = ground.maintenance()) {
      crashed =
          ground
              .with(ground.tools(crash("pg_restore", victim.loginPid())))
              .run("backup-restore", "latest", "--strategy", "in-place", "--yes");
    }
    // Whether anything was committed is asked of the server when it is back.
    assertThat(crashed.status()).as(crashed.err()).isIn(12, 13);
    assertThat(crashed.err()).contains("state: the database was not changed");
    ground.assertOrders(Ground.ORDERS + 1);
  }

  // D10
  @Test
  void aDamagedPageIsAFindingThatNamesItsTable() throws IOException {
    ground.sql("vacuum (freeze) public.orders", "checkpoint");
    Path file;
    try (Database session = ground.open()) {
      file =
          cluster
              .data()
              .resolve(session.text("select pg_catalog.pg_relation_filepath('public.orders')"));
    }
    try (Database victim = ground.maintenance()) {
      // What the server has in memory is lost with the crash, so it reads the file again.
      damage(file);
      new ProcessBuilder("kill", "-9", String.valueOf(victim.loginPid())).start().onExit().join();
    }
    awaitServer();

    Cli.Result damaged = ground.expect(10, "create-backup");

    assertThat(damaged.err()).contains("orders", "the database itself is damaged");
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  private static void damage(Path file) throws IOException {
    try (FileChannel pages = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // The bounds of what is free in the second page, of 8 kB.
      pages.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1}), 8192 + 12);
      pages.force(true);
    }
  }
}
