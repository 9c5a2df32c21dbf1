package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.report.Json;
import dev.belay.support.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConfigCommandTest {
  private Path directory;

  @BeforeEach
  void useFolder(@TempDir Path folder) {
    directory = folder;
  }

  @Test
  void saysHowToNameADatabaseWhereNoneIs() {
    Cli.Result result = new Cli(directory).expect(0, "config");

    assertThat(result.out())
        .startsWith("target: none; name one with --url postgresql://user@host:5432/database")
        .contains("apps:   default")
        .containsPattern("lockTimeout +1s +default");
  }

  @Test
  void showsTargetEncryptionAndApps() throws Exception {
    Files.writeString(
        directory.resolve("belay.yaml"),
        "url: postgresql://app@db1/orders?sslmode=require\napps: {a: {schemas: x}, b: {schemas: y}}\n");
    Cli cli = new Cli(directory);

    assertThat(cli.expect(0, "config").out())
        .contains("target: orders@db1:5432 as app")
        .contains("tls:    sslmode require")
        .contains("apps:   a, b")
        .containsPattern("host +db1 +belay.yaml:1");
  }

  @Test
  void tellsTheSameAsJson() {
    Cli.Result result =
        new Cli(directory)
            .expect(0, "config", "--url", "postgresql://app:x@db1/d", "--output=json");
    JsonNode answer = Json.MAPPER.readTree(result.out()).path("result");

    assertThat(answer.path("target").asString()).isEqualTo("d@db1:5432");
    assertThat(answer.path("user").asString()).isEqualTo("app");
    assertThat(answer.path("encryption").asString()).isEqualTo("sslmode prefer");
    assertThat(answer.path("apps").get(0).asString()).isEqualTo("default");
    assertThat(answer.path("settings").size()).isGreaterThan(30);
  }

  @Test
  void neverShowsAPassword() throws Exception {
    Path file = directory.resolve("belay.yaml");
    Files.writeString(file, "password: canary1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Cli cli = new Cli(directory).with("PGPASSWORD", "canary2").with("FLYWAY_PASSWORD", "canary3");

    for (String form : new String[] {"--output=text", "--output=json"}) {
      Cli.Result result = cli.expect(0, "config", "-d", "postgresql://a:canary4@db1/d", form);
      assertThat(result.out() + result.err()).doesNotContain("canary").contains("****");
    }
    Cli.Result malformed = cli.expect(2, "config", "-d", "postgresql://a:can@ary@db1/d");
    assertThat(malformed.out() + malformed.err()).doesNotContain("ary@").contains("error: --url");
    Cli.Result unmatched = cli.expect(2, "config", "postgresql://a:canary5@db1/d");
    assertThat(unmatched.out() + unmatched.err()).doesNotContain("canary");
    assertThat(Files.readString(directory.resolve("belay.log"))).doesNotContain("canary");
  }

  @Test
  void endsWithUsageForAnUnknownKey() throws Exception {
    Files.writeString(directory.resolve("belay.yaml"), "jobz: 3\n");

    assertThat(new Cli(directory).expect(2, "config").err())
        .isEqualTo(
            """
            error: belay.yaml:1: unknown key 'jobz'
            state: the database was not changed
            hint: did you mean jobs?
            """);
  }
}
