package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.journal.JournalHeader;
import dev.belay.report.Json;
import dev.belay.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BackupStoreTest {
  private final Path root;
  private final BackupStore store;
  private final Backups backups;

  BackupStoreTest(@TempDir Path temporary) {
    root = temporary.resolve("backups");
    store = new BackupStore(root);
    backups = new Backups(root);
  }

  /** Begins one, takes one, or deletes one, and is killed at a fail point on the way. */
  public static void main(String[] arguments) {
    Path root = Path.of(arguments[1]);
    BackupStore store = new BackupStore(root);
    switch (arguments[0]) {
      case "take" -> new Backups(root).take(Backups.NOON);
      case "delete" -> store.delete(store.find(arguments[2]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private void killed(String failPoint, String... arguments) {
    assertThat(ChildJvm.run(failPoint, BackupStoreTest.class, root, Map.of(), arguments).status())
        .isEqualTo(137);
  }

  private static void assertUnavailable(String words, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.message()).contains(words);
              assertThat(failure.exitCode().status()).isEqualTo(12);
              assertThat(failure.hint()).contains("belay ");
            });
  }

  private static Instant day(int number) {
    return Backups.NOON.plus(Duration.ofDays(number));
  }

  @Test
  void aFolderThatIsNotThereHasNoBackups() {
    assertThat(store.list()).isEmpty();
    assertThat(store.unfinished()).isEmpty();
    assertThat(store.sweep()).isEmpty();
    assertUnavailable("there is no whole backup in", () -> store.find("latest"));
    assertThat(root).doesNotExist();
  }

  @Test
  void listsTheNewestFirstAndFindsEachByIdPathAndLatest() {
    StoredBackup old = backups.take(day(1));
    StoredBackup other = backups.of("other \"; drop table x").take(day(3));
    StoredBackup fresh = backups.of("orders").take(day(2));

    assertThat(store.list())
        .extracting(StoredBackup::id)
        .containsExactly(other.id(), fresh.id(), old.id());
    assertThat(store.find(old.id()).id()).isEqualTo(old.id());
    assertThat(store.find(old.folder().toString()).id()).isEqualTo(old.id());
    assertThat(store.find(old.folder() + "/").id()).isEqualTo(old.id());
    assertThat(store.find(other.id()).manifest().database().name())
        .isEqualTo("other \"; drop table x");
    assertThat(store.find("latest").id()).isEqualTo(other.id());
    assertThat(store.find("latest", Optional.of("orders")).id()).isEqualTo(fresh.id());
    assertUnavailable("of nobody", () -> store.find("latest", Optional.of("nobody")));
  }

  @Test
  void theLatestIsTheNewestThatIsWhole() throws IOException {
    StoredBackup old = backups.take(day(1));
    StoredBackup broken = backups.take(day(2));
    Files.delete(broken.folder().resolve("dump/toc.dat"));

    assertThat(store.find("latest").id()).isEqualTo(old.id());
    assertThat(store.find(broken.id()).problem()).hasValue("the file dump/toc.dat is missing");
    assertThat(store.list()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "/",
        "./",
        "nothing",
        "a/b",
        "\u0000",
        "a\u0000b",
        "orders_20240302_120000/../nothing",
        "/proc/self/environ",
        "-rf",
        "ü\"'",
        "LATEST"
      })
  void aNameThatMeansNoBackupIsNeverTakenForOne(String name) {
    backups.take(day(1));
    try {
      StoredBackup found = store.find(name);
      // A path to a folder is taken at its word; then it is said what the folder lacks.
      assertThat(found.problem().orElseThrow()).contains("manifest.json is missing");
      assertThat(found.folder()).isNotEqualTo(root);
    } catch (Failure failure) {
      assertThat(failure.exitCode().status()).isEqualTo(12);
      assertThat(failure.message()).contains("there is no backup '" + name + "'");
    }
  }

  @Test
  void whatIsNoBackupIsNotListed() throws IOException {
    backups.take(day(1));
    Files.createDirectory(root.resolve("lost+found"));
    Files.createDirectory(root.resolve(".hidden_20240301_120000"));
    Files.writeString(root.resolve("notes_20240301_120000"), "a file");
    Files.createSymbolicLink(root.resolve("link_20240301_120000"), Path.of("/etc"));

    assertThat(store.list()).hasSize(1);
    Files.createDirectory(root.resolve("orders_20250101_120000"));
    assertThat(store.list()).hasSize(2);
    assertThat(store.list().get(0).problem()).hasValue("the file manifest.json is missing");
  }

  @Test
  void anUnfinishedOneIsFoundUnderNoName() {
    BackupDraft.prepare(root);
    try (BackupDraft draft = backups.begin(day(1))) {
      String name = draft.folder().getFileName().toString();
      assertUnavailable("it is not finished", () -> store.find(draft.folder().toString()));
      assertUnavailable("there is no backup", () -> store.find(name));
      assertThat(store.list()).isEmpty();
      assertThat(store.unfinished()).hasSize(1).allMatch(UnfinishedBackup::isInProgress);
      assertThat(store.sweep()).isEmpty();
      assertThat(draft.folder()).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"backup-dumped", "backup-manifest"})
  void whatAKilledRunLeftIsSweptByTheNextAndSaid(String failPoint) throws IOException {
    Files.createDirectories(root);
    StoredBackup good = backups.take(day(1));
    killed(failPoint, "take", root.toString());

    assertThat(store.list()).hasSize(1);
    assertThat(store.unfinished()).hasSize(1).noneMatch(UnfinishedBackup::isInProgress);
    assertThat(store.sweep())
        .hasSize(1)
        .allMatch(text -> text.matches("the unfinished backup of [0-9a-f]{12} was removed: .*"));
    assertThat(store.unfinished()).isEmpty();
    assertThat(store.sweep()).isEmpty();
    assertThat(store.find(good.id()).problem()).isEmpty();
  }

  @Test
  void oneKilledRightAfterItWasPublishedIsWhole() throws IOException {
    Files.createDirectories(root);
    killed("backup-published", "take", root.toString());

    assertThat(store.unfinished()).isEmpty();
    assertThat(FileCheck.problems(store.find("latest"), bytes -> {})).isEmpty();
  }

  @Test
  void aDeletionThatWasKilledIsFinishedByTheSweepAndIsNeverListed() throws IOException {
    StoredBackup doomed = backups.take(day(1));
    StoredBackup good = backups.take(day(2));
    killed("backup-deleting", "delete", root.toString(), doomed.id());

    assertThat(store.list()).extracting(StoredBackup::id).containsExactly(good.id());
    assertUnavailable("there is no backup", () -> store.find(doomed.id()));
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries).hasSize(2);
    }
    assertUnavailable(
        "it is being deleted",
        () -> store.find(root.resolve("." + doomed.id() + ".deleting").toString()));
    assertThat(store.sweep()).hasSize(1).allMatch(text -> text.contains("was removed"));
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void oneOfAnotherMachineIsInProgressUntilNothingMovedForAWeek() throws IOException {
    Path folder = leftBy("elsewhere", 1, Instant.now());
    assertThat(store.unfinished()).allMatch(UnfinishedBackup::isInProgress);
    assertThat(store.sweep()).isEmpty();

    age(folder, Duration.ofDays(8));
    assertThat(store.unfinished()).noneMatch(UnfinishedBackup::isInProgress);
    assertThat(store.sweep()).hasSize(1);
    assertThat(folder).doesNotExist();
  }

  @Test
  void anotherProcessWithTheSameIdIsNotItsMaker() throws IOException {
    Path folder = leftBy(here().host(), ProcessHandle.current().pid(), Instant.now());
    assertThat(store.unfinished()).noneMatch(UnfinishedBackup::isInProgress);
    assertThat(store.sweep()).hasSize(1);
    assertThat(folder).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "null", "[]", "{\"journal\":1,\"pid\":1}"})
  void oneThatDoesNotSayItsMakerIsYoungForTenMinutes(String text) throws IOException {
    Path folder = Files.createDirectories(root.resolve(".x_20240301_120000.abc.partial"));
    Files.writeString(folder.resolve("run.json"), text);
    assertThat(store.unfinished()).hasSize(1).allMatch(UnfinishedBackup::isInProgress);
    assertThat(store.sweep()).isEmpty();
    age(folder, Duration.ofMinutes(11));
    assertThat(store.sweep())
        .containsExactly(
            "the unfinished backup of an unknown run was removed: .x_20240301_120000.abc.partial");
  }

  private static JournalHeader here() {
    return JournalHeader.here(RunId.fresh(), "create-backup", "orders@db1:5432");
  }

  @Test
  void whoHoldsTheLockOfOneDatabaseSweepsWhatIsOfThatAlone() throws IOException {
    Path folder = leftBy(here().host(), 1, Instant.now());

    assertThat(store.sweepOf("y")).isEmpty();
    assertThat(folder).exists();
    assertThat(store.sweepOf("x")).hasSize(1).allMatch(text -> text.contains("was removed"));
    assertThat(folder).doesNotExist();
  }

  private Path leftBy(String host, long pid, Instant at) throws IOException {
    JournalHeader maker =
        new JournalHeader(1, "0123456789ab", "create-backup", "x", host, pid, 1, "anna", at);
    Path folder = Files.createDirectories(root.resolve(".x_20240301_120000.0123456789ab.partial"));
    Files.writeString(folder.resolve("run.json"), Json.MAPPER.writeValueAsString(maker));
    return folder;
  }

  private static void age(Path folder, Duration age) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(age));
    for (String file : Backups.files(folder)) {
      Files.setLastModifiedTime(folder.resolve(file), then);
    }
    Files.setLastModifiedTime(folder, then);
  }

  @Test
  void oneBrokenManifestStopsNeitherListNorSweep() throws IOException {
    for (String text : List.of("null", "{}", "[]", "\u0000")) {
      Path folder =
          Files.createDirectories(root.resolve("b" + text.hashCode() + "_20240301_120000"));
      Files.writeString(folder.resolve("manifest.json"), text);
      Files.writeString(
          folder.resolve("manifest.json.sha256"), Sha256.of(text) + "  manifest.json\n");
    }
    assertThat(store.list()).hasSize(4).allMatch(backup -> backup.problem().isPresent());
    assertThat(store.sweep()).isEmpty();
  }

  @Test
  void twoThatProveTheSameBackupKeepEachOthersProofs() {
    StoredBackup one = backups.take(day(1));
    StoredBackup other = store.find(one.id());
    one.proven(Proof.of(Level.READABLE, day(2)));
    other.proven(Proof.of(Level.CHECKSUMMED, day(2)));

    assertThat(store.find(one.id()).state().proofs()).hasSize(2);
  }
}
