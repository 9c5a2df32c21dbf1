package dev.belay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurableFilesTest {
  private final Path folder;

  DurableFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Takes a backup, for a child with another umask. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    StoredBackup backup = new Backups(root).take(Instant.now());
    backup.proven(Proof.of(Level.READABLE, Instant.now())).use().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077"})
  void nobodyElseMayReadAnythingWhateverTheUmask(String umask) throws IOException {
    Path root = folder.resolve("deep/backups");
    String java =
        String.join(" ", Programs.java(DurableFilesTest.class.getName(), root.toString()));
    Programs.run("sh", "-c", "umask " + umask + "; exec " + java);

    try (Stream<Path> all = Files.walk(root)) {
      List<Path> everything = all.toList();
      assertThat(everything).hasSizeGreaterThan(8);
      for (Path each : everything) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void aFileThatIsThereIsNeverWrittenOver() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "precious");
    assertThatThrownBy(() -> DurableFiles.writeNew(file, "other"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file)).isEqualTo("precious");
  }

  @Test
  void aPlantedLinkIsNotFollowed() throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("link"), victim);
    Path dangling = Files.createSymbolicLink(folder.resolve("d"), folder.resolve("made"));

    assertThatThrownBy(() -> DurableFiles.writeNew(link, "x")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> DurableFiles.writeNew(dangling, "x")).isInstanceOf(IOException.class);
    Files.createSymbolicLink(folder.resolve(".state.new"), victim);
    Files.writeString(folder.resolve("state"), "old");
    DurableFiles.replace(folder.resolve("state"), "new");

    assertThat(Files.readString(victim)).isEqualTo("precious");
    assertThat(folder.resolve("made")).doesNotExist();
    assertThat(Files.readString(folder.resolve("state"))).isEqualTo("new");
  }

  @Test
  void aRenameNeverReplacesAnything() throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    for (Path taken : List.of(empty, dangling)) {
      assertThatThrownBy(() -> DurableFiles.rename(from, taken))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(from).exists();
  }

  @Test
  void deletingATreeDoesNotFollowLinksOutOfIt() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path tree = Files.createDirectories(folder.resolve("tree/sub"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    Files.writeString(tree.resolve("file"), "x");

    DurableFiles.deleteTree(folder.resolve("tree"));
    DurableFiles.deleteTree(folder.resolve("tree"));

    assertThat(folder.resolve("tree")).doesNotExist();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void readsNoMoreThanItIsAllowedTo() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "12345");
    assertThat(DurableFiles.read(file, 5)).hasSize(5);
    assertThatThrownBy(() -> DurableFiles.read(file, 4))
        .hasMessage("the file x is longer than 4 bytes");
    assertThatThrownBy(() -> DurableFiles.read(Path.of("/dev/zero"), 4))
        .hasMessage("the file zero is no ordinary file");
  }
}
