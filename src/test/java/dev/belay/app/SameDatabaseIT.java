package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.PsqlAddress;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What is printed is pasted, with a belay.yaml that names another database: it finds the one that
 * the first command was about. No password is in it.
 */
class SameDatabaseIT {
  private static final String CONFIG = "of this $(database).yaml";

  @TempDir Path folder;
  private Target target = TestServer.admin();
  private Target elsewhere = TestServer.admin();

  @BeforeEach
  void create() throws IOException {
    target = TestServer.fresh("here");
    elsewhere = TestServer.fresh("elsewhere");
    sql(target, "create table public.t (place text)", "insert into public.t values ('here')");
    sql(elsewhere, "create table public.t (place text)", "insert into public.t values ('else')");
    Files.writeString(
        folder.resolve("belay.yaml"),
        "url: '%s'\n".formatted(PsqlAddress.connection(elsewhere).replace("'", "''")));
    Files.writeString(folder.resolve(CONFIG), "lockTimeout: 300ms\n");
  }

  @AfterEach
  void drop() {
    TestServer.dropReplaced(target);
    TestServer.drop(target);
    TestServer.drop(elsewhere);
  }

  private static void sql(Target database, String... statements) {
    try (Database session = new JdbcDatabases("test").open(database)) {
      List.of(statements).forEach(session::execute);
    }
  }

  private static String place(Target database) {
    try (Database session = new JdbcDatabases("test").open(database)) {
      return session.text("select string_agg(place, ',' order by place) from public.t");
    }
  }

  /** Whoever pastes gives the password where it belongs, if the server asks for one. */
  private Cli belay() {
    return new Cli(folder).with("PATH", System.getenv("PATH")).with("PGPASSWORD", password());
  }

  private String password() {
    return target.password().map(Secret::reveal).orElse("hunter22");
  }

  /** In single quotes, as libpq reads it. */
  private String withPassword() {
    return PsqlAddress.connection(target)
        + " password='%s'".formatted(password().replace("\\", "\\\\").replace("'", "\\'"));
  }

  /** One that says on its command line which database it is about. */
  private Cli.Result given(int status, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--url", withPassword()));
    all.addAll(List.of("--config", CONFIG, "--set", "lock-timeout=400ms"));
    Cli.Result result = belay().expect(status, all.toArray(String[]::new));
    assertThat(result.out() + result.err()).doesNotContain("password='", "hunter22");
    return result;
  }

  private static JsonNode json(Cli.Result result) {
    return Json.MAPPER.readTree(result.out());
  }

  /** Types what was printed. */
  private Cli.Result pasted(int status, String command, String... more) {
    List<String> words = new ArrayList<>(ShellWords.split(command));
    assertThat(words.remove(0)).isEqualTo("belay");
    assertThat(words).contains("--url", "--config", CONFIG, "--set", "lock-timeout=400ms");
    words.addAll(List.of(more));
    return belay().expect(status, words.toArray(String[]::new));
  }

  private static String[] words(String command) {
    return ShellWords.split(command).stream().skip(1).toArray(String[]::new);
  }

  /** What stands behind some words of ours, up to the end of the line. */
  private static String behind(String words, String text) {
    Matcher found = Pattern.compile(Pattern.quote(words) + "(belay .*)").matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return found.group(1);
  }

  @Test
  void aPointIsGoneBackToInTheDatabaseOfWhichItWasMade() {
    String text = given(0, "rollback-point", "create", "--table", "public.t").out();
    sql(target, "update public.t set place = 'changed'");

    pasted(0, behind("go back:   ", text), "--yes");

    assertThat(place(target)).isEqualTo("here");
    assertThat(place(elsewhere)).isEqualTo("else");
  }

  @Test
  void hintsAndWaysBackOfARestoreAreForTheSameDatabase() {
    Cli.Result none = given(12, "backup-restore", "latest", "--yes");
    pasted(0, behind("make one: ", none.err()), "--level", "listed");
    JsonNode lacking = json(given(12, "backup-restore", "nope", "--yes", "--output", "json"));
    String list = behind("see which there are: ", lacking.path("error").path("hint").asString());
    String id =
        json(pasted(0, list, "--output", "json"))
            .path("result")
            .path("backups")
            .get(0)
            .path("id")
            .asString();
    assertThat(id).startsWith("here");
    sql(target, "insert into public.t values ('later')");

    JsonNode restored = json(given(0, "backup-restore", id, "--yes", "--output", "json"));
    assertThat(place(target)).isEqualTo("here");
    Cli.Result back =
        pasted(0, restored.path("result").path("undo").asString(), "--yes", "--output", "text");

    assertThat(place(target)).isEqualTo("here,later");
    assertThat(back.out()).contains("--config " + ShellWords.quote(CONFIG));
    pasted(0, behind("to go forth again: ", back.out()), "--yes");
    assertThat(place(target)).isEqualTo("here");
    assertThat(place(elsewhere)).isEqualTo("else");
  }

