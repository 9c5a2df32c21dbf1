package dev.belay.conflicts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a history brings it back exactly, and nothing else does. */
@Timeout(120)
class RestoreHistoryIT {
  @TempDir private Path here = Path.of("");
  private Target target = TestServer.admin();
  private Ward ward = new Ward(target, here);
  private List<String> before = List.of();
  private Path copy = here;

  @BeforeEach
  void create() {
    target = TestServer.fresh("restored");
    ward = new Ward(target, here).migrated();
    ward.sql("alter table {history} add note jsonb default '{\"a\": \"Ü''\"}'");
    ward.sql(
        "alter table {history} add twice integer generated always as (execution_time * 2) stored");
    ward.sql("alter table {history} add number integer generated always as identity");
    ward.sql("update {history} set description = 'other' where version = '3'");
    ward.sql("update {history} set installed_on = timestamp '2024-02-29 23:59:59.123456'");
    before = ward.rows();
    ward.run(0, "--yes");
    copy = ward.files(".json").get(0);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void bringsEveryValueOfEveryRowBack() {
    assertThat(ward.rows()).isNotEqualTo(before);
    List<String> resolved = ward.rows();

    Cli.Result result = ward.run(0, "--restore-history", copy.toString(), "--yes");

    assertThat(ward.rows()).isEqualTo(before);
    assertThat(result.err()).contains("description 'notes' becomes 'other'");
    assertThat(result.out()).contains("is again as it was").contains("--restore-history");
    Path second =
        ward.files(".json").stream().filter(file -> !file.equals(copy)).findFirst().orElseThrow();
    ward.run(0, "ward", "--restore-history", second.toString(), "--yes");
    assertThat(ward.rows()).isEqualTo(resolved);
  }

  @Test
  void showsRowsThatCameAndWent() {
    ward.sql("delete from {history} where version = '2'");
    ward.write("V4__more.sql", "select 1;");
    Cli.Result result = ward.run(0, "--restore-history", copy.toString(), "--dry-run");
    assertThat(result.err()).contains("add row 2: SQL 'V2__names.sql'");
    assertThat(result.out()).contains("--dry-run");
    assertThat(ward.rows()).isNotEqualTo(before);
    ward.run(0, "--restore-history", copy.toString(), "--yes");
    assertThat(ward.rows()).isEqualTo(before);
  }

  @Test
  void refusesWhatChangedWhileItWasAsked() {
    Cli.Result result =
        ward.agreeing(
            () -> ward.sql("update {history} set installed_by = 'x' where version = '1'"),
            11,
            "--restore-history",
            copy.toString());
    assertThat(result.err()).contains("changed while the plan was shown");
    assertThat(ward.files(".json")).containsExactly(copy);
  }

  @Test
  void doesNothingWhereNothingDiffers() {
    ward.run(0, "--restore-history", copy.toString(), "--yes");
    Cli.Result result = ward.run(0, "--restore-history", copy.toString());
    assertThat(result.out()).contains("nothing was done");
  }

  @Test
  void refusesADamagedCopy() throws IOException {
    Files.writeString(copy, Files.readString(copy).replace("other", "OTHER"));
    List<String> now = ward.rows();
    assertThat(ward.run(10, "--restore-history", copy.toString(), "--yes").err())
        .contains("is damaged");
    Files.delete(copy.resolveSibling(copy.getFileName() + ".checksum"));
    assertThat(ward.run(12, "--restore-history", copy.toString(), "--yes").err())
        .contains("checksum is missing");
    assertThat(ward.run(12, "--restore-history", "nothing.json", "--yes").err())
        .contains("cannot read the copy");
    assertThat(ward.rows()).isEqualTo(now);
  }

  @Test
  void refusesACopyOfAnotherDatabase() {
    Target other = TestServer.fresh("other");
    try {
      Ward there = new Ward(other, here).migrated();
      List<String> now = there.rows();
      assertThat(there.run(11, "--restore-history", copy.toString(), "--yes").err())
          .contains("is of the database " + target.database());
      assertThat(there.rows()).isEqualTo(now);
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void refusesATableWithOtherColumns() {
    ward.sql("alter table {history} add later text");
    assertThat(ward.run(11, "--restore-history", copy.toString(), "--yes").err())
        .contains("has other columns");
  }

  @Test
  void refusesWhenTheTableIsGone() {
    ward.sql("drop table {history}");
    assertThat(ward.run(11, "--restore-history", copy.toString(), "--yes").err())
        .contains("there is no history table");
  }

  @Test
  void isAloneOnTheCommandLine() {
    assertThat(
            ward.run(2, "--restore-history", copy.toString(), "--only=align-types", "--yes").err())
        .contains("nothing else");
    assertThat(ward.run(2, "nurses", "--restore-history", copy.toString(), "--yes").err())
        .contains("nurses");
  }
}
