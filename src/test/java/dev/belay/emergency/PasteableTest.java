package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.process.ShellWords;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed to be pasted can be pasted, and finds the same database again. */
class PasteableTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "belay verify-state",
        "belay verify-integrity --check check-violations",
        "belay emergency-recovery --no-backup --no-export",
        "belay resolve-conflicts ward --only remove-failed-rows --accept V4",
        "belay validate-backup latest --level restored",
        "psql -c 'rollback prepared ''x'''",
        "psql --list",
        "psql -c 'alter system set fsync = on' -c 'select pg_reload_conf()'"
      })
  void aWholeCommandIsOne(String hint) {
    assertThat(Pasteable.is(hint)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "belay",
        "see the step fixes",
        "belay create-backup puts right what dead runs left, before it does its own work",
        "belay validate-schema shows each with both definitions",
        "belay list-migrations, then migrate",
        "belay emergency-recovery, or undo by hand what it left, then belay resolve-conflicts",
        "belay export-data --table <name>",
        "alter system set fsync = on, then select pg_reload_conf()",
        "store the scripts again: belay store-undo --replace",
        "name the primary with --url",
        "psql -c 'rollback prepared ''x''', or commit prepared, as its application says",
        "it isn't one"
      })
  void aSentenceIsNone(String hint) {
    assertThat(Pasteable.is(hint)).isFalse();
  }

  @Test
  void optionsGoBehindCommandsOfBelayOnly() {
    assertThat(Pasteable.with("belay verify-state", "--config prod.yaml"))
        .isEqualTo("belay verify-state --config prod.yaml");
    assertThat(Pasteable.with("belay verify-state", "")).isEqualTo("belay verify-state");
    assertThat(Pasteable.with("belay verify-state --config x", "--config x"))
        .isEqualTo("belay verify-state --config x");
    assertThat(Pasteable.with("pg_isready -h db", "--config x")).isEqualTo("pg_isready -h db");
  }

  @Test
  void whatIsPastedIsAboutTheSameDatabaseAndDoesNoMoreThanWasAsked() {
    EmergencyRequest request =
        new EmergencyRequest(
            Optional.of("billing"),
            List.of(),
            false,
            true,
            true,
            1,
            List.of(Path.of("/jars")),
            false,
            List.of("--config", "prod.yaml"));
    String connection = "host=db port=5433 dbname='two words'";
    Again again = Again.of(request, connection);
    String psql = "psql -d " + ShellWords.quote(connection) + " -c ";

    assertThat(again.hint("belay emergency-recovery"))
        .isEqualTo("belay emergency-recovery billing --no-backup --jars /jars --config prod.yaml");
    assertThat(again.hint(again.hint("belay verify-state")))
        .isEqualTo("belay verify-state --config prod.yaml");
    assertThat(again.hint("psql -c 'reindex index x'")).isEqualTo(psql + "'reindex index x'");
    assertThat(Pasteable.is(again.hint("psql -c 'reindex index x'"))).isTrue();
    assertThat(again.hint("wait for it, or end it with: psql -c 'select 1'"))
        .isEqualTo("wait for it, or end it with: " + psql + "'select 1'");
    assertThat(again.hint("belay list-migrations, then migrate"))
        .isEqualTo("belay list-migrations, then migrate");
    assertThat(Again.fixing(request))
        .isEqualTo("belay emergency-recovery billing --no-backup --no-export --jars /jars");
  }

  @Test
  void theSameDatabaseIsFoundAgainAndNoPasswordIsRepeated() {
    Target target =
        new Target(
            "db 1",
            5433,
            "it's",
            "app",
            Optional.empty(),
            new Tls("verify-full", Optional.of("/ca.pem"), Optional.empty(), Optional.empty()),
            5);

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
                target))
        .containsExactly("--set", "jobs=2", "--url", "orders", "--config", "prod.yaml");
    for (String url :
        List.of(
            "postgresql://app:hunter22@db:5433/it's",
            "jdbc:postgresql://db:5433/its?user=app&password=hunter22",
            "host=db password=hunter22 dbname=its")) {
      assertThat(SameDatabase.options(List.of("--url", url), target))
          .as(url)
          .containsExactly(
              "--url",
              "host='db 1' port=5433 user=app dbname='it\\'s' sslmode=verify-full sslrootcert=/ca.pem");
    }
  }
}
