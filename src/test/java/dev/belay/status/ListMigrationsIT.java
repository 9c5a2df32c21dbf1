package dev.belay.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ListMigrationsIT {
  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private final ListMigrations listMigrations = new ListMigrations(databases);
  private Target target = TestServer.admin();
  private Path here = Path.of("");
  private Clinic clinic = new Clinic(target, here);

  @BeforeEach
  void create(@TempDir Path temporary) {
    target = TestServer.fresh("list");
    here = temporary;
    clinic = new Clinic(target, here);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void showsStateTimeUserAndWhereTheUndoScriptIs() throws IOException {
    clinic.migrate();
    clinic.write("migration/V4__drop_notes.sql", "alter table drugs drop notes;");
    ListMigrationsReport report = listMigrations.run(clinic.settings(), Optional.empty(), here);

    List<String> lines = report.lines();
    assertThat(lines.get(0)).isEqualTo("Migrations in " + target);
    assertThat(lines.get(2))
        .isEqualTo(
            "medications (schema %s, history %s.flyway_schema_history, at version 3):"
                .formatted(Clinic.SCHEMA, Clinic.SCHEMA));
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    "  \\[✓] +V1__initial +success +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +by "
                        + target.user()
                        + " +[\\d.]+ m?s +undo: db/undo/U1__initial.sql"))
        .anyMatch(line -> line.matches("  \\[✓] +R__views +success .*s"))
        .anyMatch(line -> line.matches("  \\[ ] +V4__drop_notes +pending +undo: none"));
    assertThat(lines.get(lines.size() - 1)).contains("[✓] applied").contains("UTC");
    assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void showsWhatIsFailedMissingChangedHeldAndDeleted() throws IOException {
    clinic.migrate();
    Files.delete(here.resolve("db/migration/V2__names.sql"));
    clinic.write("migration/V1__initial.sql", "create table drugs (id bigint);");
    TableName history = new TableName(Clinic.SCHEMA, "flyway_schema_history");
    try (Database database = databases.open(target)) {
      String row =
          "insert into "
              + history
              + " values (?, ?, ?, ?, 'x.sql', null, 'ops', '2026-01-02', 0, ?)";
      database.execute(row, 90, "3", "notes", "UNDO_SCRIPT", true);
      database.execute(row, 91, "2.5", "broken\u001b[31m", "SQL", false);
    }

    List<String> lines = listMigrations.run(clinic.settings(), Optional.empty(), here).lines();

    assertThat(lines)
        .anyMatch(line -> line.matches("  \\[✓] +V1__initial +success, checksum differs .*"))
        .anyMatch(line -> line.matches("  \\[\\?] +V2__names +missing .*"))
        .anyMatch(
            line -> line.matches("  \\[-] +V3__notes +held +2026-01-02 00:00 +by ops +undo.*"))
        .anyMatch(line -> line.matches("  \\[!] +x +failed, missing .*"))
        .anyMatch(line -> line.endsWith("at version 2):"));
    assertThat(String.join("", lines)).doesNotContain("\u001b");
  }

  @Test
  void worksWithoutAHistory() throws IOException {
    clinic.write("migration/V1__initial.sql", "create table drugs (id integer);");

    ListMigrationsReport report = listMigrations.run(clinic.settings(), Optional.empty(), here);

    assertThat(report.lines().get(2)).endsWith("which is not there):");
    assertThat(report.apps().get(0).migrations().get(0).state().word()).isEqualTo("pending");
  }

  @Test
  void readsAHistoryThatFlywayOssCannot() throws IOException {
    clinic.migrate();
    try (Database database = databases.open(target)) {
      database.execute(
          "insert into "
              + new TableName(Clinic.SCHEMA, "flyway_schema_history")
              + " values (77, '3', 'notes', 'UNDO_SQL', 'U3.sql', 5, 'ops', '2026-01-02', 3, true)");
    }

    assertThat(listMigrations.run(clinic.settings(), Optional.of("medications"), here).lines())
        .anyMatch(line -> line.matches("  \\[-] +V3__notes +undone +2026-01-02 00:00 +by ops .*"))
        .anyMatch(line -> line.matches("  \\[ ] +V3__notes +pending .*"));
  }

  @Test
  void hasEveryFieldInJson() throws IOException {
    clinic.migrate();
    ListMigrationsReport report = listMigrations.run(clinic.settings(), Optional.empty(), here);

    JsonNode app = Json.MAPPER.readTree(Json.pretty(report)).get("apps").get(0);

    assertThat(app.propertyNames())
        .containsExactly(
            "app",
            "schemas",
            "historySchema",
            "historyTable",
            "historyPresent",
            "currentVersion",
            "migrations",
            "problems");
    JsonNode first = app.get("migrations").get(1);
    assertThat(first.propertyNames())
        .containsExactly(
            "name",
            "version",
            "description",
            "type",
            "state",
            "flywayState",
            "installedRank",
            "installedOn",
            "installedBy",
            "executionMillis",
            "appliedChecksum",
            "script",
            "file",
            "fileChecksum",
            "undoFile",
            "undoLocation",
            "undoStored",
            "takenBackOn",
            "takenBackBy",
            "record",
            "differences");
    assertThat(first.get("name").stringValue()).isEqualTo("V1__initial");
    assertThat(first.get("undoFile").stringValue()).isEqualTo("db/undo/U1__initial.sql");
    assertThat(first.get("installedOn").stringValue()).matches("\\d{4}-.*T.*Z");
  }

  @Test
  void namesTheAppsThatThereAre() {
    assertThatThrownBy(
            () -> listMigrations.run(clinic.settings(), Optional.of("medicatoins"), here))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.hint()).contains("medications");
            });
  }

  @Test
  void saysWhichFolderIsNotThere() {
    AppSettings app =
        new AppSettings(
            "other",
            List.of("public"),
            List.of(),
            List.of("classpath:db/migration", "filesystem:" + here.resolve("none")),
            List.of(),
            "public",
            "flyway_schema_history",
            Map.of(),
            Map.of());

    assertThat(listMigrations.run(clinic.settings(List.of(app)), Optional.empty(), here).lines())
        .anyMatch(line -> line.startsWith("  ! classpath:db/migration"))
        .anyMatch(line -> line.endsWith("none: the folder does not exist"));
  }
}
