package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What psql is given to get to what is in force, whoever said it. */
class PsqlAddressTest {
  private static final String URL = "host=db1 port=5433 user=app dbname=orders";

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name : new String[] {"pg pass", "pg"}) {
      Files.createFile(folder.resolve(name));
    }
  }

  private Surroundings surroundings(Map<String, String> environment) {
    return new Surroundings(environment, folder, folder, "tester");
  }

  private Settings settings(Map<String, String> environment, Flags flags) {
    return Configuration.load(surroundings(environment), flags);
  }

  private String address(Map<String, String> environment, Flags flags) {
    Settings settings = settings(environment, flags);
    return PsqlAddress.of(settings, surroundings(environment)).orElseThrow().own();
  }

  @ParameterizedTest
  @ValueSource(strings = {"passwordFile", "password-file", "password_file", "PASSWORDFILE"})
  void thePasswordFileOfTheRunIsGivenHoweverItsNameIsWritten(String name) {
    Flags flags = new Flags(Optional.of(URL), Optional.empty(), Map.of(name, "pg pass"));

    assertThat(address(Map.of(), flags))
        .isEqualTo(URL + " sslmode=prefer passfile='%s'".formatted(folder.resolve("pg pass")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"passwordFile: pg pass | pg pass", "password-file: ~/pg | pg"})
  void thatOfAConfigurationFileToo(String line, String file) throws IOException {
    Files.writeString(folder.resolve("c.yaml"), "url: '%s'\n%s\n".formatted(URL, line));
    Flags flags = new Flags(Optional.empty(), Optional.of("c.yaml"), Map.of());

    assertThat(address(Map.of("PGPASSFILE", "other"), flags))
        .contains(" passfile=")
        .contains(folder.resolve(file).toString());
  }

  @Test
  void thatOfAnAddressToo() {
    Map<String, String> variable =
        Map.of("DATABASE_URL", "postgresql://app@db1:5433/orders?passfile=pg");

    assertThat(address(variable, Flags.NONE))
        .isEqualTo(URL + " sslmode=prefer passfile=" + folder.resolve("pg"));
  }

  @Test
  void thatOfTheEnvironmentIsFoundByItself() {
    Flags flags = new Flags(Optional.of(URL), Optional.empty(), Map.of());

    assertThat(address(Map.of("PGPASSFILE", "pg"), flags)).isEqualTo(URL + " sslmode=prefer");
  }

  private static Map<String, String> variables(String... more) {
    Map<String, String> variables =
        new HashMap<>(
            Map.of("PGHOST", "db1", "PGPORT", "5433", "PGUSER", "app", "PGDATABASE", "orders"));
    for (int at = 0; at < more.length; at += 2) {
      variables.put(more[at], more[at + 1]);
    }
    return variables;
  }

  private boolean isFound(Map<String, String> environment, Map<String, String> set) {
    Flags flags = new Flags(Optional.empty(), Optional.empty(), set);
    return PsqlAddress.isFoundByItself(settings(environment, flags), environment);
  }

  @Test
  void psqlFindsWhatItsOwnVariablesName() {
    assertThat(isFound(variables(), Map.of())).isTrue();
    assertThat(isFound(variables("PGSSLMODE", "disable", "PGPASSFILE", "pg"), Map.of())).isTrue();
    assertThat(isFound(variables(), Map.of("url", URL))).isTrue();
    Map<String, String> standard = variables();
    standard.remove("PGPORT");
    assertThat(isFound(standard, Map.of())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PGHOST", "PGPORT", "PGUSER", "PGDATABASE"})
  void whatOnlyBelayKnowsItDoesNotFind(String variable) {
    assertThat(isFound(variables(variable, "5434"), Map.of("url", URL))).isFalse();
    Map<String, String> lacking = variables();
    lacking.remove(variable);
    assertThat(isFound(lacking, Map.of("url", URL))).isFalse();
  }

  @Test
  void anotherWayToTheSameDatabaseIsNotItsOwn() {
    assertThat(isFound(variables(), Map.of("sslmode", "disable"))).isFalse();
    assertThat(isFound(variables(), Map.of("password-file", "pg"))).isFalse();
    assertThat(isFound(Map.of("DATABASE_URL", "postgresql://app@db1:5433/orders"), Map.of()))
        .isFalse();
  }
}
