package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.SameDatabase;
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
            SameDatabase.of(
                List.of("emergency-recovery", "verify-state", "list-migrations"),
                List.of("--config", "prod&old.yaml"),
                null));
    Target target = new Target("db", 5433, "two words", "app", Optional.empty(), Tls.PREFER, 10);
    Again again = Again.of(request, target);
    String connection = "host=db port=5433 user=app dbname='%s' sslmode=prefer";
    String psql = "psql -d " + ShellWords.quote(connection.formatted("two words")) + " -c ";
    String list =
        "psql -d "
            + ShellWords.quote(connection.replace("'", "").formatted("postgres"))
            + " --list";

    assertThat(again.hint("belay emergency-recovery"))
        .isEqualTo(
            "belay emergency-recovery --config 'prod&old.yaml' billing --no-backup --jars /jars");
    assertThat(again.hint(again.hint("belay verify-state")))
        .isEqualTo("belay verify-state --config 'prod&old.yaml'");
    assertThat(Pasteable.is(again.hint("belay verify-state"))).isTrue();
    assertThat(again.hint("psql -c 'reindex index x'")).isEqualTo(psql + "'reindex index x'");
    assertThat(Pasteable.is(again.hint("psql -c 'reindex index x'"))).isTrue();
    assertThat(again.hint("wait for it, or end it with: psql -c 'select 1'"))
        .isEqualTo("wait for it, or end it with: " + psql + "'select 1'");
    assertThat(again.hint("psql --list")).isEqualTo(list);
    assertThat(again.hint("belay list-migrations, then migrate"))
        .isEqualTo("belay list-migrations --config 'prod&old.yaml', then migrate");
    assertThat(Again.fixing(request))
        .isEqualTo("belay emergency-recovery billing --no-backup --no-export --jars /jars");
  }
}
