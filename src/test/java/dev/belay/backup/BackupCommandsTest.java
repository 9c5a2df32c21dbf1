package dev.belay.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.archive.Backups;
import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands around backups, as far as they need neither a server nor a program. */
@Timeout(60)
class BackupCommandsTest {
  private final Path here;
  private final Cli cli;
  private final Backups backups;

  BackupCommandsTest(@TempDir Path here) {
    this.here = here;
    this.cli = new Cli(here);
    this.backups = new Backups(here.resolve("backups"));
  }

  /** Validates in that folder, for a test that makes it read-only. */
  public static void main(String[] arguments) {
    Cli.Result result =
        new Cli(Path.of(arguments[0]))
            .run(
                "validate-backup",
                Path.of(arguments[0], "backups", arguments[1]).toString(),
                "--level",
                "checksummed",
                "--log-file",
                arguments[2]);
    System.out.println(result.status() + "\n" + result.out() + result.err());
  }

  private String validatedOnReadOnlyDisk(StoredBackup backup) {
    String java =
        String.join(
            " ",
            Programs.java(
                BackupCommandsTest.class.getName(),
                here.toString(),
                backup.id(),
                here.resolve("read-only.log").toString()));
    String script = "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s && exec %2$s";
    return Programs.run(
            "unshare", "-rm", "sh", "-c", script.formatted(here.resolve("backups"), java))
        .out();
  }

  @Test
  void aBackupOnAReadOnlyDiskCanBeCheckedAndItsDamageIsStillFound() throws IOException {
    StoredBackup backup = backups.take(Backups.NOON);
    assertThat(validatedOnReadOnlyDisk(backup))
        .startsWith("0\nok    orders_20240301_120000: proven checksummed")
        .contains("what was proven was not written down");

    backup.proven(Proof.of(Level.READABLE, Backups.NOON));
    Files.writeString(backup.folder().resolve("dump/toc.dat"), "?");
    assertThat(validatedOnReadOnlyDisk(backup))
        .startsWith("10\nBAD ")
        .contains("the file dump/toc.dat has 1 bytes instead of")
        .contains("that it is bad could not be written down");
  }

  /** Two whole ones, a partial one of another database, and a broken one. */
  private void four() throws IOException {
    backups
        .migrated("V1__initial.sql", "V18__remove_x.sql")
        .pinned(true)
        .take(Backups.NOON)
        .proven(
            new Proof(
                Level.RESTORED,
                Backups.NOON.plusSeconds(60),
                Optional.of(4200L),
                Optional.of(310L),
                Optional.of("15.18"),
                Optional.of(2)));
    backups.migrated().pinned(false).take(Backups.NOON.plusSeconds(1));
    backups.of("x \"; drop table y").only("public.a*").take(Backups.NOON.plusSeconds(2));
    StoredBackup broken = backups.of("orders").only().take(Backups.NOON.plusSeconds(3));
    Files.delete(broken.folder().resolve("dump/toc.dat"));
  }

  /** Ages are of now, and so are times of a run; the folder is of this test. */
  private String steady(String text) {
    return text.replace(here.toString(), "<here>")
        .replaceAll("\\d+ d \\d+ h( old)?", "<age>$1")
        .replaceAll("\\d+ B", "<size>")
        .replaceAll("\"(ageMillis|durationMillis|totalBytes)\": \\d+", "\"$1\": 0")
        .replaceAll("\"startedAt\": \"[^\"]*\"", "\"startedAt\": \"\"");
  }

  private void assertGolden(String name, String text) throws IOException {
    Path golden = Path.of("src/test/resources/dev/belay/backup").resolve(name);
    String actual = steady(text);
    if (name.endsWith(".txt")) {
      // The width of a column depends on the age, and on the length of this process's id.
      actual = actual.replaceAll("(?<=\\S) {2,}", "  ");
    }
    if (System.getProperty("belay.golden") != null) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualToNormalizingNewlines(Files.readString(golden));
  }

  @Test
  void listsWithoutAnyServer() throws IOException {
    four();
    Cli.Result text = cli.expect(0, "list-backups");
    assertThat(text.err()).isEmpty();
    assertGolden("list-backups.txt", text.out());
    assertGolden("list-backups.json", cli.expect(0, "list-backups", "--output", "json").out());
  }

  @Test
  void listsNothingWhereNothingIsAndMakesNothing() throws IOException {
    assertThat(cli.expect(0, "list-backups").out())
        .isEqualTo(
            "There is no backup in %s; make one with: belay create-backup\n"
                .formatted(here.resolve("backups")));
    assertThat(here.resolve("backups")).doesNotExist();
  }

  @Test
  void listsWhatIsUnfinished() throws IOException {
    Path left = Files.createDirectories(here.resolve("backups/.x_20240301_120000.abc.partial"));
    Files.writeString(
        left.resolve("run.json"),
        """
        {"journal":1,"run":"0123456789ab","command":"create-backup","target":"x","host":"%s",
         "pid":%d,"processStartedMillis":1,"user":"anna","at":"2024-03-01T12:00:00Z"}
        """
            .formatted(
                Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(),
                ProcessHandle.current().pid()));

    assertThat(cli.expect(0, "list-backups").out())
        .contains("unfinished: left unfinished by anna@")
        .contains("removed by the next belay create-backup: .x_20240301_120000.abc.partial");
    assertThat(left).exists();
  }

