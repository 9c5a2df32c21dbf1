package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupDraftTest {
  private final Path root;
  private final Backups backups;

  BackupDraftTest(@TempDir Path temporary) {
    root = temporary.resolve("backups");
    backups = new Backups(root);
  }

  private static void assertFails(int status, String words, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.message()).contains(words);
              assertThat(failure.exitCode().status()).isEqualTo(status);
            });
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(root)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void looksUnfinishedUntilItIsPublished() throws IOException {
    BackupDraft.prepare(root);
    try (BackupDraft draft = backups.begin(Backups.NOON)) {
      assertThat(names()).hasSize(1).allMatch(name -> name.matches("\\..*\\.partial"));
      assertThat(new BackupStore(root).list()).isEmpty();
      StoredBackup backup = backups.finish(draft, Backups.NOON);
      assertThat(backup.id()).isEqualTo("orders_20240301_120000");
      assertThat(backup.problem()).isEmpty();
      assertThat(backup.manifest().id()).isEqualTo(backup.id());
    }
    assertThat(names()).containsExactly("orders_20240301_120000");
  }

  @Test
  void isGoneWhenItIsNotPublished() throws IOException {
    BackupDraft.prepare(root);
    try (BackupDraft draft = backups.begin(Backups.NOON)) {
      Files.writeString(draft.folder().resolve("dump.age"), "half");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void whatFailsWhilePublishingLeavesNothing() throws IOException {
    BackupDraft.prepare(root);
    assertThatThrownBy(
            () -> {
              try (BackupDraft draft = backups.begin(Backups.NOON)) {
                draft.publish(
                    false,
                    (id, files) -> {
                      throw new IllegalStateException("no manifest today");
                    },
                    bytes -> {});
              }
            })
        .hasMessage("no manifest today");
    assertThat(names()).isEmpty();

    Path victim = Files.writeString(root.resolveSibling("victim"), "x");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-r--r--"));
    try (BackupDraft draft = backups.begin(Backups.NOON)) {
      Files.createSymbolicLink(draft.folder().resolve("strange"), victim);
      assertFails(
          13, "the backup could not be finished", () -> backups.finish(draft, Backups.NOON));
    }
    assertThat(names()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void whatHasItsNameIsNeverTouched() throws IOException {
    StoredBackup first = backups.take(Backups.NOON);
    String before = Files.readString(first.folder().resolve(ManifestFile.NAME));
    Files.writeString(root.resolve(first.id() + "_2"), "a file");
    Files.createSymbolicLink(root.resolve(first.id() + "_3"), Path.of("nowhere"));
    Files.createDirectory(root.resolve(first.id() + "_4"));

    StoredBackup second = backups.take(Backups.NOON);

    assertThat(second.id()).isEqualTo(first.id() + "_5");
    assertThat(second.manifest().id()).isEqualTo(second.id());
    assertThat(Files.readString(first.folder().resolve(ManifestFile.NAME))).isEqualTo(before);
    assertThat(Files.readString(root.resolve(first.id() + "_2"))).isEqualTo("a file");
    assertThat(root.resolve(first.id() + "_4")).isEmptyDirectory();
    assertThat(FileCheck.problems(StoredBackup.read(first.folder()), bytes -> {})).isEmpty();
  }

  @Test
  void aPlantedFolderOrLinkWithItsHiddenNameIsNeverTouched() throws IOException {
    BackupDraft.prepare(root);
    RunId run = RunId.fresh();
    Path hidden = root.resolve(".orders_20240301_120000." + run + ".partial");
    Path victim = Files.createDirectory(root.resolveSibling("victim"));
    Files.writeString(victim.resolve("precious"), "x");
    Files.createSymbolicLink(hidden, victim);

    assertFails(12, "it is there already", () -> begin(run).close());

    assertThat(victim.resolve("precious")).exists();
    assertThat(Files.isSymbolicLink(hidden)).isTrue();
    Files.delete(hidden);
    Files.createDirectory(hidden);
    Files.writeString(hidden.resolve("precious"), "x");
    assertFails(12, "it is there already", () -> begin(run).close());
    assertThat(hidden.resolve("precious")).exists();
  }

  private BackupDraft begin(RunId run) {
    return BackupDraft.begin(root, "orders", Backups.NOON, run, "orders@db1:5432", text -> {});
  }

  /** A mount inside of it cannot be removed, not even by root. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    List<String> warnings = new ArrayList<>();
    BackupDraft.prepare(root);
    try (BackupDraft draft =
        BackupDraft.begin(
            root, "orders", Backups.NOON, RunId.fresh(), "orders@db1:5432", warnings::add)) {
      Path dump = Files.createDirectory(draft.folder().resolve("dump"));
      Programs.run("mount", "-t", "tmpfs", "none", dump.toString());
    }
    System.out.println(warnings);
  }

  @Test
  void saysWhatItCouldNotRemoveAndHow() {
    String java = String.join(" ", Programs.java(BackupDraftTest.class.getName(), root.toString()));
    Programs.Result child = Programs.run("unshare", "-rm", "sh", "-c", java);

    assertThat(child.out())
        .contains("cannot remove the unfinished backup " + root)
        .contains("remove it with: rm -r " + root);
  }

  @Test
  void theFolderIsMadeWithEverythingAboveIt() throws IOException {
    Path deep = root.resolve("a/b c/d");
    BackupDraft.prepare(deep);
    BackupDraft.prepare(deep);
    assertThat(deep).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep)))
        .isEqualTo("rwx------");
  }

  @Test
  void aFolderThatEverybodyMayWriteToIsRefusedUnlessItIsSticky() throws IOException {
    Files.createDirectory(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertFails(11, "everybody may write to the folder", () -> BackupDraft.prepare(root));
    assertThat(root).isEmptyDirectory();
    BackupDraft.prepare(Path.of("/tmp"));
  }

  @Test
  void aFileInTheFoldersPlaceIsNoFolder() throws IOException {
    Files.writeString(root, "x");
    assertFails(12, "it is no folder", () -> BackupDraft.prepare(root));
    assertFails(12, "cannot write to", () -> BackupDraft.prepare(root.resolve("below")));
    assertThat(Files.readString(root)).isEqualTo("x");
  }

  @Test
  void aFolderThatCannotBeWrittenToIsSaid() {
    assertFails(
        12, "cannot write to the folder", () -> BackupDraft.prepare(Path.of("/proc/belay")));
    assertFails(12, "cannot write to the folder", () -> BackupDraft.prepare(Path.of("/proc/self")));
  }

  @Test
  void anOwnLinkToABiggerDiskIsFollowedAndADanglingOneIsNot() throws IOException {
    Path disk = Files.createDirectory(root.resolveSibling("disk"));
    Files.createSymbolicLink(root, disk);
    StoredBackup backup = backups.take(Backups.NOON);
    assertThat(disk.resolve(backup.id())).isDirectory();
    assertThat(new BackupStore(root).list()).hasSize(1);

    Path dangling = Files.createSymbolicLink(root.resolveSibling("dangling"), Path.of("nowhere"));
    assertFails(12, "cannot write to the folder", () -> BackupDraft.prepare(dangling));
  }

  @Test
  void aLinkThatAnotherUserMadeIsRefused() throws IOException {
    Path disk = Files.createDirectory(root.resolveSibling("disk"));
    Files.createSymbolicLink(root, disk);
    Assumptions.assumeTrue(
        Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0),
        "only root can give a link to somebody else");
    Files.setAttribute(root, "unix:uid", 4711, LinkOption.NOFOLLOW_LINKS);

    assertFails(11, "a symbolic link that another user made", () -> BackupDraft.prepare(root));
    assertThat(disk).isEmptyDirectory();
  }
}
