package dev.belay.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.catalogue.NamePattern;
import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Folders;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ValidateSchemaIT {
  private static final String SCHEMA = "med \"Ü\"; --";

  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private Target live = TestServer.admin();
  private Path here = Path.of("");

  @BeforeEach
  void migrate(@TempDir Path temporary) throws IOException {
    here = temporary;
    live = TestServer.fresh("live");
    write("V1__initial.sql", "create table drugs (id integer primary key, name text);");
    write("V2__view.sql", "create view names as select name from drugs;");
    write("V3__other.sql", "create schema audit; create table audit.log (id serial, what text);");
    RealFlyway.of(live, app(List.of()), true).migrate();
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  @Test
  void aSchemaThatIsAsItWasMigratedHasNoDifference() {
    ValidateSchemaReport report = run(request(Optional.empty(), false));

    assertThat(report.apps().get(0).isAsExpected()).as("%s", report.lines()).isTrue();
    assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report.lines()).contains("  as the applied migrations give it");
    assertThat(report.apps().get(0).schemas()).containsExactly("audit", SCHEMA);
    assertThat(report.apps().get(0).notes()).isEmpty();
  }

  @Test
  void driftIsFoundInEveryGroup() {
    sql("alter table %s.drugs alter column name set not null");
    sql("drop view %s.names");
    sql("create table audit.rest (id integer)");
    sql("create schema nobodys");
    ValidateSchemaReport report = run(request(Optional.empty(), true));

    assertThat(report.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(report.lines())
        .contains(
            "  missing    view " + SCHEMA + ".names",
            "  orphaned   table audit.rest",
            "  different  column " + SCHEMA + ".drugs.name",
            "             not null:",
            "               expected: none",
            "               is:       true",
            "1 missing, 1 orphaned, 1 different")
        .contains("-- DROP TABLE \"audit\".\"rest\";")
        .contains("  note: left out, since no app has them among its schemas: nobodys");
  }

  @Test
  void theScriptIsWrittenForItsOwnerAloneAndAligns() throws IOException {
    sql("alter table %s.drugs alter column name set not null");
    sql("drop view %s.names");
    Path file = here.resolve("align.sql");
    ValidateSchemaReport report = run(request(Optional.of(file), false));

    assertThat(report.sqlFile()).contains(file.toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (String statement : Files.readString(file).split(";\n", -1)) {
      try (Database session = databases.open(live)) {
        if (!statement.isBlank()) {
          session.execute(statement);
        }
      }
    }
    assertThat(run(request(Optional.empty(), false)).exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void whatIsConfiguredIsPassedOver() {
    sql("create table audit.rest (id integer)");
    sql("create table audit.more (id integer)");

    assertThat(
            run(app(List.of("table:audit.rest", "audit.mor?")), request(Optional.empty(), false)))
        .extracting(ValidateSchemaReport::exitCode)
        .isEqualTo(ExitCode.OK);
    assertThat(run(request(Optional.empty(), false)).orphanedCount()).isEqualTo(2);
  }

  @Test
  void anotherRoleThatMigratesIsNoDifference() {
    String role = "migrator_" + ProcessHandle.current().pid();
    sql("create role " + role);
    try {
      sql("alter table %s.drugs owner to " + role);
      assertThat(run(request(Optional.empty(), false)).differentCount()).isEqualTo(1);
      for (String object :
          List.of(
              "table %s.flyway_schema_history",
              "schema %s", "view %s.names", "schema audit", "table audit.log")) {
        sql("alter " + object + " owner to " + role);
      }
      assertThat(run(request(Optional.empty(), false)).exitCode()).isEqualTo(ExitCode.OK);
    } finally {
      sql("reassign owned by " + role + " to current_user");
      sql("drop role " + role);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedBeforeTheWork() {
    assertThatThrownBy(() -> run(request(Optional.of(here.resolve("none/align.sql")), false)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void hasEveryFieldInJson() {
    sql("alter table %s.drugs alter column name set not null");
    JsonNode report = Json.MAPPER.readTree(Json.pretty(run(request(Optional.empty(), true))));

    assertThat(report.propertyNames())
        .containsExactly(
            "database",
            "missingCount",
            "orphanedCount",
            "differentCount",
            "apps",
            "sql",
            "sqlFile");
    JsonNode app = report.get("apps").get(0);
    assertThat(app.propertyNames())
        .containsExactly(
            "app", "schemas", "comparedObjects", "missing", "orphaned", "different", "notes");
    JsonNode column = app.get("different").get(0);
    assertThat(column.propertyNames())
        .containsExactly("kind", "schema", "name", "part", "object", "properties");
    assertThat(column.get("properties").get(0).get("actual").stringValue()).isEqualTo("true");
  }

  private ValidateSchemaReport run(SchemaRequest request) {
    return run(app(List.of()), request);
  }

  private ValidateSchemaReport run(AppSettings app, SchemaRequest request) {
    Terminal quiet =
        new Terminal(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            false,
            false,
            () -> null);
    return new ValidateSchema(databases, new ReplayedSchema())
        .run(settings(app), request, new Progress(quiet));
  }

  private static SchemaRequest request(Optional<Path> file, boolean inAnswer) {
    return new SchemaRequest(
        Optional.empty(),
        true,
        true,
        false,
        false,
        List.of(NamePattern.of("index:nothing.*")),
        List.of(),
        inAnswer,
        file);
  }

  private AppSettings app(List<String> ignored) {
    return new AppSettings(
        "medications",
        List.of(SCHEMA),
        List.of(),
        List.of("filesystem:" + here.resolve("migration")),
        List.of(),
        SCHEMA,
        "flyway_schema_history",
        Map.of(),
        Map.of(),
        Map.of(),
        ignored);
  }

  private Settings settings(AppSettings app) {
    return new Settings(
        live,
        "postgres",
        "development",
        new Folders(here, here, here, here, here, here, here),
        List.of(app),
        1,
        "auto",
        List.of(),
        Optional.empty(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(1),
        Optional.empty(),
        30,
        3,
        ScratchSettings.STANDARD,
        here.resolve("belay.log"),
        List.of(),
        Section.empty());
  }

  private void write(String name, String text) throws IOException {
    Path file = here.resolve("migration").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void sql(String statement) {
    try (Database session = databases.open(live)) {
      session.execute(statement.replace("%s", new Identifier(SCHEMA).toString()));
    }
  }
}
