package dev.belay.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hooks around real operations, in the whole program. */
class HooksIT {
  @TempDir Path folder;
  private Target target = TestServer.admin();
  private Path seen = Path.of("");

  @BeforeEach
  void create() throws IOException {
    target = TestServer.fresh("hooked");
    seen = folder.resolve("seen by hooks");
    // Writes down how it was called and what it was told.
    script(
        "tell",
        """
        #!/bin/sh
        { printf 'called %s' "$BELAY_HOOK_NAME"; printf ' <%s>' "$@"; echo; } >>'seen'
        env | grep '^BELAY_HOOK_' | sort >'seen'."$BELAY_HOOK_EVENT"
        echo "told with password=hunter22"
        """
            .replace("seen", seen.toString()));
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Cli belay(String yaml) throws IOException {
    Files.writeString(folder.resolve("belay.yaml"), yaml);
    return new Cli(folder).on(target).with("PATH", System.getenv("PATH"));
  }

  private List<String> called() throws IOException {
    return Files.exists(seen) ? Files.readAllLines(seen) : List.of();
  }

  private String told(String event) throws IOException {
    return Files.readString(Path.of(seen + "." + event));
  }

  private List<String> backups() throws IOException {
    Path backups = folder.resolve("backups");
    if (!Files.exists(backups)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(backups)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private static JsonNode json(Cli.Result result) {
    return Json.MAPPER.readTree(result.out());
  }

  private static List<String> remarks(JsonNode answer) {
    return answer
        .path("remarks")
        .valueStream()
        .map(remark -> remark.path("name").asString() + ": " + remark.path("result").asString())
        .toList();
  }

  @Test
  void runInOrderWithTheFactsOfTheOperation() throws IOException {
    Cli.Result result =
        belay(
                """
                hooks:
                  all:
                    before: ["./tell first"]
                    after: ["./tell last"]
                    onFailure: ["./tell never"]
                  create-backup:
                    before: ["./tell 'two words' \\"it's\\" 'drop table; --'", "./tell third"]
                    after: ["./tell done"]
                """)
            .expect(0, "create-backup", "--level", "listed", "--output", "json", "--verbose");

    assertThat(called())
        .containsExactly(
            "called hooks.all.before <first>",
            "called hooks.create-backup.before <two words> <it's> <drop table; -->",
            "called hooks.create-backup.before <third>",
            "called hooks.create-backup.after <done>",
            "called hooks.all.after <last>");
    assertThat(told("before"))
        .contains("BELAY_HOOK_COMMAND=create-backup\n")
        .contains("BELAY_HOOK_DATABASE=" + target.database() + "\n")
        .contains("BELAY_HOOK_HOST=" + target.host() + "\n")
        .contains("BELAY_HOOK_PORT=" + target.port() + "\n")
        .contains("BELAY_HOOK_USER=" + target.user() + "\n")
        .containsPattern("BELAY_HOOK_RUN=[0-9a-f]{12}\n")
        .doesNotContain("OUTCOME");
    assertThat(told("after"))
        .contains("BELAY_HOOK_OUTCOME=ok\n")
        .contains("BELAY_HOOK_EXIT_STATUS=0\n")
        .contains("BELAY_HOOK_BACKUP=" + backups().get(0) + "\n");
    JsonNode answer = json(result);
    assertThat(answer.path("exitStatus").asInt()).isZero();
    assertThat(remarks(answer)).hasSize(2);
    assertThat(remarks(answer).get(0))
        .matches("hooks\\.create-backup\\.after: done in .*s \\(\\./tell done\\)");
    assertThat(remarks(answer).get(1))
        .matches("hooks\\.all\\.after: done in .*s \\(\\./tell last\\)");
    String log = Files.readString(folder.resolve("belay.log"));
    assertThat(log).contains("hooks.all.before: told with password=****");
    assertThat(log + result.err()).doesNotContain("hunter22");
  }

  @Test
  void oneThatFailsBeforeRefusesAndWhatEarlierOnesStoppedIsStartedAgain() throws IOException {
    Cli.Result result =
        belay(
                """
                hooks:
                  create-backup:
                    before: ["./tell stopped", "sh -c 'echo no disk >&2; exit 3'", "./tell never"]
                    after: ["./tell never"]
                    onFailure: ["./tell started"]
                """)
            .run("create-backup", "--output", "json");

    assertThat(result.status()).isEqualTo(11);
    assertThat(json(result).path("error").path("message").asString())
        .startsWith("the hook hooks.create-backup.before ended with 3 after ")
        .endsWith(" (sh -c 'echo no disk >&2; exit 3'): no disk");
    assertThat(result.err()).contains("state: the database was not changed");
    assertThat(called())
        .containsExactly(
            "called hooks.create-backup.before <stopped>",
            "called hooks.create-backup.onFailure <started>");
    assertThat(told("onFailure"))
        .contains("BELAY_HOOK_OUTCOME=refused\n")
        .contains("BELAY_HOOK_EXIT_STATUS=11\n")
        .contains("BELAY_HOOK_MESSAGE=the hook hooks.create-backup.before")
        .contains("BELAY_HOOK_DATABASE_CHANGED=false\n");
    assertThat(backups()).isEmpty();
  }

  @Test
  void oneThatHangsIsEndedWithAllThatItStarted() throws IOException {
    Path pid = folder.resolve("pid");
    Cli.Result result =
        belay(
                """
                hooks:
                  create-backup:
                    timeout: 2s
                    before: ["sh -c 'sleep 600 & echo $! >pid; wait'"]
                """
                    .replace("pid", pid.toString()))
            .run("create-backup");

    assertThat(result.status()).isEqualTo(11);
    assertThat(result.err()).contains("took longer than 2.0 s and was ended (sh -c ");
    Children.assertGone(pid);
  }

  @Test
  void aProgramThatIsMissingIsFoundBeforeTheChangeAlsoWhereItWouldRunAfterIt() throws IOException {
    Cli.Result result =
        belay(
                """
                hooks:
                  create-backup:
                    before: ["./tell stopped"]
                    after: ["systemctrl-of-nobody start app"]
                    onFailure: ["./not/there"]
                """)
            .run("create-backup");

    assertThat(result.status()).isEqualTo(11);
    assertThat(result.err())
        .contains("hooks.create-backup.after: systemctrl-of-nobody is not in PATH")
        .contains("hooks.create-backup.onFailure: ./not/there is not there, or may not be run");
    assertThat(called()).isEmpty();
    assertThat(backups()).isEmpty();
  }

  @Test
  void oneThatFailsAfterwardsIsToBeLookedAt() throws IOException {
    Cli.Result result =
        belay(
                """
                hooks:
                  create-backup:
                    after: ["sh -c 'exit 4'", "./tell 'all the same'"]
                """)
            .run("create-backup", "--level", "listed");

    assertThat(result.status()).as(result.err()).isEqualTo(10);
    assertThat(result.out())
        .contains("hook hooks.create-backup.after: ended with 4 after ")
        .contains("(look at it)");
    assertThat(called()).containsExactly("called hooks.create-backup.after <all the same>");
    assertThat(backups()).hasSize(1);
  }

  @Test
  void aChangeOfTheDatabaseWithAFailedHookIsIncomplete() throws IOException {
    Cli belay =
        belay(
            """
            hooks:
              backup-restore:
                before: ["./tell stop"]
                after: ["./tell start", "false"]
            health: ["sql: select count(*) = 1 from kept"]
            """);
    try (var session = new JdbcDatabases("belay-test").open(target)) {
      session.execute("create table public.kept as select 1 as id");
    }
    belay.expect(0, "create-backup");
    try {
      JsonNode answer =
          json(belay.expect(20, "backup-restore", "latest", "--yes", "--output", "json"));

      assertThat(answer.path("outcome").asString()).isEqualTo("INCOMPLETE");
      assertThat(answer.path("databaseChanged").asBoolean()).isTrue();
      assertThat(answer.path("result").path("backup").asString()).isEqualTo(backups().get(0));
      assertThat(remarks(answer))
          .anyMatch(remark -> remark.startsWith("hooks.backup-restore.after: ended with 1 after "))
          .contains("sql: select count(*) = 1 from kept: healthy before and after");
      assertThat(told("after")).contains("BELAY_HOOK_BACKUP=" + backups().get(0) + "\n");
      assertThat(belay.expect(0, "audit").out()).contains("backup-restore");
    } finally {
      TestServer.dropReplaced(target);
    }
  }

  @Test
  void aDryRunSaysWhichWouldRunAndRunsNone() throws IOException {
    Cli belay =
        belay(
            """
            hooks:
              all: {before: ["./tell --token=abcdefgh"]}
            health: {shop: 'sql: select true'}
            """);
    try (var session = new JdbcDatabases("belay-test").open(target)) {
      session.execute("create table public.kept as select 1 as id");
    }
    belay.expect(0, "create-backup", "--level", "listed");
    Files.delete(seen);

    Cli.Result result = belay.expect(0, "backup-restore", "latest", "--dry-run");

    assertThat(result.err())
        .contains("  + hooks.all.before: ./tell --token=****\n")
        .contains("  + health, before and after: shop\n");
    assertThat(called()).isEmpty();
  }

  @Test
  void aBelayInsideOfAHookRunsNoHooksAndMindsNoneOfItsVariables() throws IOException {
    Cli.Result result =
        belay("hooks: {all: {before: ./tell}}")
            .with("BELAY_HOOK_NAME", "hooks.all.before")
            .with("BELAY_HOOK_RUN", "0123456789ab")
            .with("BELAY_CHILD", "x")
            .run("create-backup", "--level", "listed");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("hooks and health checks are left out");
    assertThat(called()).isEmpty();
  }
}