  @Test
  void checksSayWhatMendsThisDatabase() {
    JsonNode state = json(given(10, "verify-state", "--output", "json"));
    String fix =
        state
            .path("result")
            .path("details")
            .valueStream()
            .map(check -> check.path("fix").asString(""))
            .filter(each -> each.startsWith("belay create-backup"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(state.toPrettyString()));

    String made = pasted(0, fix, "--level", "listed").out();

    assertThat(made).contains(target.toString());
    assertThat(behind("bring it back with: ", made)).contains("--set lock-timeout=400ms");
  }

  @Test
  void hooksAreToldTheSame() throws IOException {
    Files.writeString(
        folder.resolve(CONFIG), "hooks:\n  create-backup:\n    onFailure: ['./tell']\n");
    Path tell = folder.resolve("tell");
    Files.writeString(
        tell, "#!/bin/sh\nprintf '%s\\n' \"$BELAY_HOOK_HINT\" >'" + folder + "/told'\n");
    Files.setPosixFilePermissions(tell, PosixFilePermissions.fromString("rwxr-xr-x"));
    Cli.Result failed;
    // A port that is taken, and at which nobody listens.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String url = "host=127.0.0.1 port=%d user=app dbname=gone".formatted(taken.getLocalPort());
      failed =
          belay().expect(12, "create-backup", "--output", "json", "--config", CONFIG, "--url", url);
    }
    String hint = json(failed).path("error").path("hint").asString();

    assertThat(hint).contains("--config " + ShellWords.quote(CONFIG));
    assertThat(failed.err()).contains("hint: " + hint);
    assertThat(Files.readString(folder.resolve("told"))).isEqualTo(hint + "\n");
    assertThat(belay().run(words(behind("with: ", hint))).out()).contains("gone");
  }

  @Test
  void theWaysOnOfAFailedMigrationAreShownOnTheWayToo() throws IOException {
    Files.writeString(
        folder.resolve(CONFIG),
        """
        apps:
          shop:
            locations: ['filesystem:%s']
        """
            .formatted(folder.resolve("db")));
    script("V1__a.sql", "create table public.a (n integer);");

    // Flyway applies nothing to a schema that is not empty and has no history.
    Cli.Result failed = given(13, "migrate", "--yes", "--no-backup", "--no-monitor");
    String forward = behind("forward  ", failed.err()).replaceAll("   \\(.*\\)$", "");
    sql(target, "drop table public.t");
    pasted(0, forward, "--yes", "--no-backup", "--no-monitor");

    try (Database session = new JdbcDatabases("test").open(elsewhere)) {
      assertThat(session.test("select to_regclass('public.a') is null")).isTrue();
    }
  }

  @Test
  void statementsForPsqlReachWhatOnlyAFileOrAVariableNames() throws IOException {
    String gone = PsqlAddress.connection(target.withDatabase("gone"));
    Files.writeString(
        folder.resolve("belay.yaml"), "url: '%s'\n".formatted(gone.replace("'", "''")));
    Cli.Result byFile = belay().expect(12, "create-backup");
    Files.delete(folder.resolve("belay.yaml"));
    Cli.Result byVariable = belay().with("DATABASE_URL", gone).expect(12, "create-backup");

    for (Cli.Result failed : List.of(byFile, byVariable)) {
      String list = psql(failed.err());
      assertThat(list).startsWith("psql -d ").endsWith(" --list");
      Set<String> none = Set.of("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE");
      Programs.Result listed =
          Programs.run(Map.of("PGPASSWORD", password()), none, "sh", "-c", list);
      assertThat(listed.out()).as(listed.err()).contains(target.database());
    }

    Cli.Result byItself = belay().on(target.withDatabase("gone")).expect(12, "create-backup");
    assertThat(psql(byItself.err())).isEqualTo("psql --list");
  }

  private static String psql(String text) {
    Matcher found = Pattern.compile("with: (psql .*--list)").matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return found.group(1);
  }

  private void script(String name, String sql) throws IOException {
    Files.createDirectories(folder.resolve("db"));
    Files.writeString(folder.resolve("db").resolve(name), sql);
  }
}
