package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.Masking;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is printed to be pasted finds the database of the run again, and nothing else is touched.
 */
class SameDatabaseTest {
  private static final List<String> COMMANDS =
      List.of("migrate", "verify-state", "list-backups", "guard", "batch status", "batch abort");

  private static final Target TARGET =
      new Target(
          "db 1",
          5433,
          "it's",
          "app",
          Optional.empty(),
          new Tls("verify-full", Optional.of("/ca.pem"), Optional.empty(), Optional.empty()),
          5);

  private static final PsqlAddress ADDRESS = PsqlAddress.of(TARGET, Optional.empty());

  private static final String CONNECTION =
      "host='db 1' port=5433 user=app dbname='it\\'s' sslmode=verify-full sslrootcert=/ca.pem";

  private static SameDatabase given(String... common) {
    return SameDatabase.of(COMMANDS, List.of(common), null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "belay verify-state | belay verify-state --config c",
        "belay migrate app --yes | belay migrate --config c app --yes",
        "belay guard --name x -- make it | belay guard --config c --name x -- make it",
        "look with: belay verify-state, then run it again"
            + " | look with: belay verify-state --config c, then run it again",
        "see belay batch status | see belay batch status --config c",
        "with: belay migrate, belay verify-state; or: belay batch abort --discard 3"
            + " | with: belay migrate --config c, belay verify-state --config c;"
            + " or: belay batch abort --config c --discard 3",
        "swapped (back with: belay migrate x) | swapped (back with: belay migrate --config c x)",
        "Flyway's own lock: belay verify-state | Flyway's own lock: belay verify-state --config c",
        "the server's '90s: belay verify-state. | the server's '90s: belay verify-state --config c."
      })
  void commandsGetTheOptionsBehindTheirNames(String text, String expected) {
    SameDatabase database = given("--config", "c");

    assertThat(database.text(text)).isEqualTo(expected);
    assertThat(database.text(database.text(text))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "belay",
        "belay demo",
        "belay help",
        "belay migrate --help",
        "belay guards what it changes",
        "belay migrates",
        "run belay nearer to the server",
        "another belay migrate is at work",
        "table public.belay migrate has no key",
        "table belay migrate has no key",
        "undo 18 (belay migrate), 19 belay migrate, belay migrate@db",
        "no table 'belay migrate' here: \"belay migrate\"",
        "sh -c 'cd x; belay migrate'",
        "sh -c 'it'\\''s: belay migrate'",
        "pg_isready -h db"
      })
  void whatOnlyReadsLikeOneIsLeftAlone(String text) {
    assertThat(given("--config", "c").text(text)).isEqualTo(text);
  }

  @Test
  void whatACommandHasAlreadyIsNotRepeated() {
    SameDatabase database = given("--url", "orders", "--config", "c", "--set", "jobs=2");

    assertThat(database.text("belay migrate --url old"))
        .isEqualTo("belay migrate --config c --set jobs=2 --url old");
    assertThat(database.text("belay migrate -d old --config=d --set jobs=3"))
        .isEqualTo("belay migrate -d old --config=d --set jobs=3");
    assertThat(database.text("belay migrate; belay list-backups -d old"))
        .isEqualTo(
            "belay migrate --url orders --config c --set jobs=2;"
                + " belay list-backups --config c --set jobs=2 -d old");
  }

  @Test
  void anOptionWithinAnArgumentIsNone() {
    SameDatabase database = given("--url", "orders", "--config", "c", "--set", "jobs=2");
    String all = "belay migrate --url orders --config c --set jobs=2";

    for (String condition :
        List.of("a -d b", "x --url y", "--config z", "a --set jobs=3", "a -h b")) {
      String where = " --where " + ShellWords.quote(condition);
      assertThat(database.text("belay migrate" + where)).isEqualTo(all + where);
    }
    assertThat(database.text("belay migrate --where 'it is")).isEqualTo(all + " --where 'it is");
    assertThat(database.text("belay migrate --set=jobs=4"))
        .isEqualTo("belay migrate --url orders --config c --set=jobs=4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two words",
        "it's",
        "$(rm -rf ~)",
        "`id`",
        "a;b",
        "a, b",
        "x -- y",
        "\"quoted\"",
        "back\\slash",
        "*?[a]",
        "--url",
        "a: belay migrate",
        "postgresql://app@db/x?sslmode=require&application_name=x"
      })
  void anyValueIsOneWordForAShell(String value) {
    SameDatabase database = given("--url", value);
    String printed = database.text("belay migrate app");

    assertThat(ShellWords.split(printed))
        .containsExactly("belay", "migrate", "--url", value, "app");
    assertThat(database.text(printed)).isEqualTo(printed);
  }

