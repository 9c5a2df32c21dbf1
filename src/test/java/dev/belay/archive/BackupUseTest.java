package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.support.Children;
import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever uses a backup keeps everybody else from deleting it, also in other processes. */
@Timeout(60)
class BackupUseTest {
  private final Path root;
  private final BackupStore store;
  private StoredBackup backup;

  BackupUseTest(@TempDir Path temporary) {
    root = temporary.resolve("backups");
    store = new BackupStore(root);
    backup = new Backups(root).take(Backups.NOON);
  }

  @BeforeEach
  void read() {
    backup = store.find(backup.id());
  }

  /** Uses a backup, says so, and ends with its standard input. */
  public static void main(String[] arguments) throws IOException {
    try (BackupUse use = StoredBackup.read(Path.of(arguments[0])).use()) {
      Files.writeString(Path.of(arguments[1]), "in use\n");
      if (System.in.read() >= 0) {
        throw new IOException("nobody speaks to this");
      }
    }
  }

  private void assertInUse() {
    assertThatThrownBy(() -> store.delete(backup))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode().status()).isEqualTo(11);
              assertThat(failure.message()).contains("is in use by another belay");
            });
    assertThat(backup.folder()).isDirectory();
  }

  @Test
  void anotherProcessThatUsesItKeepsItUntilItDies() throws Exception {
    Path said = root.resolveSibling("said");
    Process user =
        new ProcessBuilder(
                Programs.java(
                    BackupUseTest.class.getName(), backup.folder().toString(), said.toString()))
            .start();
    try {
      Children.awaitFile(said);
      assertInUse();
      // Reading it meanwhile, as every list does, must not let go of anything.
      assertThat(store.list()).hasSize(1);
      assertThat(FileCheck.problems(store.find(backup.id()), bytes -> {})).isEmpty();
      assertInUse();
      try (BackupUse both = backup.use()) {
        assertInUse();
      }
    } finally {
      user.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
    store.delete(backup);
    assertThat(backup.folder()).doesNotExist();
  }

  @Test
  void thisProcessKeepsItFromItselfUntilTheLastUserIsDone() {
    BackupUse one = backup.use();
    BackupUse other = StoredBackup.read(backup.folder()).use();
    assertInUse();
    other.close();
    other.close();
    assertInUse();
    one.close();
    store.delete(backup);
    assertThat(backup.folder()).doesNotExist();
  }

  /** POSIX drops a process's locks of a file when it closes any descriptor of the file. */
  @Test
  void whatTheUserItselfReadsDoesNotLetGoOfIt() {
    String tryToDelete = BackupUseDeleter.class.getName();
    try (BackupUse use = backup.use()) {
      assertThat(FileCheck.problems(StoredBackup.read(backup.folder()), bytes -> {})).isEmpty();
      assertThat(store.list()).hasSize(1);
      backup.proven(Proof.of(Level.READABLE, Backups.NOON));
      backup.use().close();

      List<String> command = Programs.java(tryToDelete, root.toString(), backup.id());
      assertThat(Programs.run(command.toArray(String[]::new)).out()).isEqualTo("REFUSED\n");
    }
    assertThat(backup.folder()).isDirectory();
  }

  @Test
  void oneThatIsBeingDeletedCannotBeUsed() throws IOException {
    try (BackupUse alone = BackupUse.exclusive(backup.folder()).orElseThrow()) {
      assertThatThrownBy(backup::use)
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.message()).contains("is being deleted"));
      assertThat(BackupUse.exclusive(backup.folder())).isEmpty();
    }
    backup.use().close();
  }

  @Test
  void oneThatIsGoneIsSaidToBeGone() {
    store.delete(backup);
    assertThatThrownBy(backup::use)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode().status()).isEqualTo(12));
  }

  @Test
  void oneOnAReadOnlyDiskCanBeUsedAndChecked() throws Exception {
    Files.setPosixFilePermissions(backup.folder(), PosixFilePermissions.fromString("r-x------"));
    String java =
        String.join(
            " ", Programs.java(BackupUseReader.class.getName(), backup.folder().toString()));
    String script = "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s && exec %2$s";
    Programs.Result child =
        Programs.run("unshare", "-rm", "sh", "-c", script.formatted(root, java));
    assertThat(child.out()).isEqualTo("[]\n");
  }
}
