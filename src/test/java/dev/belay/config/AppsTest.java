package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppsTest {
  private Machine machine;

  @BeforeEach
  void makeMachine(@TempDir Path root) {
    machine = new Machine(root);
  }

  private AppSettings app(String name) {
    return machine.load().app(name);
  }

  private String folder(String path) {
    return machine.work.resolve(path).toString();
  }

  @Test
  void hasOneAppWhereNoneIsConfigured() {
    AppSettings app = app("default");

    assertThat(machine.load().apps()).hasSize(1);
    assertThat(app.schemas()).containsExactly("public");
    assertThat(app.tables()).isEmpty();
    assertThat(app.locations()).containsExactly("filesystem:" + folder("db/migration"));
    assertThat(app.undoLocations()).containsExactly(folder("db/undo"));
    assertThat(app.historySchema()).isEqualTo("public");
    assertThat(app.historyTable()).isEqualTo("flyway_schema_history");
  }

  @Test
  void findsTheFolderOfMavenProjects() throws Exception {
    Files.createDirectories(machine.work.resolve("src/main/resources/db/migration"));
    assertThat(app("default").locations())
        .containsExactly("filesystem:" + folder("src/main/resources/db/migration"));

    Files.createDirectories(machine.work.resolve("db/migration"));
    assertThat(app("default").locations()).containsExactly("filesystem:" + folder("db/migration"));
  }

  @Test
  void readsAppsOfTheFile() {
    machine.file(
        "belay.yaml",
        """
        apps:
          users:
            schemas: users
          medications:
            schemas: [Médication, "other; schema"]
            tables: ["public.med_*"]
            locations: filesystem:m/migration, classpath:db/m
            undoLocations: m/back
            historyTable: History
            placeholders: {owner: "${OWNER:-app}"}
            flyway:
              sqlMigrationPrefix: M
              sqlMigrationSuffixes: [.sql, .psql]
        """);
    AppSettings app = app("medications");

    assertThat(machine.load().apps())
        .extracting(AppSettings::name)
        .containsExactly("users", "medications");
    assertThat(app("users").historySchema()).isEqualTo("users");
    assertThat(app.schemas()).containsExactly("Médication", "other; schema");
    assertThat(app.tables()).containsExactly("public.med_*");
    assertThat(app.locations())
        .containsExactly("filesystem:" + folder("m/migration"), "classpath:db/m");
    assertThat(app.undoLocations()).containsExactly(folder("m/back"));
    assertThat(app.historySchema()).isEqualTo("Médication");
    assertThat(app.historyTable()).isEqualTo("History");
    assertThat(app.placeholders()).containsExactly(Map.entry("owner", "app"));
    assertThat(app.flyway())
        .containsOnly(
            Map.entry("sqlMigrationPrefix", "M"), Map.entry("sqlMigrationSuffixes", ".sql,.psql"));
    assertThat(machine.setting("apps.medications.locations").source())
        .isEqualTo("belay.yaml:7 (classpath: cannot be read from the command line)");
    assertThatThrownBy(() -> app("default")).hasMessageContaining("no app 'default'");
  }

  @Test
  void changesAnAppByFlag() {
    machine
        .file("belay.yaml", "apps: {users: {schemas: users}}\n")
        .set("apps.users.schemas", "a,b")
        .set("apps.users.flyway.target", "5");

    assertThat(app("users").schemas()).containsExactly("a", "b");
    assertThat(app("users").flyway()).containsEntry("target", "5");
  }

  @Test
  void readsFlywaysFileWithItsContinuedLinesAndVariables() {
    machine
        .file(
            "conf/flyway.conf",
            """
            flyway.table=old
            flyway.outOfOrder=true
            """)
        .file(
            "flyway.conf",
            """
            # a comment
            flyway.url=jdbc:postgresql://db5:5999/shop
            flyway.user = ${WHO}
            flyway.password=canary
            flyway.schemas=shop,\\
              audit
            flyway.table=history
            flyway.locations=filesystem:sql/migration,classpath:db/x
            flyway.placeholders.owner=me
            flyway.baselineVersion=3
            flyway.licenseKey=canary
            flyway.jdbcProperties.accessToken=canary
            """)
        .with("WHO", "flo");
    AppSettings app = app("default");

    assertThat(machine.target()).hasToString("shop@db5:5999");
    assertThat(machine.target().user()).isEqualTo("flo");
    assertThat(machine.password()).isEqualTo("canary");
    assertThat(app.schemas()).containsExactly("shop", "audit");
    assertThat(app.historySchema()).isEqualTo("shop");
    assertThat(app.historyTable()).isEqualTo("history");
    assertThat(app.locations())
        .containsExactly("filesystem:" + folder("sql/migration"), "classpath:db/x");
    assertThat(app.undoLocations()).containsExactly(folder("sql/undo"));
    assertThat(app.placeholders()).containsExactly(Map.entry("owner", "me"));
    assertThat(app.flyway())
        .containsEntry("outOfOrder", "true")
        .containsEntry("baselineVersion", "3")
        .doesNotContainKeys("password", "jdbcProperties.accessToken");
    assertThat(machine.shown("apps.default.historyTable")).isEqualTo("history from flyway.conf:7");
    assertThat(machine.load().all().toString()).doesNotContain("canary");
  }

  @Test
  void readsFlywaysTomlAndTheEnvironmentItChooses() {
    machine.file(
        "flyway.toml",
        """
        [environments.default]
        url = "jdbc:postgresql://db6/dev"
        [environments.prod]
        url = "jdbc:postgresql://db7/prod"
        user = "app"
        password = "${env.PW}"
        schemas = ["a", "b"]
        [flyway]
        environment = "prod"
        table = "h"
        locations = ["filesystem:x/migration"]
        [flyway.placeholders]
        k = "v"
        """);

    assertThat(machine.target()).hasToString("prod@db7:5432");
    assertThat(machine.password()).isEqualTo("(none)");
    assertThat(machine.with("PW", "canary").password()).isEqualTo("canary");
    assertThat(app("default").schemas()).containsExactly("a", "b");
    assertThat(app("default").placeholders()).containsExactly(Map.entry("k", "v"));
    assertThat(machine.shown("apps.default.historyTable")).isEqualTo("h from flyway.toml");
    assertThat(machine.with("FLYWAY_ENVIRONMENT", "default").target()).hasToString("dev@db6:5432");
  }

  @Test
  void showsNothingOfTomlThatIsWrong() {
    machine.file("flyway.toml", "[flyway]\npassword = canary ' \"\n");

    assertThatThrownBy(machine::load)
        .hasMessageContaining("flyway.toml:2 is not valid TOML")
        .hasMessageNotContaining("canary");
  }

  @Test
  void readsFlywaysEnvironment() {
    machine
        .with("FLYWAY_URL", "jdbc:postgresql://db8/e")
        .with("FLYWAY_DEFAULT_SCHEMA", "own")
        .with("FLYWAY_SQL_MIGRATION_PREFIX", "W")
        .with("FLYWAY_PLACEHOLDERS_OWNER", "me")
        .with("FLYWAY_HOME", "/opt/flyway");
    AppSettings app = app("default");

    assertThat(machine.target()).hasToString("e@db8:5432");
    assertThat(app.schemas()).containsExactly("own");
    assertThat(app.historySchema()).isEqualTo("own");
    assertThat(app.flyway()).containsOnly(Map.entry("sqlMigrationPrefix", "W"));
    assertThat(app.placeholders()).containsExactly(Map.entry("owner", "me"));
  }

  @Test
  void letsTheFileWinOverFlywayForTheDefaultApp() {
    machine
        .file("flyway.conf", "flyway.table=f\nflyway.schemas=s\nflyway.placeholders.k=f\n")
        .file("belay.yaml", "apps: {default: {historyTable: b, placeholders: {k: b}}}\n");

    assertThat(app("default").historyTable()).isEqualTo("b");
    assertThat(app("default").schemas()).containsExactly("s");
    assertThat(app("default").placeholders()).containsExactly(Map.entry("k", "b"));
    assertThat(machine.shown("apps.default.placeholders.k")).isEqualTo("b from belay.yaml:1");
  }
}
