package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import dev.belay.swap.Replaced;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ReplacedIT {
  private final Databases databases = new JdbcDatabases("replaced-test");
  private final Target admin = TestServer.admin();
  @TempDir private Path folder = Path.of("");
  private Target live = admin;
  private String kept = "";

  @BeforeEach
  void create() {
    live = TestServer.fresh("shop");
    fill(live, "restored");
    kept = "kept of " + live.database();
    Target former = TestServer.create(kept);
    fill(former, "former");
    note(kept, live.database(), "2024-01-01T12:00:00Z");
    TestServer.awaitEndOfSessions(former);
  }

  @AfterEach
  void drop() {
    try (Database session = databases.open(admin)) {
      Replaced.list(session).forEach(left -> TestServer.drop(admin.withDatabase(left.name())));
    }
    TestServer.drop(live);
    TestServer.drop(admin.withDatabase(kept));
  }

  @Test
  void listsWhatIsKept() {
    Cli.Result result = cli().expect(0, "list-replaced");
    assertThat(result.out()).contains(kept).contains(live.database()).contains("a test");
    JsonNode json = Json.MAPPER.readTree(cli().expect(0, "list-replaced", "--output=json").out());
    assertThat(json.at("/result/replaced/0/of").asString()).isEqualTo(live.database());
    assertThat(json.at("/databaseChanged").asBoolean()).isFalse();
  }

  @Test
  void putsTheNewestBackAndTheSecondTimeForthAgain() {
    Cli.Result first = cli().expect(0, "undo-restore", "--yes");
    assertThat(content()).isEqualTo("former");
    assertThat(first.err()).contains("Plan: put " + kept);
    assertThat(first.out()).contains("connections were refused for");
    cli().expect(0, "undo-restore", "--yes");
    assertThat(content()).isEqualTo("restored");
  }

  @Test
  void aDryRunAndARefusalDoNothing() {
    assertThat(cli().expect(0, "undo-restore", "--dry-run").err()).contains("Plan: ");
    assertThat(cli().expect(11, "undo-restore").err()).contains("--yes");
    assertThat(cli().answering("n").expect(11, "undo-restore").err()).contains("not confirmed");
    cli().expect(0, "discard-replaced", "all", "--dry-run");
    assertThat(content()).isEqualTo("restored");
    assertThat(names()).containsExactly(kept);
  }

  @Test
  void neverTakesTheDatabaseOfAnother() {
    Target other = TestServer.fresh("other");
    try {
      Cli there = new Cli(folder).on(other);
      assertThat(there.expect(11, "undo-restore", kept, "--yes").err())
          .contains("the target is " + other.database());
      assertThat(there.expect(11, "discard-replaced", kept, "--yes").err()).contains("--url");
      assertThat(there.expect(0, "discard-replaced", "all", "--yes").out())
          .contains("no replaced database");
      assertThat(there.expect(11, "undo-restore", "--yes").err()).contains("list-replaced");
      assertThat(names()).containsExactly(kept);
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void neverDropsWhatIsNotAReplacedDatabase() {
    Cli.Result result = cli().expect(11, "discard-replaced", live.database(), "--yes");
    assertThat(result.err()).contains("is not a replaced database");
    assertThat(content()).isEqualTo("restored");
  }

  @Test
  void neverDropsWhatSomebodyPutBackByHandOrUses() {
    try (Database session = databases.open(admin)) {
      session.execute("alter database " + new Identifier(kept) + " allow_connections true");
      assertThat(cli().expect(0, "discard-replaced", "all", "--yes").err())
          .contains("stays, since somebody opened it");
      assertThat(names()).containsExactly(kept);
      try (Database user = databases.open(admin.withDatabase(kept))) {
        assertThat(cli().expect(11, "discard-replaced", kept, "--yes").err())
            .contains("is in use: 1 session");
        assertThat(user.number("select 1")).isOne();
      }
      TestServer.drop(live);
      session.execute(
          "alter database "
              + new Identifier(kept)
              + " rename to "
              + new Identifier(live.database()));
    }
    assertThat(cli().expect(0, "discard-replaced", "all", "--yes").out())
        .contains("no replaced database");
    assertThat(cli().expect(11, "discard-replaced", live.database(), "--yes").err())
        .contains("is not a replaced database");
    assertThat(content()).isEqualTo("former");
  }

  @Test
  void believesNoNoteOfAStranger() {
    Identifier stranger = new Identifier("stranger of " + live.database());
    Target theirs = TestServer.create("theirs of " + live.database());
    try (Database session = databases.open(admin)) {
      fill(theirs, "forged");
      session.execute("create role " + stranger);
      session.execute(
          "alter database " + new Identifier(theirs.database()) + " owner to " + stranger);
      note(theirs.database(), live.database(), "2099-01-01T12:00:00Z");
      assertThat(cli().expect(0, "undo-restore", theirs.database(), "--dry-run").err())
          .contains("is owned by " + stranger.name());
      cli().expect(0, "undo-restore", "--yes");
      assertThat(content()).isEqualTo("former");
    } finally {
      TestServer.drop(theirs);
      try (Database session = databases.open(admin)) {
        session.execute("drop role if exists " + stranger);
      }
    }
  }

  @Test
  void discardsByName() {
    Cli.Result result = cli().answering("y").expect(0, "discard-replaced", kept);
    assertThat(result.err()).contains("gone for ever");
    assertThat(result.out()).contains("dropped 1 database").contains(kept);
    assertThat(names()).isEmpty();
    assertThat(content()).isEqualTo("restored");
  }

  @Test
  void refusesWhileAnotherBelayIsAtWorkAndSaysWho() {
    RunId run = RunId.fresh();
    try (OperationLock lock =
        OperationLock.acquire(
            new JdbcDatabases(RunSessions.name(run)),
            admin,
            live,
            run,
            "create-backup",
            Duration.ZERO,
            warning -> {})) {
      lock.check();
      assertThat(cli().expect(11, "undo-restore", "--yes").err())
          .contains("create-backup by")
          .contains("the database was not changed");
    }
  }

  private Cli cli() {
    return new Cli(folder).on(live);
  }

  private void note(String database, String of, String at) {
    String note =
        """
        {"belay":1,"kind":"REPLACED","of":%s,"run":"0123456789ab","role":"postgres","at":"%s","what":"a test"}\
        """
            .formatted(Json.MAPPER.writeValueAsString(of), at);
    try (Database session = databases.open(admin)) {
      Identifier name = new Identifier(database);
      session.execute("comment on database " + name + " is " + Identifier.literal(note));
      session.execute("alter database " + name + " allow_connections false");
    }
  }

  private void fill(Target target, String content) {
    try (Database session = databases.open(target)) {
      session.execute("create table public.content as select '" + content + "' as word");
    }
  }

  private String content() {
    try (Database session = databases.open(live)) {
      return session.text("select word from public.content");
    }
  }

  private List<String> names() {
    try (Database session = databases.open(admin)) {
      return Replaced.list(session).stream().map(Replaced::name).toList();
    }
  }
}