  @Test
  void noPasswordIsRepeated() {
    assertThat(
            SameDatabase.options(
                List.of(
                    "--set",
                    "jobs=2",
                    "--set",
                    "password=hunter22",
                    "--url",
                    "orders",
                    "--config",
                    "prod.yaml",
                    "--log-file",
                    "x.log"),
                ADDRESS))
        .containsExactly("--set", "jobs=2", "--url", "orders", "--config", "prod.yaml");
    for (String url :
        List.of(
            "postgresql://app:hunter22@db:5433/it's",
            "jdbc:postgresql://db:5433/its?user=app&password=hunter22",
            "host=db password=hunter22 dbname=its")) {
      assertThat(SameDatabase.options(List.of("--url", url), ADDRESS))
          .as(url)
          .containsExactly("--url", CONNECTION);
      assertThat(SameDatabase.options(List.of("--set", "url=" + url), ADDRESS))
          .as(url)
          .containsExactly("--url", CONNECTION);
      assertThat(SameDatabase.options(List.of("--set", "url=" + url, "--url", "orders"), ADDRESS))
          .as(url)
          .containsExactly("--url", "orders");
      assertThat(SameDatabase.options(List.of("--url", url, "--config", "c"), null))
          .as(url)
          .containsExactly("--config", "c");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "watch.heartbeatUrl=https://hc-ping.com/0b1c2d3e",
        "apps.o.placeholders.DBPWD=hunter22",
        "apps.o.placeholders.pass-word=hunter22",
        "apps.o.placeholders.pass_wd=hunter22",
        "apps.o.placeholders.web-hook=https://x.example/0b1c2d3e",
        "hooks.after=curl -u me:hunter22 https://x.example"
      })
  void noSettingThatSoundsOrLooksSecretIsRepeated(String setting) {
    String name = setting.substring(0, setting.indexOf('='));
    List<String> common = List.of("--set", setting, "--set", "jobs=2");

    assertThat(SameDatabase.options(common, ADDRESS)).containsExactly("--set", "jobs=2");
    assertThat(SameDatabase.leftOut(common)).containsExactly(name);
    assertThat(Masking.commandLine(common))
        .startsWith("--set " + name + "=")
        .doesNotContain("hunter22", "0b1c2d3e");
    assertThat(Masking.commandLine(List.of("--set=" + setting)))
        .doesNotContain("hunter22", "0b1c2d3e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db1/x?user=me&p%61ssword=hunter22",
        "postgresql://db1/x?user=me&%70%61%73%73word=hunter22",
        "jdbc:postgresql:x?p%61ssword=hunter22"
      })
  void aPasswordBehindAnEncodedNameIsOne(String url) {
    assertThat(SameDatabase.options(List.of("--url", url), ADDRESS))
        .containsExactly("--url", CONNECTION);
    assertThat(Masking.commandLine(List.of("--url", url)))
        .startsWith("--url " + url.substring(0, url.indexOf('?')))
        .doesNotContain("hunter22");
  }

  @Test
  void whereASecretLiesIsRepeated() {
    List<String> file = List.of("--set", "passwordFile=/run/pgpass", "--set", "password-file=p");
    assertThat(SameDatabase.options(file, ADDRESS)).isEqualTo(file);
    assertThat(SameDatabase.leftOut(file)).isEmpty();

    List<String> noSecret =
        List.of("--url", "postgresql://db1:5432/orders?user=me@corp&passfile=/run/pgpass");
    assertThat(SameDatabase.options(noSecret, ADDRESS)).isEqualTo(noSecret);

    String url = "postgresql://app:hunter22@db1/orders?passfile=/run/pg pass";
    PsqlAddress address = PsqlAddress.of(TARGET, Optional.of("/run/pg pass"));
    assertThat(SameDatabase.options(List.of("--url", url), address))
        .containsExactly("--url", CONNECTION + " passfile='/run/pg pass'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/a:b@c/belay.yaml", "/opt/token=x/belay.yaml"})
  void aConfigurationFileIsNoSecretWhateverItIsCalled(String file) {
    List<String> config = List.of("--config", file);

    assertThat(SameDatabase.options(config, ADDRESS)).isEqualTo(config);
    assertThat(SameDatabase.leftOut(config)).isEmpty();
  }

