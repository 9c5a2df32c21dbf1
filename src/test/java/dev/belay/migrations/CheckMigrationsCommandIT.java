package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.Logging;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.projects.inside.V7__customer_keys;
import dev.belay.report.Json;
import dev.belay.support.JarOfMigrations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The command with its options, in this process. */
class CheckMigrationsCommandIT {
  @TempDir Path folder;
  private PendingRig rig;

  private record Result(int status, String out) {}

  @BeforeEach
  void migrate() {
    rig = new PendingRig(folder);
    rig.write("V1__a.sql", "create table a (id int, \"50%, x:y\" text);")
        .migrate()
        .sql("insert into public.a values (1, 'x')")
        .write("V2__b.sql", "alter table a rename to b;");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Result run(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter err = new PrintWriter(new StringWriter());
    Terminal terminal = new Terminal(new PrintWriter(out), err, false, false, () -> null);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--set", "scratch.keep=0"));
    try {
      CommandLine line =
          new CommandLine(
                  new CheckMigrationsCommand(
                      new Surroundings(rig.environment(), folder, folder, "tester"),
                      terminal,
                      new CheckMigrations(new JdbcDatabases("belay-test"))))
              .setCaseInsensitiveEnumValuesAllowed(true)
              .setErr(err)
              .setExecutionExceptionHandler(
                  (thrown, command, parsed) ->
                      thrown instanceof Failure failure ? failure.exitCode().status() : 1);
      return new Result(line.execute(all.toArray(String[]::new)), out.toString());
    } finally {
      Logging.stop();
    }
  }

  @Test
  void failOnDecidesAndTheAnnotationsEndTheText() {
    assertThat(run().status()).isZero();
    Result result = run("--fail-on", "high", "--annotations", "github");

    assertThat(result.status()).isEqualTo(10);
    assertThat(result.out().lines().toList())
        .last()
        .asString()
        .startsWith(
            "::error file=db/migration/V2__b.sql,line=1,title=belay%3A high risk in V2__b::high: renames table public.a to public.b%0A");
  }

  @Test
  void theAnswerAsJsonHasTheSameFacts() throws IOException {
    JsonNode answer = Json.MAPPER.readTree(run("default", "--output", "json").out());

    assertThat(answer.get("databaseChanged").asBoolean()).isFalse();
    JsonNode pending = answer.get("result").get("apps").get(0).get("pending").get(0);
    assertThat(pending.get("level").asString()).isEqualTo("high");
    assertThat(pending.get("locks").get(0).get("rows").get("number").asLong()).isEqualTo(1);
    assertThat(pending.get("undo").get("verdict").asString()).isEqualTo("missing");
  }

  @Test
  void theRulesNeedNoServer() {
    Result result = run("--rules", "--url", "postgresql://nobody@127.0.0.1:1/none");

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("table-rewritten").contains("low, high, critical by size");
  }

  @Test
  void wrongOptionsAndAppsAreUsageErrors() {
    assertThat(run("nobody").status()).isEqualTo(2);
    assertThat(run("--count-timeout", "soon").status()).isEqualTo(2);
    assertThat(run("--count-timeout", "0").status()).isEqualTo(2);
    assertThat(run("--fail-on", "none").status()).isEqualTo(2);
    assertThat(run("--jars", "nowhere.jar").status()).isEqualTo(2);
  }

  @Test
  void whatWasAppliedAndCannotBeReplayedIsAFailureAndNoFinding() {
    rig.write("V1__a.sql", "create table broken (id nothing);");

    assertThat(run("--fail-on", "low").status()).isEqualTo(13);
  }

  @Test
  void aMigrationThatReachesBeyondItsDatabaseIsRefused() {
    rig.write("V2__b.sql", "create role belay_never_made;");

    assertThat(run().status()).isEqualTo(11);
  }

  @Test
  void aCallbackThatFailsAfterwardsIsAFinding() {
    rig.write("db/migration/afterMigrate.sql", "select * from nowhere;");
    Result result = run();

    assertThat(result.status()).isEqualTo(10);
    assertThat(result.out())
        .contains("a callback after the migrations fails: ", "afterMigrate.sql, line 1: ");
  }

  @Test
  void aCallbackThatNeedsWhatIsPendingIsRunAfterIt() {
    rig.write("db/migration/afterMigrate.sql", "grant select on b to current_user;");

    assertThat(run().status()).isZero();
  }

  @Test
  void aMigrationInJavaIsCheckedWhereItsJarIsNamedOnAServerOfBelaysOwnToo() throws IOException {
    rig.write("V3__orders.sql", "create table orders (customer text);")
        .write(
            "./belay.yaml",
            "apps:\n  default:\n    locations: [db/migration, 'classpath:dev/belay/projects/inside']\n");
    Path jar = JarOfMigrations.write(folder.resolve("the app.jar"), V7__customer_keys.class);
    Result result =
        run("--jars", jar.toString(), "--set", "scratch.server=embedded", "--output", "json");

    JsonNode pending =
        Json.MAPPER.readTree(result.out()).get("result").get("apps").get(0).get("pending");
    assertThat(pending.size()).isEqualTo(3);
    assertThat(pending.get(2).get("migration").asString())
        .isEqualTo("dev.belay.projects.inside.V7__customer_keys");
    assertThat(pending.get(2).get("replayed").asBoolean()).isTrue();
    assertThat(pending.get(2).get("file").isNull()).isTrue();
  }

  @Test
  void aProgramIsNamedAndNeverRun() {
    Path mark = folder.resolve("ran");
    rig.write("db/migration/V3__tool.sh", "touch '" + mark + "'\n");
    Result result = run("--fail-on", "high");

    assertThat(result.out()).contains("V3__tool").contains("[not-seen]");
    assertThat(mark).doesNotExist();
  }
}
