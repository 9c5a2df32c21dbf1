package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged program with full disks, killed, and on a server whose settings are found fault
 * with.
 */
class EmergencyFaultsIT {
  @TempDir Path here;
  private Ward ward;

  @BeforeEach
  void make() {
    ward = new Ward(TestServer.fresh("emergency-fault"), here).migrated();
    ward.sql("insert into " + Ward.BEDS + " (id, name) values (500, 'by hand')");
  }

  @AfterEach
  void drop() {
    TestServer.drop(ward.target);
  }

  private Program program() {
    return new Program(here).on(ward.target);
  }

  private Cli.Result withFullDisk(String folder) throws IOException {
    Files.createDirectories(here.resolve(folder));
    return program()
        .withMounts(
            """
                mount -t tmpfs -o size=64k,mode=0700 tmpfs %1$s || exit 99
                dd if=/dev/zero of=%1$s/filler bs=4k 2>/dev/null
                belay emergency-recovery --yes --output json; echo "status $?" >&2
                ls -A %1$s >&2
                """
                .formatted(folder));
  }

  @Test
  void aFullDiskForTheBackupStopsNoOtherStepAndNothingIsDeleted() throws IOException {
    Cli.Result result = withFullDisk("backups");

    assertThat(result.err()).contains("status 20", "filler");
    assertThat(Ward.status(result, "emergency-backup")).isEqualTo("not done");
    assertThat(Ward.step(result, "emergency-backup").get("hint").asString()).isNotEmpty();
    assertThat(Ward.status(result, "critical-export")).isEqualTo("done");
    assertThat(Ward.status(result, "schema")).isEqualTo("done");
    assertThat(Ward.fixes(result)).containsExactly("sequence-behind fixed");
    assertThat(ward.files("data_exports")).hasSize(2);
  }

  @Test
  void whatCannotBeWrittenDownIsNotFixed() throws IOException {
    Cli.Result result = withFullDisk(".belay/journal");

    assertThat(result.err()).contains("status 10", "so nothing will be fixed");
    assertThat(Ward.fixes(result)).containsExactly("sequence-behind left");
    assertThat(Ward.status(result, "schema")).isEqualTo("done");
    assertThat(result.out()).contains("\"databaseChanged\": false");
  }

  @Test
  void aDatabaseThatADeadSwapClosedIsOpenedThoughTheJournalCannotBeWritten() {
    program().run("create-backup", "--level", "readable");
    String backup = ward.files("backups").get(0);
    program().killedAt("swap-closed", "backup-restore", backup, "--yes");

    Cli.Result result =
        program()
            .withMounts(
                """
                    cp -r .belay/journal journals
                    mount -t tmpfs -o size=512k,mode=0700 tmpfs .belay/journal || exit 99
                    cp -r journals/. .belay/journal
                    dd if=/dev/zero of=.belay/journal/filler bs=4k 2>/dev/null
                    belay emergency-recovery --yes --no-backup --no-export --output json
                    echo "status $?" >&2
                    """);

    assertThat(result.err()).contains("status 20", "so nothing will be fixed");
    assertThat(Ward.answer(result).get("recovered").toString())
        .contains("accepts connections again");
    assertThat(Ward.status(result, "state")).isNotEqualTo("not done");
    assertThat(ward.number("select count(*) from " + Ward.BEDS)).isEqualTo(101);
  }

  @Test
  void withLittleRoomTheTablesThatFitAreExportedAndTheOthersNamed() {
    ward.sql(
        "create table public.large as select g, repeat('x', 500) as text from generate_series(1, 4000) g");

    Cli.Result result =
        program()
            .withMounts(
                """
                    mkdir data_exports
                    mount -t tmpfs -o size=4m,mode=0700 tmpfs data_exports || exit 99
                    belay emergency-recovery --yes --no-backup --no-fix --output json
                    ls data_exports >&2
                    """);

    assertThat(Ward.status(result, "critical-export")).isEqualTo("not done");
    assertThat(Ward.step(result, "critical-export").get("summary").asString())
        .startsWith("101 rows of 1 table in ")
        .contains("there was no room for public.large");
    assertThat(result.err()).contains(".json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"emergency-fixing", "emergency-fixed"})
  void theRunAfterAKilledOneSaysSoAndFixesWhatIsLeft(String moment) {
    program().killedAt(moment, "emergency-recovery", "--yes", "--no-backup", "--no-export");

    Cli.Result next =
        program()
            .run("emergency-recovery", "--yes", "--no-backup", "--no-export", "--output", "json");

    assertThat(next.err())
        .contains(
            "(emergency-recovery of ",
            "was killed at the step 'fix'; it is looked at anew by: belay emergency-recovery");
    assertThat(Ward.answer(next).get("fromDisk").get("unfinished").toString())
        .contains("was killed at the step 'fix'");
    assertThat(Ward.fixes(next))
        .isEqualTo(
            moment.equals("emergency-fixing") ? List.of("sequence-behind fixed") : List.of());
    assertThat(next.status()).isIn(10, 20);
    ward.sql("insert into " + Ward.BEDS + " (name) values ('next')");
    assertThat(ward.number("select max(id) from " + Ward.BEDS)).isEqualTo(501);
  }
}
