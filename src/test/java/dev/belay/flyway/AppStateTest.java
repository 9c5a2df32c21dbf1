package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What Flyway's table tells of a migration that was begun, whatever lies on the disk. */
class AppStateTest {
  private static final OptionalInt UNKNOWN = OptionalInt.empty();

  @Test
  void aRowInForceOrFailedTellsOfIt() {
    AppState state =
        state(
            new Rows().add("SQL", "1", "a").add("SQL", "2", "b", null, false).add("SQL", "3", "c"));

    assertThat(state.tellsOf("V1__a.sql", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("V2__b.sql", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("V2__b.sql", OptionalInt.of(1))).isTrue();
    assertThat(state.tellsOf("V4__d.sql", UNKNOWN)).isFalse();
    assertThat(state.tellsOf("V4__d.sql", OptionalInt.of(1))).isFalse();
  }

  @Test
  void itIsTheSameInAnotherFolderWithAnotherNameAndAsAClass() {
    AppState state = state(new Rows().add("SQL", "3", "c"));

    assertThat(state.tellsOf("old/V3__c.sql", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("V03__other.SQL", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("db.migration.V3__C", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("db.migration.V4__C", UNKNOWN)).isFalse();
  }

  @Test
  void whatWasTakenBackTellsOfWhatBeganBefore() {
    AppState state = state(new Rows().add("SQL", "3", "c").add("DELETE", "3", "c"));

    assertThat(state.tellsOf("V3__c.sql", OptionalInt.of(0))).isTrue();
    assertThat(state.tellsOf("V3__c.sql", OptionalInt.of(1))).isFalse();
    assertThat(state.tellsOf("V3__c.sql", OptionalInt.of(2))).isFalse();
    assertThat(state.tellsOf("V3__c.sql", UNKNOWN)).isFalse();
  }

  @Test
  void ofARepeatableOneOnlyALaterRunTells() {
    AppState state = state(new Rows().add("SQL", null, "views"));

    assertThat(state.tellsOf("R__views.sql", OptionalInt.of(1))).isFalse();
    assertThat(state.tellsOf("R__views.sql", OptionalInt.of(0))).isTrue();
    assertThat(state.tellsOf("R__views.sql", UNKNOWN)).isTrue();
    assertThat(state.tellsOf("R__other.sql", UNKNOWN)).isFalse();
  }

  @Test
  void aScriptIsCalledWithoutItsFolderAndEndingAndAClassInFull() {
    AppState state = state(new Rows());

    assertThat(state.nameOf("in/V3__c.sql")).isEqualTo("V3__c");
    assertThat(state.nameOf("V3.1__c.sql")).isEqualTo("V3.1__c");
    assertThat(state.nameOf("R__views.sql")).isEqualTo("R__views");
    assertThat(state.nameOf("V3__c.sh")).isEqualTo("V3__c");
    assertThat(state.nameOf("db.migration.V3__C")).isEqualTo("db.migration.V3__C");
  }

  private static AppState state(Rows rows) {
    return new AppState(
        Rows.app(List.of(), List.of(), Map.of()),
        rows.history(),
        new MigrationScripts(List.of(), List.of(), List.of()),
        List.of());
  }
}
