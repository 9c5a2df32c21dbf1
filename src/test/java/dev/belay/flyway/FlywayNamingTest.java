package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlywayNamingTest {
  private final FlywayNaming naming = FlywayNaming.of(Map.of());

  @Test
  void takesNamesApart() {
    ScriptName name = naming.migration("V1_2__add_the_\"users\"__table.sql").orElseThrow();

    assertThat(name.kind()).isEqualTo(ScriptKind.VERSIONED);
    assertThat(name.version()).hasToString("1.2");
    assertThat(name.description()).isEqualTo("add the \"users\"  table");
    assertThat(name.type()).isEqualTo("SQL");
  }

  @Test
  void knowsTheKinds() {
    assertThat(naming.migration("R__views.sql").orElseThrow().kind())
        .isEqualTo(ScriptKind.REPEATABLE);
    assertThat(naming.migration("B10__all.sql").orElseThrow().type()).isEqualTo("SQL_BASELINE");
    assertThat(naming.migration("V3__load.sh").orElseThrow().type()).isEqualTo("SCRIPT");
    assertThat(naming.migration("V3__load").orElseThrow().type()).isEqualTo("SCRIPT");
    assertThat(naming.migration("V4.SQL").orElseThrow().description()).isEmpty();
    assertThat(naming.undoScript("U1.1__x.sql").orElseThrow().version()).hasToString("1.1");
  }

  @Test
  void leavesOutWhatFlywayDoesNotRun() {
    for (String other :
        List.of(
            "V__none.sql",
            "Vx__x.sql",
            "R1__x.sql",
            "README.md",
            "v1__x.sql",
            "V1__x.sql.bak",
            "V1__x.sql.conf",
            "U1__x.sql",
            "afterMigrate.sql",
            "V1.1__no_ending")) {
      assertThat(naming.migration(other)).as(other).isEmpty();
    }
  }

  @Test
  void followsTheSettings() {
    FlywayNaming own =
        FlywayNaming.of(
            Map.of(
                "sqlMigrationPrefix", "M",
                "repeatableSqlMigrationPrefix", "MR",
                "undoSqlMigrationPrefix", "BACK",
                "sqlMigrationSeparator", "-",
                "sqlMigrationSuffixes", ".sql,.pks"));

    assertThat(own.migration("M7-a_b.pks").orElseThrow().description()).isEqualTo("a b");
    assertThat(own.migration("MR-a.sql").orElseThrow().kind()).isEqualTo(ScriptKind.REPEATABLE);
    assertThat(own.undoScript("BACK7-a.sql")).isPresent();
    assertThat(own.migration("V1__x.sql")).isEmpty();
  }
}
