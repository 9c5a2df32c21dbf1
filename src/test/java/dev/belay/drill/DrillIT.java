package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.rehearse.RehearseRig;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole chain, with backups that are good, damaged, of another database, and none. */
class DrillIT {
  @TempDir Path folder;
  private RehearseRig rig;

  @BeforeEach
  void migrate() {
    rig = new RehearseRig(folder);
    rig.write("V1__initial.sql", "create table orders (id integer primary key, note text);")
        .write("V2__state.sql", "alter table orders add column state text default 'new';")
        .write("U2__state.sql", "alter table orders drop column state;")
        .migrate()
        .sql("insert into public.orders select i, 'n' || i from generate_series(1, 500) i");
  }

  @AfterEach
  void close() {
    assertThat(RehearseRig.scratch()).isEmpty();
    rig.close();
  }

  private static List<String> outcomes(JsonNode report) {
    return report
        .get("phases")
        .valueStream()
        .map(each -> each.get("name").asString() + " " + each.get("outcome").asString())
        .toList();
  }

  private static String findings(JsonNode report) {
    return report
        .get("phases")
        .valueStream()
        .map(each -> each.get("findings").toString())
        .toList()
        .toString();
  }

  /** Another byte in the largest file of the newest backup. */
  private void damageNewest() throws IOException {
    try (Stream<Path> backups = Files.list(folder.resolve("backups"))) {
      Path newest = backups.filter(Files::isDirectory).sorted().reduce((a, b) -> b).orElseThrow();
      try (Stream<Path> files = Files.walk(newest)) {
        Path file =
            files
                .filter(
                    each ->
                        each.toString().endsWith(".zst")
                            || each.toString().endsWith(".gz")
                            || each.toString().endsWith(".dat")
                            || each.toString().contains(".dat."))
                .findFirst()
                .orElseThrow();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
          bytes.seek(bytes.length() / 2);
          int old = bytes.read();
          bytes.seek(bytes.length() / 2);
          bytes.write(old ^ 0xff);
        }
      }
    }
  }

  @Test
  void provesTheChainKeepsItsReportAndItsHistory() throws IOException {
    rig.cli().expect(0, "create-backup");
    rig.write("V3__pending.sql", "create index orders_note on orders (note);")
        .write("U3__pending.sql", "drop index orders_note;");

    Path drills = Files.createDirectories(folder.resolve("migration_monitoring"));
    Files.writeString(drills.resolve("drills.jsonl"), "null\n{\"of\":\"another belay\"}\n");

    JsonNode report = rig.json(0, "drill", "--metrics-file", "belay.prom");

    assertThat(outcomes(report).subList(0, 4))
        .containsExactly(
            "checksums passed",
            "restore passed",
            "migrations and undo passed",
            "verification passed");
    assertThat(report.get("verdict").asString()).isEqualTo("proven");
    assertThat(report.get("apps").get(0).get("mode").asString()).isEqualTo("pending");
    assertThat(words(report.get("proofs")))
        .containsExactly(
            "the restore of " + report.get("backup").asString(),
            "the undo of V3__pending of app default");
    assertThat(words(report.get("untried")))
        .containsExactly("the undo of 2 older migrations of app default");
    assertThat(report.get("measured").get("restoreMillis").asLong()).isPositive();
    assertThat(Files.readString(folder.resolve("belay.prom")))
        .contains("belay_drill_proven{database=")
        .containsPattern("(?m)^belay_drill_proven\\{.*} 1$")
        .contains("belay_drill_recovery_seconds{");
    for (JsonNode file : report.get("files")) {
      assertThat(Path.of(file.asString())).exists();
    }
    JsonNode backups = rig.json(0, "list-backups");
    assertThat(backups.toString()).containsAnyOf("\"restored\"", "\"sound\"");
    Cli.Result history = rig.cli().expect(0, "drill", "--history");
    assertThat(history.out()).contains("yes").contains("Trend: not known before four drills");
    assertThat(Files.readAllLines(drills.resolve("drills.jsonl")))
        .startsWith("null", "{\"of\":\"another belay\"}")
        .hasSize(3);
  }

  @Test
  void aDamagedBackupIsAFindingAndTheOneBeforeItIsProvenInstead() throws IOException {
    rig.cli().expect(0, "create-backup");
    rig.sql("insert into public.orders select i, 'm' || i from generate_series(501, 600) i");
    awaitAnotherSecond();
    rig.cli().expect(0, "create-backup");
    damageNewest();

    JsonNode report = rig.json(10, "drill");

    assertThat(outcomes(report).subList(0, 4))
        .containsExactly(
            "checksums failed", "checksums passed", "restore passed", "migrations and undo passed");
    assertThat(report.get("apps").get(0).get("mode").asString()).isEqualTo("applied");
    assertThat(report.get("verdict").asString()).isEqualTo("not-proven");
    assertThat(words(report.get("untried")))
        .containsExactly("the undo of 1 older migration of app default");
  }

  @Test
  void backupsOfAnotherServerAndOfTheDamageAndWrecksHideNoGoodOne() throws IOException {
    String good = backup();
    String elsewhere = backup();
    change(elsewhere, "(\"systemIdentifier\"\\s*:\\s*\")\\d+\"", "$17000000000000000001\"");
    String damage = backup("--description", "emergency-recovery: of an incident");
    for (int number = 1; number <= 3; number++) {
      Files.createDirectory(folder.resolve("backups/wreck_29990101_00000" + number));
    }

    JsonNode report = rig.json(10, "drill", "--no-amcheck");

    assertThat(outcomes(report))
        .containsExactly(
            "backup failed",
            "backup failed",
            "backup failed",
            "checksums passed",
            "restore passed",
            "migrations and undo passed",
            "verification passed");
    assertThat(report.get("backup").asString()).isEqualTo(good);
    assertThat(words(report.get("notes")))
        .anyMatch(note -> note.contains("1 backup is of a database of the same name on another"))
        .anyMatch(note -> note.contains("1 backup was made of the database in trouble"));
    assertThat(levels())
        .contains(good + " restored", elsewhere + " readable", damage + " readable");

    JsonNode other =
        rig.json(10, "drill", "--backup", elsewhere, "--set", "environment=production");
    assertThat(outcomes(other))
        .containsExactly("backup failed", "copy the live database instead not-checked");
    assertThat(findings(other))
        .contains("it is of a database of the same name on another server")
        .contains("--from-live");
    JsonNode asked =
        rig.json(
            10, "drill", "--backup", elsewhere, "--set", "environment=production", "--from-live");
    assertThat(outcomes(asked)).contains("copy the live database instead passed");

    JsonNode newest = rig.json(0, "rehearse", "--applied", "1", "--from-backup");
    assertThat(newest.get("origin").get("backup").asString()).isEqualTo(good);
    JsonNode named = rig.json(0, "rehearse", "--applied", "1", "--from-backup", elsewhere);
    assertThat(words(named.get("notes")))
        .contains(
            "the backup %s is of a database of the same name on another server: what is proven is proven of that one"
                .formatted(elsewhere));
  }

  @Test
  void aRestoreOfWhichTheRowsWereOnlyCountedProvesNothing() throws IOException {
    String id = backup();
    change(id, "(\"probe\"\\s*:\\s*\")", "$1of another version: ");

    JsonNode report = rig.json(12, "drill");

    assertThat(outcomes(report).subList(0, 4))
        .containsExactly(
            "checksums passed",
            "restore not-checked",
            "migrations and undo passed",
            "verification not-checked");
    assertThat(report.get("verdict").asString()).isEqualTo("incomplete");
    assertThat(words(report.get("proofs"))).containsExactly("the undo of V2__state of app default");
    assertThat(levels()).containsExactly(id + " readable");
  }

  @Test
  void aBackupThatItsServerWouldRefuseIsAFindingAndTheOneBeforeItIsTried() {
    String before = backup();
    String role = "belay_drill_" + ProcessHandle.current().pid();
    rig.sql("create role " + role, "grant select on public.orders to " + role);
    String after;
    try {
      after = backup();
    } finally {
      rig.sql("drop owned by " + role, "drop role " + role);
    }

    JsonNode report = rig.json(10, "drill", "--no-amcheck");

    assertThat(outcomes(report).subList(0, 4))
        .containsExactly(
            "checksums passed", "restore failed", "checksums passed", "restore passed");
    assertThat(findings(report)).contains("the role " + role + " is missing on the server");
    assertThat(report.get("backup").asString()).isEqualTo(before);
    assertThat(levels()).containsExactly(after + " readable", before + " restored");
  }

  @Test
  void withRoomForARestoreAndNotForMigrationsTheRestoreIsProven() {
    rig.sql(
        "insert into public.orders select i, repeat('n', 100) from generate_series(501, 40000) i");
    String id = backup();
    long room;
    try (Database live = rig.open()) {
      room = live.number("select pg_database_size(current_database()) * 5 / 4 / 1000000 + 1");
    }
    // A name by which nobody takes the server's disks for this machine's.
    Cli cli = rig.cli().with("PGHOST", "LOCALHOST");

    Cli.Result result =
        cli.expect(12, "drill", "--no-amcheck", "--set", "scratch.room=" + room + "MB");

    assertThat(result.err())
        .contains("a migration that writes its largest table anew may need")
        .doesNotContain("copy the live database instead");
    assertThat(result.out()).contains("the restore of " + id);
    assertThat(levels()).containsExactly(id + " restored");
  }

  /** Makes one, and gives its id. */
  private String backup(String... options) {
    String[] arguments =
        Stream.concat(Stream.of("create-backup"), Stream.of(options)).toArray(String[]::new);
    return rig.json(0, arguments).get("id").asString();
  }

  /** Another manifest, with a checksum that fits. */
  private void change(String backup, String pattern, String by) throws IOException {
    Path manifest = folder.resolve("backups").resolve(backup).resolve("manifest.json");
    String was = Files.readString(manifest);
    String text = was.replaceFirst(pattern, by);
    assertThat(text).isNotEqualTo(was);
    Files.writeString(manifest, text);
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      Files.writeString(
          manifest.resolveSibling("manifest.json.sha256"),
          HexFormat.of().formatHex(sum) + "  manifest.json\n");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /** How far each backup is proven. */
  private List<String> levels() {
    return rig.json(0, "list-backups")
        .get("backups")
        .valueStream()
        .filter(each -> each.hasNonNull("level"))
        .map(each -> each.get("id").asString() + " " + each.get("level").asString())
        .toList();
  }

  private static List<String> words(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  @Test
  void withoutABackupTheMigrationsAreTriedOnACopyOfTheLiveDatabase() throws IOException {
    JsonNode report = rig.json(10, "drill", "--metrics-file", "belay.prom");

    assertThat(Files.readString(folder.resolve("belay.prom")))
        .contains("belay_drill_findings{")
        .doesNotContain("belay_drill_recovery_seconds", "belay_drill_database_bytes");
    assertThat(outcomes(report))
        .containsExactly(
            "backup failed", "copy the live database instead passed", "migrations and undo passed");
    assertThat(findings(report)).contains("there is no backup in");
    Path history = folder.resolve("migration_monitoring/drills.jsonl");
    Files.delete(history);
    Files.createSymbolicLink(history, folder.resolve("elsewhere"));
    try (Database application = rig.open()) {
      JsonNode busy = rig.json(10, "drill");
      assertThat(outcomes(busy))
          .containsExactly("backup failed", "copy the live database instead not-checked");
      assertThat(words(busy.get("notes")))
          .anyMatch(note -> note.startsWith("the history was not written"));
      assertThat(busy.get("files")).hasSize(2);
      assertThat(application.number("select count(*) from public.orders")).isEqualTo(500);
    }
  }

  @Test
  void aBackupOfAnotherDatabaseAndAnUndoThatLosesRowsAreSaid() {
    rig.cli().expect(0, "create-backup");
    String id = rig.json(0, "list-backups").get("backups").get(0).get("id").asString();
    try (RehearseRig other = new RehearseRig(folder)) {
      other.migrate();
      JsonNode report = other.json(10, "drill", "--backup", id);
      assertThat(findings(report)).contains("it is of rehearse");
    }
    rig.write("V3__drop.sql", "alter table orders drop column note;")
        .write("U3__drop.sql", "alter table orders add column note text;");

    JsonNode report = rig.json(10, "drill");

    assertThat(findings(report))
        .contains("V3__drop: loses rows: public.orders: 500 rows have other values");
  }

  /** Backups are named by the second. */
  private static void awaitAnotherSecond() {
    long second = System.currentTimeMillis() / 1000;
    Await.until("another second", () -> System.currentTimeMillis() / 1000 > second);
  }
}
