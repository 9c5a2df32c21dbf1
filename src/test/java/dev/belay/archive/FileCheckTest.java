package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of damage to every file of a backup is found, and the file is named. */
class FileCheckTest {
  private final Path root;
  private Path folder = Path.of("");
  private List<String> files = List.of();

  FileCheckTest(@TempDir Path root) {
    this.root = root;
  }

  @BeforeEach
  void take() {
    StoredBackup backup = new Backups(root).take(Backups.NOON);
    folder = backup.proven(Proof.of(Level.READABLE, Backups.NOON)).folder();
    files = Backups.files(folder);
    assertThat(files)
        .containsExactly(
            "dump/3001.dat.gz",
            "dump/3002.dat.gz",
            "dump/toc.dat",
            "manifest.json",
            "manifest.json.sha256",
            "proofs.jsonl",
            "run.json",
            "run.log");
    assertThat(problems()).isEmpty();
  }

  private List<String> problems() {
    return FileCheck.problems(StoredBackup.read(folder), bytes -> {});
  }

  /** Damages each file in turn, looks, and mends it. */
  private void damageEach(Damage damage) throws IOException {
    for (String name : files) {
      Path file = folder.resolve(name);
      byte[] good = Files.readAllBytes(file);
      damage.to(file, good);

      assertThat(problems()).as(name).isNotEmpty().anyMatch(problem -> problem.contains(name));
      assertThat(problems()).as(name).noneMatch(problem -> problem.contains("Exception"));

      Files.deleteIfExists(file);
      Files.write(file, good);
      assertThat(problems()).as(name + " mended").isEmpty();
    }
  }

  private interface Damage {
    void to(Path file, byte[] good) throws IOException;
  }

  @Test
  void everyFlippedBitOfEveryFileIsFound() throws IOException {
    damageEach(
        (file, good) -> {
          for (int bit = 0; bit < good.length * 8; bit += 5) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, bad);
            assertThat(problems()).as(file + " bit " + bit).hasSize(1);
          }
        });
  }

  @Test
  void aFileThatIsEmptyIsFound() throws IOException {
    damageEach((file, good) -> Files.write(file, new byte[0]));
  }

  @Test
  void aFileThatLacksItsLastByteIsFound() throws IOException {
    damageEach((file, good) -> Files.write(file, Arrays.copyOf(good, good.length - 1)));
  }

  @Test
  void aFileWithOneByteMoreIsFound() throws IOException {
    damageEach((file, good) -> Files.write(file, Arrays.copyOf(good, good.length + 1)));
  }

  @Test
  void aFileThatIsMissingIsFound() throws IOException {
    damageEach((file, good) -> Files.delete(file));
  }

  @Test
  void aLinkInTheFilesPlaceIsFoundThoughItLeadsToTheSameBytes() throws IOException {
    Path elsewhere = root.resolve("elsewhere");
    damageEach(
        (file, good) -> {
          Files.write(elsewhere, good);
          Files.delete(file);
          Files.createSymbolicLink(file, elsewhere);
        });
  }

  @Test
  void aFolderInTheFilesPlaceIsFound() throws IOException {
    damageEach(
        (file, good) -> {
          Files.delete(file);
          Files.createDirectory(file);
        });
  }

  @Test
  void twoFilesThatWereSwappedAreFoundAndBothAreNamed() throws IOException {
    Path one = folder.resolve("dump/3001.dat.gz");
    Path other = folder.resolve("dump/3002.dat.gz");
    assertThat(Files.size(one)).isEqualTo(Files.size(other));
    Path between = folder.resolve("dump/x");
    Files.move(one, between);
    Files.move(other, one);
    Files.move(between, other);

    assertThat(problems())
        .containsExactly(
            "the file dump/3001.dat.gz is damaged: its SHA-256 is another",
            "the file dump/3002.dat.gz is damaged: its SHA-256 is another");
  }

  @Test
  void everyFileThatIsAddedIsFound() throws IOException {
    for (String name :
        List.of("x", ".x", "dump/3003.dat.gz", "manifest.json.bak", "dump/manifest.json")) {
      Path added = Files.writeString(folder.resolve(name), "");
      assertThat(problems()).containsExactly("the file " + name + " is not of this backup");
      Files.delete(added);
    }
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
    assertThat(problems()).containsExactly("the file link is not of this backup");
  }

  @Test
  void theDumpFolderAsALinkToAnotherIsFound() throws IOException {
    Path moved = root.resolve("moved");
    Files.move(folder.resolve("dump"), moved);
    Files.createSymbolicLink(folder.resolve("dump"), moved);

    assertThat(problems()).contains("the file dump is not of this backup");
  }

  @Test
  void theLockFileIsEmptyOrDamage() throws IOException {
    Path lock = folder.resolve(BackupUse.FILE);
    StoredBackup.read(folder).use().close();
    assertThat(lock).exists();
    assertThat(problems()).isEmpty();
    Files.writeString(lock, "smuggled");
    assertThat(problems()).containsExactly("the file .lock is not empty");
    Files.delete(lock);
    Files.createSymbolicLink(lock, Path.of("/etc/passwd"));
    assertThat(problems()).containsExactly("the file .lock is not empty");
  }

  @Test
  void allThatIsBadIsNamedAtOnce() throws IOException {
    Files.delete(folder.resolve("run.log"));
    Files.writeString(folder.resolve("dump/toc.dat"), "?");
    Files.writeString(folder.resolve("added"), "?");
    Files.writeString(folder.resolve("proofs.jsonl"), "?");

    assertThat(problems())
        .hasSize(4)
        .anyMatch(problem -> problem.contains("run.log"))
        .anyMatch(problem -> problem.contains("dump/toc.dat"))
        .anyMatch(problem -> problem.contains("added"))
        .anyMatch(problem -> problem.contains("proofs.jsonl"));
  }

  @Test
  void everyByteOfEveryFileIsToldToTheProgress() {
    long[] told = new long[1];
    StoredBackup backup = StoredBackup.read(folder);

    FileCheck.problems(backup, bytes -> told[0] += bytes);

    assertThat(told[0]).isEqualTo(backup.manifest().totalBytes());
  }

  @Test
  void whatAnInterruptedWriteOfTheProofsLeftDoesNoHarm() throws IOException {
    Files.writeString(folder.resolve(".proofs.jsonl.new"), "half");

    assertThat(problems()).isEmpty();
    StoredBackup.read(folder).proven(Proof.of(Level.RESTORED, Backups.NOON));
    assertThat(StoredBackup.read(folder).state().level()).isEqualTo(Level.RESTORED);
    assertThat(folder.resolve(".proofs.jsonl.new")).doesNotExist();
  }
}