  @Test
  void validatesEveryOneAndSaysWhatIsBad() throws IOException {
    four();
    Cli.Result text = cli.expect(10, "validate-backup", "all", "--level", "checksummed");
    assertGolden("validate-backup.txt", text.out());
    assertGolden(
        "validate-backup.json",
        cli.expect(10, "validate-backup", "all", "--level", "checksummed", "--output", "json")
            .out());
    cli.expect(0, "validate-backup", "latest", "--level", "checksummed");
  }

  @Test
  void damageVoidsWhatWasProvenAndAnotherCheckProvesItAgain() throws IOException {
    StoredBackup backup = backups.take(Backups.NOON);
    Path data = backup.folder().resolve("dump/3001.dat.gz");
    byte[] good = Files.readAllBytes(data);
    backup.proven(Proof.of(Level.READABLE, Backups.NOON));
    assertThat(level()).isEqualTo("readable");

    byte[] bad = good.clone();
    bad[3] ^= 4;
    Files.write(data, bad);
    Cli.Result found = cli.expect(10, "validate-backup", "--level", "checksummed");
    assertThat(found.out())
        .contains("BAD   orders_20240301_120000: proven only listed")
        .contains("the file dump/3001.dat.gz is damaged: its SHA-256 is another");
    assertThat(level()).isEqualTo("listed");

    Files.write(data, good);
    cli.expect(0, "validate-backup", "--level", "checksummed");
    assertThat(level()).isEqualTo("checksummed");
  }

  private String level() {
    JsonNode answer = Json.MAPPER.readTree(cli.expect(0, "list-backups", "--output", "json").out());
    return answer.get("result").get("backups").get(0).get("level").stringValue();
  }

  @Test
  void damagedProofsAreFoundAndWrittenAnewSoThatTheBackupCanBeUsedAgain() throws IOException {
    StoredBackup backup = backups.take(Backups.NOON);
    Files.writeString(backup.folder().resolve("proofs.jsonl"), "?");
    assertThat(cli.expect(0, "list-backups").out())
        .contains("broken: the file proofs.jsonl is damaged");

    Cli.Result found = cli.expect(10, "validate-backup", backup.id(), "--level", "checksummed");

    assertThat(found.out()).contains("the file proofs.jsonl is damaged");
    assertThat(found.err()).contains("is forgotten, and it counts as pinned from now on");
    cli.expect(0, "validate-backup", backup.id(), "--level", "checksummed");
    assertThat(cli.expect(0, "list-backups").out()).contains("complete, pinned");
  }

  @Test
  void aManifestOfALaterBelayIsShownAndNothingIsGuessed() throws IOException {
    StoredBackup backup = backups.take(Backups.NOON);
    String text = "{\"manifest\":2}\n";
    Backups.seal(backup.folder(), text);

    String words = "its manifest is of form 2, and this belay reads up to 1";
    assertThat(cli.expect(0, "list-backups").out()).contains("broken: " + words);
    assertThat(cli.expect(10, "validate-backup", backup.id()).out()).contains(words);
    assertThat(cli.expect(12, "validate-backup", "latest").err())
        .contains("there is no whole backup");
    cli.expect(0, "cleanup-backups", "--keep-days", "0", "--broken", "--yes");
    assertThat(backup.folder()).exists();
  }

  @Test
  void aNameThatIsNoneIsSaid() {
    backups.take(Backups.NOON);
    for (String name : new String[] {"nothing", "", "a\"; drop table x", "orders_2024"}) {
      Cli.Result result = cli.expect(12, "validate-backup", name);
      assertThat(result.err())
          .contains("error: there is no backup '" + name + "'")
          .contains("hint: see which there are: belay list-backups");
      assertThat(result.err().lines()).hasSize(3);
    }
  }

  @Test
  void cleansUpOnlyInWordsUnlessToldOtherwise() throws IOException {
    four();
    Cli.Result text = cli.expect(0, "cleanup-backups", "--keep-min", "1");
    assertGolden("cleanup-backups.txt", text.out());
    assertGolden(
        "cleanup-backups.json",
        cli.expect(0, "cleanup-backups", "--keep-min", "1", "--output", "json").out());
    cli.expect(0, "cleanup-backups", "--keep-min", "1", "--yes", "--dry-run");
    assertThat(here.resolve("backups"))
        .isDirectoryContaining(path -> path.endsWith("orders_20240301_120003"));
  }

