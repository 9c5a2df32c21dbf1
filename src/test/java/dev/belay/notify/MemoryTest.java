package dev.belay.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.Announcement;
import dev.belay.core.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people were told already: kept by one file, whoever writes it and whatever is in it. */
class MemoryTest {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Memory memory() {
    return new Memory(folder.resolve("journal"), Duration.ofDays(1), warnings::add);
  }

  private static Memory.Change<Boolean> sent(State state, String key) {
    boolean before = state.wasTold(key, "team", Instant.EPOCH, Instant.now());
    return new Memory.Change<>(
        state.with(key, "team", Instant.now(), State.Progress.SENT, Severity.INFO), before);
  }

  /** Tells the team of {@code k}, and says whether it had been told before. */
  private static boolean wasTold(Memory memory) {
    return memory.change(state -> sent(state, "k"));
  }

  @Test
  void whatWasToldIsKnownToTheNextProcess() throws Exception {
    assertThat(memory().isThere()).isFalse();
    assertThat(wasTold(memory())).isFalse();

    assertThat(wasTold(memory())).isTrue();

    Path file = folder.resolve("journal").resolve(Memory.NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whoDiedWhileSendingIsForgottenAfterAWhile() {
    Instant now = Instant.now();
    State state = State.empty().with("k", "team", now, State.Progress.SENDING, Severity.INFO);

    assertThat(state.wasTold("k", "team", Instant.EPOCH, now.plusSeconds(60))).isTrue();
    assertThat(state.wasTold("k", "team", Instant.EPOCH, now.plusSeconds(150))).isFalse();
  }

  @Test
  void aFileThatIsNotReadableIsPutAsideAndSaid() throws Exception {
    for (String broken :
        List.of(
            "not json",
            "",
            "{\"schema\":1,\"sent\":[{}],\"incidents\":[]}",
            "{\"schema\":1,\"sent\":[],\"incidents\":[{\"id\":\"x\"}]}",
            "[]",
            "null")) {
      warnings.clear();
      Files.createDirectories(folder.resolve("journal"));
      Files.writeString(folder.resolve("journal").resolve(Memory.NAME), broken);

      assertThat(wasTold(memory())).as(broken).isFalse();

      assertThat(warnings).as(broken).hasSize(1);
      assertThat(warnings.get(0)).contains("what was told before is not known").contains("broken_");
      assertThat(memory().look().wasTold("k", "team", Instant.EPOCH, Instant.now())).isTrue();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidOnceAndPeopleAreToldAllTheSame() throws Exception {
    Files.writeString(folder.resolve("journal"), "a file where the folder would be");
    Memory memory = memory();

    assertThat(wasTold(memory)).isFalse();
    assertThat(wasTold(memory)).isTrue();

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("may be told again");
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "precious");
    Files.createDirectories(folder.resolve("journal"));
    Files.createSymbolicLink(folder.resolve("journal").resolve(Memory.NAME + ".lock"), elsewhere);

    wasTold(memory());

    assertThat(warnings).hasSize(1);
    assertThat(elsewhere).hasContent("precious");
  }

  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    wasTold(memory());
    Path guard = folder.resolve("journal").resolve(Memory.NAME + ".lock");
    Process holder =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\n"
                    + "print('held',flush=True)\nsys.stdin.read()",
                guard.toString())
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      Thread release =
          new Thread(
              () -> {
                try {
                  holder.getOutputStream().close();
                } catch (IOException gone) {
                  throw new UncheckedIOException(gone);
                }
              });
      release.start();

      assertThat(wasTold(memory())).isTrue();

      release.join();
      assertThat(warnings).isEmpty();
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    Memory memory = memory();
    List<Thread> threads = new ArrayList<>();
    for (int each = 0; each < 8; each++) {
      String key = "k" + each;
      threads.add(
          new Thread(
              () -> {
                for (int time = 0; time < 5; time++) {
                  int number = time;
                  memory.change(state -> sent(state, key + "." + number));
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(memory().look().sent()).hasSize(40);
  }

  @Test
  void itStaysSmall() {
    State state = State.empty();
    Instant now = Instant.now();
    for (int each = 0; each < 3_000; each++) {
      state = state.with("k" + each, "team", now, State.Progress.SENT, Severity.INFO);
    }
    for (int each = 0; each < 300; each++) {
      state =
          state.with(
              new Incident(
                  "i" + each,
                  "d" + each,
                  "e",
                  now.minus(Duration.ofDays(each % 2 == 0 ? 0 : 8)),
                  "c",
                  Announcement.Type.OPERATION_FAILED,
                  Severity.ERROR,
                  "t",
                  List.of()));
    }

    State kept = state.since(now.minusSeconds(60));

    assertThat(kept.sent()).hasSize(1_000).last().extracting(State.Sent::key).isEqualTo("k2999");
    assertThat(kept.incidents()).hasSize(100);
    assertThat(kept.since(now.plusSeconds(1)).sent()).isEmpty();
  }
}
