package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be recorded is not done: the packaged program with a full disk under its trail. */
class AuditDiskIT {
  @TempDir private Path folder = Path.of("");
  private Ground ground = new Ground(folder, TestServer.admin());

  @BeforeEach
  void make() {
    ground = Ground.of(folder, TestServer.fresh("audit-disk"));
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  @Test
  void aFullDiskLeavesNoRollbackPointAndNothingOfOne() throws IOException {
    Files.createDirectories(folder.resolve("data_exports"));

    Cli.Result result =
        ground
            .program()
            .withMounts(
                """
                    mount -t tmpfs -o size=64k,mode=0700 tmpfs data_exports || exit 99
                    dd if=/dev/zero of=data_exports/filler bs=4k 2>/dev/null
                    belay rollback-point create --table public.orders; echo "status $?"
                    ls -A data_exports
                    belay rollback-point list; echo "status $?"
                    """);

    assertThat(result.out())
        .as(result.err())
        .containsPattern("status 1[23]\nfiller\nno rollback point in")
        .endsWith("status 0\n");
    assertThat(result.err()).contains("No space left on device", "state: the database was not");
  }

  @Test
  void aFullDiskUnderTheTrailStopsTheCommandAndLeavesTheChainWhole() throws IOException {
    Files.createDirectories(folder.resolve(".belay/journal"));

    Cli.Result result =
        ground
            .program()
            .withMounts(
                """
                    mount -t tmpfs -o size=64k,mode=0700 tmpfs .belay/journal || exit 99
                    belay export-data >/dev/null || exit 98
                    dd if=/dev/zero of=.belay/journal/filler bs=4k 2>/dev/null
                    for turn in 1 2 3 4 5 6 7 8; do
                      before=$(ls -A data_exports | wc -l)
                      belay export-data >/dev/null; status=$?
                      [ $status = 0 ] || break
                    done
                    echo "status $status"
                    echo "made $(($(ls -A data_exports | wc -l) - before))"
                    rm .belay/journal/filler
                    belay audit --verify; echo "status $?"
                    belay export-data >/dev/null; echo "status $?"
                    belay audit --verify; echo "status $?"
                    """);

    assertThat(result.out())
        .as(result.err())
        .contains("status 12\nmade 0\n", "chain: unbroken")
        .endsWith("status 0\n");
    assertThat(result.out().lines().filter("status 0"::equals)).hasSize(3);
    assertThat(result.err())
        .contains(
            "cannot be recorded in the audit trail",
            "No space left on device",
            "state: the database was not changed");
  }
}