  @Test
  void deletesWhatNothingSpeaksForAndNothingElse() {
    for (int day = 0; day < 6; day++) {
      backups.take(Backups.NOON.plus(Duration.ofDays(day)));
    }
    StoredBackup young = backups.take(Instant.now());

    Cli.Result result = cli.expect(0, "cleanup-backups", "--keep-min", "2", "--yes");

    assertThat(result.out()).contains("5 backups deleted");
    assertThat(here.resolve("backups"))
        .isDirectoryContaining(path -> path.endsWith(young.id()))
        .isDirectoryContaining(path -> path.endsWith("orders_20240306_120000"))
        .isDirectoryNotContaining(path -> path.endsWith("orders_20240305_120000"));
    assertThat(cli.expect(0, "cleanup-backups", "--keep-min", "2", "--yes").out())
        .contains("0 backups deleted");
  }

  @Test
  void aSeriesNeverStandsForAnother() {
    StoredBackup whole = backups.take(Backups.NOON);
    StoredBackup ofOther = backups.of("other").take(Backups.NOON.plusSeconds(10));
    StoredBackup partial = backups.only("public.a").take(Backups.NOON.plusSeconds(20));
    StoredBackup otherPart = backups.only("public.b").take(Backups.NOON.plusSeconds(30));
    StoredBackup elsewhere = backups.only().server("8").take(Backups.NOON.plusSeconds(40));

    cli.expect(0, "cleanup-backups", "--keep-days", "0", "--keep-min", "1", "--yes");

    for (StoredBackup each : new StoredBackup[] {whole, ofOther, partial, otherPart, elsewhere}) {
      assertThat(each.folder()).isDirectory();
    }
  }

  @Test
  void withoutAServerTheNewestBackupSaysWhichWayBackIsNeeded() {
    StoredBackup before = backups.migrated("V1__a.sql").take(Backups.NOON);
    backups.migrated("V1__a.sql", "V2__b.sql");
    StoredBackup between = backups.take(Backups.NOON.plusSeconds(10));
    backups.take(Backups.NOON.plusSeconds(20));

    Cli.Result result = cli.expect(0, "cleanup-backups", "--keep-min", "1", "--yes");

    assertThat(result.err()).contains("no database is configured, so the newest backups tell");
    assertThat(result.out())
        .contains("the way back from V2__b.sql of the app default, which has no undo script");
    assertThat(before.folder()).exists();
    assertThat(between.folder()).doesNotExist();
  }

  @Test
  void withTheServerDownTheUndoScriptsAreStillLookedFor() throws IOException {
    StoredBackup before = backups.migrated("V1__a.sql").take(Backups.NOON);
    backups.migrated("V1__a.sql", "V2__b.sql");
    backups.take(Backups.NOON.plusSeconds(10));
    backups.take(Backups.NOON.plusSeconds(20));
    Files.createDirectories(here.resolve("db/undo"));
    Files.createDirectories(here.resolve("db/migration"));
    Files.writeString(here.resolve("db/undo/U2__b.sql"), "select 1;");
    Files.writeString(
        here.resolve("belay.yaml"),
        """
        apps:
          default:
            locations: [db/migration]
            undoLocations: [db/undo]
        """);

    Cli.Result result =
        cli.with("PGHOST", "localhost")
            .with("PGPORT", "1")
            .with("PGDATABASE", "orders")
            .with("PGUSER", "nobody")
            .expect(0, "cleanup-backups", "--keep-min", "1", "--yes");

    assertThat(result.err())
        .contains("the newest backup tells the migrations, since: cannot connect");
    assertThat(before.folder()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cleanup-backups --keep-min 0 | keep at least 1 backup",
        "cleanup-backups --keep-min -1 | keep at least 1 backup",
        "cleanup-backups --keep-days -1 | keep at least 1 backup",
        "cleanup-backups --keep-days many | --keep-days",
        "validate-backup --level perfect | there is no level 'perfect'",
        "validate-backup --jobs 0 | --jobs is 0",
        "validate-backup a b | takes no argument 'b'",
        "create-backup --level perfect | use one of: listed, checksummed, readable, restored, sound",
        "create-backup --compress lzma | lzma",
        "create-backup --compress gzip:10 | gzip:10",
        "create-backup --jobs 0 | --jobs is 0",
        "create-backup --encrypt-to age1nonsense | age1nonsense",
        "create-backup --app nobody | there is no app 'nobody'",
        "create-backup --app default --table x | --app and --table are given together",
        "create-backup --table x --level restored | a partial backup cannot be proven restored",
        "create-backup --stall-timeout soon | 'soon' is not a duration",
        "create-backup --wait soon | 'soon' is not a duration",
        "create-backup | no database is configured"
      })
  void aCommandLineThatIsWrongIsTwoAndDoesNothing(String line, String words) throws IOException {
    Cli.Result result = cli.expect(2, line.strip().split(" "));

    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(words);
    assertThat(result.err().lines()).hasSize(3);
    assertThat(here.resolve("backups")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create-backup", "list-backups", "validate-backup", "cleanup-backups"})
  void everyCommandShowsExamples(String command) {
    assertThat(cli.expect(0, command, "--help").out())
        .contains("Examples:")
        .contains("  belay " + command);
  }
}
