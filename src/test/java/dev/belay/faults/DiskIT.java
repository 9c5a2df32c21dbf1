package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.pgtools.Rig;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks that are full or may not be written to. A file system of 8 MB is mounted in a namespace of
 * the program's own, so the shell that mounts it also looks at what is left on it.
 */
class DiskIT {
  @TempDir static Path home;
  private static Ground source;
  @TempDir Path folder;
  private Ground ground;

  /** Twelve megabytes that no codec makes smaller. */
  @BeforeAll
  static void fill() {
    source = Ground.of(home, TestServer.fresh("disk"));
    source.sql(
        "create table public.noise as select n, (select string_agg(sha512((n * 100 + m)::text"
            + "::bytea), '') from generate_series(1, 80) m) as bytes"
            + " from generate_series(1, 2400) n");
  }

  @AfterAll
  static void drop() {
    source.drop();
  }

  @BeforeEach
  void make() {
    ground = new Ground(folder, source.live);
  }

  /** Runs a shell script in which {@code backups} has 8 MB. */
  private Cli.Result onSmallDisk(Program program, String script) throws IOException {
    Files.createDirectories(folder.resolve("backups"));
    return program.withMounts(
        "mount -t tmpfs -o size=8m,mode=0700 tmpfs backups || exit 99\n" + script);
  }

  // B1
  @Test
  void aDiskThatIsFullInTheDumpLeavesNothingPartialAndTheOldBackups() throws IOException {
    Cli.Result result =
        onSmallDisk(
            ground.program(),
            """
            belay create-backup --table public.orders --level listed >/dev/null || exit 98
            belay create-backup; echo "status $?"
            echo "left: $(ls -A backups | wc -l)"
            belay validate-backup all --level checksummed; echo "status $?"
            """);

    assertThat(result.out()).as(result.err()).contains("status 13\nleft: 1\n", "status 0");
    assertThat(result.err())
        .contains("No space left on device", "a disk is full", "state: the database was not");
    ground.assertNothingLeft();
  }

  // B1: with a backup of the same database the size is known before
  @Test
  void aDiskThatWillNotBeEnoughIsRefusedBefore() throws IOException {
    Cli.Result result =
        onSmallDisk(
            ground.program(),
            """
            dd if=/dev/zero of=backups/filler bs=1M count=7 2>/dev/null
            belay create-backup; echo "status $?"
            ls -A backups
            """);

    assertThat(result.out()).as(result.err()).contains("status 11\nfiller\n");
    assertThat(result.err()).contains("of free space, and the backup will have some");
  }

  // B2
  @Test
  void aDiskThatIsFullAtTheManifestPublishesNothing() throws IOException {
    Path tools =
        ground.tools(
            """
            if [ $name = pg_dump ]; then
              "$real" "$@"; status=$?
              dd if=/dev/zero of=backups/filler bs=4k 2>/dev/null
              exit $status
            fi
            """);

    Cli.Result result =
        onSmallDisk(
            ground.with(tools),
            """
            belay create-backup --table public.orders; echo "status $?"
            ls -A backups
            """);

    assertThat(result.out()).as(result.err()).contains("status 13\nfiller\n");
    assertThat(result.err())
        .contains("error: the backup could not be finished", "No space left on device", "df -h");
  }

  // B1: encrypted, the bytes pass through Belay
  @Test
  void aDiskThatIsFullInAnEncryptedDumpLeavesNothingPartial() throws IOException {
    Cli.Result result =
        onSmallDisk(
            ground.program(),
            """
            belay create-backup --encrypt-to %s; echo "status $?"
            echo "left: $(ls -A backups | wc -l)"
            """
                .formatted(Rig.keys(folder, "key").publicKey()));

    assertThat(result.out()).as(result.err()).contains("status 13\nleft: 0\n");
    assertThat(result.err()).contains("No space left on device");
  }

  // B5: alone it says so itself, of workers only their leader
  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void aLimitOfFileSizesIsNamed(String jobs) {
    Cli.Result result =
        ground
            .program()
            .run(
                List.of(
                    "sh",
                    "-c",
                    "ulimit -f 4000; exec belay create-backup --compress none --jobs " + jobs));

    assertThat(result.status()).as(result.err()).isEqualTo(13);
    assertThat(result.err()).containsAnyOf("SIGXFSZ", "File too large", "a limit of file sizes");
    assertThat(result.err()).contains("ulimit -f");
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  // B6: before any connection, so a dead server does not matter
  @Test
  void aFolderThatCannotBeWrittenToIsRefusedBeforeAnyConnection() throws IOException {
    Files.createDirectories(folder.resolve("backups"));
    Cli.Result readOnly =
        ground
            .program()
            .with("PGPORT", "1")
            .withMounts("mount -t tmpfs -o ro tmpfs backups && exec belay create-backup");
    assertThat(readOnly.status()).as(readOnly.err()).isEqualTo(12);
    assertThat(readOnly.err())
        .contains("error: cannot write to the folder of the backups", "Read-only file system");

    Files.delete(folder.resolve("backups"));
    Files.writeString(folder.resolve("backups"), "a file");
    Cli.Result file = ground.expect(12, "create-backup");
    assertThat(file.err()).contains("cannot write to the folder of the backups");
    assertThat(folder.resolve("backups")).hasContent("a file");
  }

  // B9
  @Test
  void aFolderThatEverybodyMayWriteToIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("backups"));
    Files.setPosixFilePermissions(
        folder.resolve("backups"), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(ground.expect(11, "create-backup").err()).contains("chmod o-w");
  }

  // B1: the log
  @Test
  void aFullDiskUnderTheLogStopsNoBackup() {
    ground.expect(0, "create-backup", "--table", "public.orders", "--log-file", "/dev/full");

    assertThat(ground.backups()).hasSize(1);
  }

  // B6, B8: the folder is made; two in one second do not meet
  @Test
  void twoBackupsAtOnceHaveFoldersOfTheirOwn() {
    Program.Running one =
        ground.program().start("create-backup", "-t", "public.orders", "--wait", "60s");
    Program.Running two =
        ground.program().start("create-backup", "-t", "public.orders", "--wait", "60s");

    Ground.ended(0, one);
    Ground.ended(0, two);
    assertThat(ground.backups()).hasSize(2);
    assertThat(ground.expect(0, "validate-backup", "all").out()).doesNotContain("BAD");
  }
}
