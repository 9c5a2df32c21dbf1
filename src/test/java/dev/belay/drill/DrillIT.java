package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.rehearse.RehearseRig;
import dev.belay.support.Cli;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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

    JsonNode report = rig.json(0, "drill", "--metrics-file", "belay.prom");

    assertThat(outcomes(report).subList(0, 4))
        .containsExactly(
            "checksums passed",
            "restore passed",
            "migrations and undo passed",
            "verification passed");
    assertThat(report.get("verdict").asString()).isEqualTo("proven");
    assertThat(report.get("apps").get(0).get("mode").asString()).isEqualTo("pending");
    assertThat(report.get("measured").get("restoreMillis").asLong()).isPositive();
    assertThat(Files.readString(folder.resolve("belay.prom")))
        .contains("belay_drill_proven{database=")
        .containsPattern("(?m)^belay_drill_proven\\{.*} 1$");
    for (JsonNode file : report.get("files")) {
      assertThat(Path.of(file.asString())).exists();
    }
    JsonNode backups = rig.json(0, "list-backups");
    assertThat(backups.toString()).containsAnyOf("\"restored\"", "\"sound\"");
    Cli.Result history = rig.cli().expect(0, "drill", "--history");
    assertThat(history.out()).contains("yes").contains("Trend: not known before four drills");
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
  }

  @Test
  void withoutABackupTheMigrationsAreTriedOnACopyOfTheLiveDatabase() {
    JsonNode report = rig.json(10, "drill");

    assertThat(outcomes(report))
        .containsExactly(
            "backup failed", "copy the live database instead passed", "migrations and undo passed");
    assertThat(findings(report)).contains("there is no backup in");
    try (Database application = rig.open()) {
      assertThat(outcomes(rig.json(10, "drill")))
          .containsExactly("backup failed", "copy the live database instead not-checked");
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
    while (System.currentTimeMillis() / 1000 == second) {
      Thread.onSpinWait();
    }
  }
}
