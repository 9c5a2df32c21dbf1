package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.journal.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose folders are swept. */
class ServerPlaceTest {
  private static final String PREFIX = "belay-place-test-" + ProcessHandle.current().pid() + "-";

  @AfterEach
  void removeAll() {
    ServerPlace.sweep(PREFIX, true);
  }

  @Test
  void oneThatLivesIsLeftAlone() {
    ServerPlace place = ServerPlace.create(PREFIX);

    assertThat(ServerPlace.sweep(PREFIX, false)).isZero();
    assertThat(place.folder()).exists();
    place.remove();
    assertThat(place.folder()).doesNotExist();
  }

  @Test
  void oneOfWhichNobodyKnowsTheOwnerIsOnlySweptWhenItIsOld() throws IOException {
    Path half = Files.createTempDirectory(PREFIX);
    assertThat(ServerPlace.sweep(PREFIX, false)).as("somebody is just making it").isZero();
    Files.createFile(half.resolve("owner"));
    assertThat(ServerPlace.sweep(PREFIX, false)).isZero();

    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    assertThat(ServerPlace.sweep(PREFIX, false)).isOne();
    assertThat(half).doesNotExist();
  }

  @Test
  void oneOfAProcessIdThatWasGivenAnewIsSweptAndAClockThatIsSetRightChangesNothing()
      throws IOException {
    Path folder = Files.createTempDirectory(PREFIX);
    String pid = ProcessHandle.current().pid() + " ";
    long began = ThisProcess.startedMillis();
    Files.writeString(folder.resolve("owner"), pid + (began - 1_000));
    assertThat(ServerPlace.sweep(PREFIX, false)).isZero();

    Files.writeString(folder.resolve("owner"), pid + (began - 60_000));

    assertThat(ServerPlace.sweep(PREFIX, false)).isOne();
    assertThat(folder).doesNotExist();
  }
}