  @Test
  void statementsForPsqlGoToTheSameDatabase() {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of("--config", "c"), ADDRESS);
    String ended = database.text("wait, or: psql -c 'select 1'; then: belay verify-state");

    assertThat(ended)
        .isEqualTo(
            "wait, or: psql -d %s -c 'select 1'; then: belay verify-state --config c"
                .formatted(ShellWords.quote(CONNECTION)));
    assertThat(database.text(ended)).isEqualTo(ended);
  }

  @Test
  void withoutOptionsOnlyStatementsForPsqlGetSomething() {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of(), ADDRESS);
    Failure failure = Failure.failed("m", "look with: psql -c 'select 1'; then: belay migrate");

    assertThat(database.failure(failure).hint())
        .isEqualTo(
            "look with: psql -d %s -c 'select 1'; then: belay migrate"
                .formatted(ShellWords.quote(CONNECTION)));
    assertThat(database.isPlain()).isFalse();
    assertThat(SameDatabase.plain().text("psql -c 'select 1'")).isEqualTo("psql -c 'select 1'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run psql -c 'select 1' in /srv",
        "belay verify-state --config c --set \"hooks.after=psql -c 'select 1'\"",
        "belay guard --config c --name x -- sh -c 'psql -c \"update t\"; psql -c x'",
        "belay guard --config c -- psql -c vacuum audit",
        "belay guard --config c -- echo a: psql -c x with psql -c y then belay verify-state",
        "table psql -c has no key",
        "psql -d other -c 'select 1'"
      })
  void commandsOfAUserStayAsTheyAre(String text) {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of("--config", "c"), ADDRESS);

    assertThat(database.text(text)).isEqualTo(text);
  }

  @Test
  void behindACommandOfAUserTheSentenceGoesOn() {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of("--config", "c"), ADDRESS);

    assertThat(database.text("belay guard -- echo a; then: psql -c x; or: belay verify-state"))
        .isEqualTo(
            "belay guard --config c -- echo a; then: psql -d %s -c x; or: belay verify-state --config c"
                .formatted(ShellWords.quote(CONNECTION)));
  }

  @Test
  void whatSomebodyElseIsToRunNamesNoUser() {
    SameDatabase database =
        SameDatabase.of(
            COMMANDS,
            List.of("--url", "postgresql://app:hunter22@db1/x?passfile=/run/pg pass"),
            ADDRESS);
    String hint = ShellWords.psqlOfOther("grant create") + ", as the owner of the database";

    assertThat(database.text(hint))
        .isEqualTo(
            "psql -d %s --command 'grant create', as the owner of the database"
                .formatted(
                    ShellWords.quote(
                        "host='db 1' port=5433 dbname='it\\'s' sslmode=verify-full"
                            + " sslrootcert=/ca.pem")));
  }

  @Test
  void aNameThatReadsLikeAConnectionStaysWhole() {
    Target hostile =
        new Target("db1", 5432, "orders user=x", "app", Optional.empty(), Tls.PREFER, 5);
    SameDatabase database =
        SameDatabase.of(
            COMMANDS, List.of("--config", "c"), PsqlAddress.of(hostile, Optional.empty()));

    assertThat(database.text(ShellWords.psqlOfOther("grant usage")))
        .isEqualTo(
            "psql -d %s --command 'grant usage'"
                .formatted(
                    ShellWords.quote("host=db1 port=5432 dbname='orders user=x' sslmode=prefer")));
  }

  @Test
  void theListOfDatabasesIsOfTheSameServer() {
    Target target = new Target("db1", 5432, "ordes", "app", Optional.empty(), Tls.PREFER, 5);
    SameDatabase database =
        SameDatabase.of(
            COMMANDS, List.of("--config", "c"), PsqlAddress.of(target, Optional.empty()));

    assertThat(database.text("list the databases with: psql --list, and name one"))
        .isEqualTo(
            "list the databases with: psql -d %s --list, and name one"
                .formatted(
                    ShellWords.quote(
                        "host=db1 port=5432 user=app dbname=postgres sslmode=prefer")));
  }

  @Test
  void bothStatementsOfALineGoToTheSameDatabase() {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of(), ADDRESS);
    String line = "%s && pg_dump -d 'x' > table.sql; %s";
    String psql = "psql -d " + ShellWords.quote(CONNECTION) + " -c ";

    assertThat(database.text(line.formatted(ShellWords.psql("a b"), ShellWords.psql("c \"d\""))))
        .isEqualTo(line.formatted(psql + "'a b'", psql + "'c \"d\"'"));
  }

  @Test
  void ofAPlanTheStepsStayAsTheyAre() {
    SameDatabase database = SameDatabase.of(COMMANDS, List.of("--config", "c"), ADDRESS);
    String step = "run echo a: psql -c x in /srv";
    Plan plan = new Plan("t", List.of(step), List.of("with: belay migrate"), List.of(), "d");

    assertThat(database.plan(plan).steps()).containsExactly(step);
    assertThat(database.plan(plan).notes()).containsExactly("with: belay migrate --config c");
  }

  @Test
  void aFailureKeepsAllButItsWords() {
    IllegalStateException cause = new IllegalStateException("a bug");
    Failure failure =
        Failure.incomplete(
                "belay migrate broke", "half (back with: belay migrate)", "belay verify-state")
            .causedBy(cause);
    failure.addSuppressed(new IllegalStateException("another"));

    Failure told = given("--config", "c").failure(failure);

    assertThat(told.message()).isEqualTo("belay migrate broke");
    assertThat(told.state()).isEqualTo("half (back with: belay migrate --config c)");
    assertThat(told.hint()).isEqualTo("belay verify-state --config c");
    assertThat(told.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(told).hasCause(cause);
    assertThat(told.getStackTrace()).isEqualTo(failure.getStackTrace());
    assertThat(told.getSuppressed()).isEqualTo(failure.getSuppressed());
    assertThat(given("--config", "c").failure(told)).isSameAs(told);
    assertThat(SameDatabase.plain().failure(failure)).isSameAs(failure);
  }

  /** One of each kind. */
  private record Answer(
      String table,
      @ToPaste String next,
      @ToPaste @Nullable String nothing,
      @ToPaste Optional<String> fix,
      @ToPaste List<String> notes,
      List<String> names,
      Optional<Line> line,
      Map<String, Line> lines2,
      List<Line> all)
      implements Report {
    @Override
    public ExitCode exitCode() {
      return ExitCode.OK;
    }

    @Override
    public List<String> lines() {
      return List.of(next);
    }
  }

  /** A record that takes no other words than it was made with. */
  private record Stubborn(@ToPaste String next) implements Report {
    Stubborn {
      if (!next.equals("belay migrate")) {
        throw new IllegalArgumentException(next);
      }
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.OK;
    }

    @Override
    public List<String> lines() {
      return List.of(next);
    }
  }

  @Test
  void anAnswerThatCannotBeRewordedIsNotLost() {
    Stubborn done = new Stubborn("belay migrate");

    assertThat(given("--config", "c").report(done)).isSameAs(done);
  }

  private record Line(String name, @ToPaste String hint) {}

  @Test
  void ofAnAnswerOnlyWhatIsToBePastedChanges() {
    String command = "belay migrate";
    String whole = "belay migrate --config c";
    Line line = new Line(command, command);
    Line other = new Line(command, whole);
    Answer answer =
        new Answer(
            command,
            command,
            null,
            Optional.of(command),
            List.of(command, "a note"),
            List.of(command),
            Optional.of(line),
            Map.of(command, line),
            List.of(line));

    assertThat(given("--config", "c").report(answer))
        .isEqualTo(
            new Answer(
                command,
                whole,
                null,
                Optional.of(whole),
                List.of(whole, "a note"),
                List.of(command),
                Optional.of(other),
                Map.of(command, other),
                List.of(other)));
    assertThat(SameDatabase.plain().report(answer)).isSameAs(answer);
    Sample.Answer without = new Sample.Answer(true);
    assertThat(given("--config", "c").report(without)).isSameAs(without);
  }
}
