package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTest {
  private static final String SECRET = "canary";

  private Machine machine;

  @BeforeEach
  void makeMachine(@TempDir Path root) {
    machine = new Machine(root);
  }

  @Test
  void hasNoTargetWhereNothingNamesADatabase() {
    machine.with("PGUSER", "app").with("PGPASSWORD", SECRET).with("PGSSLMODE", "require");

    assertThat(machine.load().reached()).isNull();
    assertThatThrownBy(machine::target).hasMessage("no database is configured");
  }

  @Test
  void namesTheDatabaseAfterTheUserWhereOnlyAServerIsNamed() {
    assertThat(machine.with("PGHOST", "db1").target()).hasToString("tester@db1:5432");
    assertThat(machine.with("PGUSER", "app").target()).hasToString("app@db1:5432");
  }

  @Test
  void usesTheSocketOfThisMachineWhereThereIsOne() {
    assertThat(machine.url("orders").target()).hasToString("orders@localhost:5432");

    machine.socket(5432);

    assertThat(machine.target().host()).isEqualTo(machine.sockets.toString());
    assertThat(machine.with("PGPORT", "5433").target()).hasToString("orders@localhost:5433");
  }

  @Test
  void letsTheHigherSourceWin() {
    machine.file("flyway.conf", "flyway.url=jdbc:postgresql://flyway/f\n");
    assertThat(machine.target()).hasToString("f@flyway:5432");
    machine.with("FLYWAY_URL", "jdbc:postgresql://flyenv/fe");
    assertThat(machine.target()).hasToString("fe@flyenv:5432");
    machine.with("PGHOST", "pg").with("PGDATABASE", "p");
    assertThat(machine.target()).hasToString("p@pg:5432");
    machine.with("DATABASE_URL", "postgres://dburl/d");
    assertThat(machine.target()).hasToString("d@dburl:5432");
    machine.file("belay.yaml", "url: postgresql://yaml/y\n");
    assertThat(machine.target()).hasToString("y@yaml:5432");
    machine.with("BELAY_URL", "postgresql://env/e");
    assertThat(machine.target()).hasToString("e@env:5432");
    machine.set("url", "postgresql://set/s");
    assertThat(machine.target()).hasToString("s@set:5432");
    machine.url("postgresql://flag/u");
    assertThat(machine.target()).hasToString("u@flag:5432");
    assertThat(machine.shown("host")).isEqualTo("flag from --url");
  }

  @Test
  void takesThePasswordOfTheEnvironmentAsLibpqDoes() {
    machine.with("PGPASSWORD", SECRET).url("postgresql://app@db2/orders");

    assertThat(machine.password()).isEqualTo(SECRET);
    assertThat(machine.shown("password")).isEqualTo("**** from PGPASSWORD");
  }

  @Test
  void neverGivesAPasswordToAnotherServer() {
    machine.file("belay.yaml", "url: postgresql://app:canary@db1/orders\n");
    assertThat(machine.password()).isEqualTo(SECRET);

    assertThat(machine.url("postgresql://db2/orders").password()).isEqualTo("(none)");
    assertThat(machine.target().user()).isEqualTo("tester");
    assertThat(machine.url("postgresql://db1:5433/orders").password()).isEqualTo("(none)");
    assertThat(machine.url("host=db2").password()).isEqualTo("(none)");
    assertThat(machine.url("postgresql://bob@db1/orders").password()).isEqualTo("(none)");
  }

  @Test
  void givesAPasswordWithoutAHostToNoWholeUrlElsewhere() {
    machine.file("belay.yaml", "database: orders\nuser: app\npassword: canary\n");
    assertThat(machine.password()).isEqualTo(SECRET);

    assertThat(machine.url("postgresql://db2/orders").password()).isEqualTo("(none)");
  }

  @Test
  void completesTheFileWithAHostOfTheEnvironment() {
    machine
        .file("belay.yaml", "database: orders\nuser: app\npassword: canary\n")
        .with("BELAY_HOST", "db1");

    assertThat(machine.target()).hasToString("orders@db1:5432");
    assertThat(machine.password()).isEqualTo(SECRET);
  }

  @Test
  void keepsTheNamesButNotThePasswordWhereOnlyTheHostChanges() {
    machine
        .file(
            "belay.yaml", "host: db1\nport: 6432\ndatabase: orders\nuser: app\npassword: canary\n")
        .with("BELAY_HOST", "db2");

    assertThat(machine.target()).hasToString("orders@db2:5432");
    assertThat(machine.target().user()).isEqualTo("app");
    assertThat(machine.password()).isEqualTo("(none)");
  }

  @Test
  void refusesAnEmptyUrlRatherThanTakeAnotherDatabase() {
    machine.with("PGDATABASE", "production").url(" ");
    assertThatThrownBy(machine::load).hasMessage("--url is empty");

    machine.url("d").set("url", "");
    assertThatThrownBy(machine::load).hasMessage("--set url is empty");
  }

  @Test
  void keepsServerAndPasswordForAnotherDatabaseOfIt() {
    machine.file("belay.yaml", "url: postgresql://app:canary@db1:6432/orders\n");

    assertThat(machine.url("billing").target()).hasToString("billing@db1:6432");
    assertThat(machine.password()).isEqualTo(SECRET);
  }

  @Test
  void keepsAStrictTlsModeButNoWeakOneForAnotherServer() {
    machine.file("belay.yaml", "host: db1\nsslmode: require\n").url("postgresql://db2/d");
    assertThat(machine.target().tls().mode()).isEqualTo("require");

    machine.file("belay.yaml", "host: localhost\nsslmode: disable\n");
    assertThat(machine.target().tls().mode()).isEqualTo("prefer");
  }

  @Test
  void addsSingleSettingsToTheUrlOfTheSameSource() {
    machine
        .file("belay.yaml", "url: postgresql://app@db1/orders\npassword: ${DB_PASSWORD}\n")
        .with("DB_PASSWORD", SECRET);

    assertThat(machine.password()).isEqualTo(SECRET);
    assertThat(machine.shown("password")).isEqualTo("**** from belay.yaml:2");
  }

  @Test
  void refusesAUrlAndASettingThatContradictEachOther() {
    machine.file("belay.yaml", "url: postgresql://db1/orders\nhost: db2\n");

    assertThatThrownBy(machine::load)
        .hasMessageContaining("belay.yaml:1")
        .hasMessageContaining("belay.yaml:2");
  }

  @Test
  void passesOverBrokenSourcesOfOtherProgramsOnceAServerIsNamed() {
    machine.with("DATABASE_URL", "postgresql://u:x@y@z/d");
    assertThatThrownBy(machine::load).hasMessageContaining("DATABASE_URL");

    assertThat(machine.url("postgresql://db1/d").target()).hasToString("d@db1:5432");
  }

  @Test
  void passesOverDatabasesOfOtherMakes() {
    machine.with("DATABASE_URL", "mysql://app:canary@db9/shop");
    machine.file("flyway.conf", "flyway.url=jdbc:mysql://db9/shop\nflyway.password=canary\n");

    assertThat(machine.load().reached()).isNull();
    assertThat(machine.with("PGDATABASE", "d").password()).isEqualTo("(none)");
  }

  @Test
  void refusesAnEnvironmentThatJdbcCannotFollow() {
    machine.with("PGHOST", "db1").with("PGHOSTADDR", "10.0.0.1");

    assertThatThrownBy(machine::load)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.hint()).isEqualTo("unset PGHOSTADDR"));
  }

  @Test
  void readsTheConnectTimeout() {
    assertThat(machine.url("postgresql://h/d?connect_timeout=3").target().connectTimeoutSeconds())
        .isEqualTo(3);
    assertThat(
            machine.url("jdbc:postgresql://h/d?connectTimeout=4").target().connectTimeoutSeconds())
        .isEqualTo(4);
    machine.with("PGCONNECT_TIMEOUT", "soon").url("postgresql://h/d");
    assertThatThrownBy(machine::load).hasMessageContaining("PGCONNECT_TIMEOUT");
  }

  @Test
  void readsAServiceFromTheUsersFile() {
    machine.homeFile(
        ".pg_service.conf",
        """
        # services
        [other]
        host=wrong
        [orders]
        host=db3
        port=5444
        dbname=orders
        user=svc
        password=canary
        sslmode=require
        """);

    assertThat(machine.with("PGSERVICE", "orders").with("PGHOST", "pg").target())
        .hasToString("orders@db3:5444");
    assertThat(machine.password()).isEqualTo(SECRET);
    assertThat(machine.shown("host")).isEqualTo("db3 from ~/.pg_service.conf:5");
    assertThat(machine.url("postgresql://db4/d").password()).isEqualTo("(none)");
    assertThat(machine.url("service=orders dbname=x").target()).hasToString("x@db3:5444");
  }

  @Test
  void saysWhichServiceFileLacksTheService() {
    machine.url("service=nothing");
    assertThatThrownBy(machine::load).hasMessageContaining("there is no service file");

    machine.homeFile(".pg_service.conf", "[orders]\nhost=db3\n");
    assertThatThrownBy(machine::load).hasMessageContaining("~/.pg_service.conf");

    machine.homeFile(".pg_service.conf", "[nothing]\ncanary\n");
    assertThatThrownBy(machine::load)
        .hasMessageContaining("~/.pg_service.conf:2")
        .hasMessageNotContaining(SECRET);
  }
}
