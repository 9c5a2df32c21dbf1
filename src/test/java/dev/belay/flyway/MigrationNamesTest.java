package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationNamesTest {
  @TempDir private Path folder = Path.of("");
  private Declared app = new Declared("a", folder);

  @BeforeEach
  void scripts() {
    app =
        new Declared("shop", folder)
            .script("V17__first.sql", "select 1;")
            .script("V18__remove_x.sql", "select 1;")
            .script("V2_1__dotted.sql", "select 1;")
            .script("R__my_views.sql", "select 1;")
            .applied("2.1", "17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18",
        "V18",
        "v18",
        "18.0",
        " V18 ",
        "V18__remove_x",
        "V18__remove_x.sql",
        "db/migration/V18__remove_x.sql",
        "v18__remove_x"
      })
  void findsAVersionByAnyOfItsNames(String text) {
    assertThat(find(text).name()).isEqualTo("V18__remove_x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"R__my_views", "R__my_views.sql", "my views", "my_views", "r__my_views"})
  void findsARepeatableMigrationByAnyOfItsNames(String text) {
    assertThat(find(text).name()).isEqualTo("R__my_views");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.1", "2_1", "V2_1", "V2.1", "V2_1__dotted"})
  void findsAVersionWithDots(String text) {
    assertThat(find(text).name()).isEqualTo("V2.1__dotted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"19", "V19__remove_x", "", " ", "/", "views; drop", "U18", "R__", "V"})
  void saysWhichNamesComeNear(String text) {
    assertThatThrownBy(() -> find(text))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message()).contains("'" + text + "'").contains("shop");
              assertThat(failure.hint()).contains("belay list-migrations shop");
            });
  }

  @Test
  void saysWhatTheVersionIsWhenTheWordsAreOthers() {
    assertThatThrownBy(() -> find("V18__remove_y"))
        .hasMessageContaining("version 18 is V18__remove_x");
    assertThatThrownBy(() -> find("V178"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.hint()).contains("V17__first"));
  }

  @Test
  void prefersWhatIsInForceThenWhatIsPending() {
    assertThat(find("17").state()).isEqualTo(MigrationState.SUCCESS);
    Rows rows = new Rows().add("SQL", "17", "first").add("DELETE", "17", "first");
    assertThat(new Declared("b", folder).script("V17__first.sql", "select 1;").rows(rows).state())
        .satisfies(
            state ->
                assertThat(MigrationNames.find(state, "17").state())
                    .isEqualTo(MigrationState.PENDING));
    AppState withoutScript = new Declared("c", folder).rows(rows).state();
    assertThat(MigrationNames.find(withoutScript, "17").state()).isEqualTo(MigrationState.DELETED);
  }

  @Test
  void goesByThePrefixesOfTheApp() {
    AppState state =
        new Declared("d", folder)
            .setting("sqlMigrationPrefix", "")
            .setting("repeatableSqlMigrationPrefix", "again")
            .script("3__x.sql", "select 1;")
            .script("again__y.sql", "select 1;")
            .state();
    assertThat(MigrationNames.find(state, "3").name()).isEqualTo("3__x");
    assertThat(MigrationNames.label(state.app(), MigrationNames.find(state, "3__x")))
        .isEqualTo("3");
    assertThat(MigrationNames.label(state.app(), MigrationNames.find(state, "again__y")))
        .isEqualTo("again__y");
  }

  private Migration find(String text) {
    return MigrationNames.find(app.state(), text);
  }
}
