package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationStatesTest {
  private static final Target TARGET =
      new Target("localhost", 5432, "clinic", "app", Optional.empty(), Tls.PREFER, 10);

  @TempDir private Path folder;

  @BeforeEach
  void scripts() throws IOException {
    write("V1__a.sql", "select 1;");
    write("V2__b.sql", "select 2;");
    write("V3__c.sql", "select 3;");
  }

  @Test
  void readsARowThatFlywayItselfCannot() {
    Rows rows = applied().add("UNDO_SQL", "3", "c");

    List<Migration> migrations = states(rows);

    assertThat(migrations.get(2).state()).isEqualTo(MigrationState.UNDONE);
    assertThat(migrations.get(2).closedBy()).isEqualTo(rows.history().rows().get(3));
    assertThat(migrations.get(3).state()).isEqualTo(MigrationState.PENDING);
    assertThat(rows.history().currentVersion()).isEqualTo("2");
    assertThat(rows.history().rows().get(3).isReadableByFlyway()).isFalse();
  }

  @Test
  void canBeUndoneAndAppliedManyTimes() {
    Rows rows = applied().add("UNDO_SQL", "3", "c").add("SQL", "3", "c").add("DELETE", "3", "c");
    rows.add("SQL", "3", "c");

    assertThat(states(rows).stream().map(Migration::state))
        .containsExactly(
            MigrationState.SUCCESS,
            MigrationState.SUCCESS,
            MigrationState.UNDONE,
            MigrationState.DELETED,
            MigrationState.SUCCESS);
    assertThat(rows.history().currentVersion()).isEqualTo("3");
  }

  @Test
  void callsAnUndoThatIsNotToBeRepeatedHeld() {
    List<Migration> migrations = states(applied().add("UNDO_SCRIPT", "3.0", "c"));

    assertThat(migrations.get(2).state()).isEqualTo(MigrationState.HELD);
    assertThat(migrations.get(2).flywayState()).isEqualTo(MigrationState.SUCCESS);
    assertThat(migrations.get(3).isRecord()).isTrue();
    assertThat(applied().add("UNDO_SCRIPT", "3", "c").history().currentVersion()).isEqualTo("2");
  }

  @Test
  void aDeletedHoldLeavesTheMigrationInForce() {
    Rows rows = applied().add("UNDO_SCRIPT", "3", "c").add("DELETE", "3", "c");

    assertThat(states(rows).get(2).state()).isEqualTo(MigrationState.SUCCESS);
    assertThat(rows.history().currentVersion()).isEqualTo("3");
  }

  @Test
  void aMigrationInCodeIsNotMissing() {
    Migration inCode = states(applied().add("JDBC", "2.5", "in code")).get(3);

    assertThat(inCode.state()).isEqualTo(MigrationState.SUCCESS);
    assertThat(inCode.flywayState()).isEqualTo(MigrationState.MISSING_SUCCESS);
  }

  @Test
  void findsTheUndoScriptInItsOwnFolderBeforeTheOther() throws IOException {
    Path undo = Files.createDirectory(folder.resolve("undo"));
    Files.writeString(undo.resolve("U3.0__c.sql"), "select 3");
    write("db/U3__c.sql", "select 3");
    write("db/U1__a.sql", "select 1");

    MigrationScripts scripts =
        MigrationScripts.scan(
            Rows.app(List.of("filesystem:" + folder), List.of(undo.toString()), Map.of()), TARGET);

    assertThat(scripts.undo(MigrationVersion.of("3")).orElseThrow().file())
        .isEqualTo(undo.resolve("U3.0__c.sql"));
    assertThat(scripts.undo(MigrationVersion.of("1"))).isPresent();
    assertThat(scripts.undo(MigrationVersion.of("2"))).isEmpty();
    assertThat(scripts.problems()).hasSize(1);
    assertThat(scripts.problems().get(0).kind()).isEqualTo(ScriptProblem.Kind.DUPLICATE);
  }

  @Test
  void saysWhatKeepsScriptsFromBeingRead() throws IOException {
    write("sub/V01.0__again.sql", "select 1 + 1");
    write("V5-wrong.sql", "select 5");
    Files.write(folder.resolve("V6__latin.sql"), new byte[] {(byte) 0xe4, 'x'});
    write("R__view.sql", "select '${unheard}'");

    MigrationScripts scripts =
        MigrationScripts.scan(
            Rows.app(
                List.of("filesystem:" + folder, "classpath:db/migration", folder + "/none"),
                List.of(),
                Map.of()),
            TARGET);

    assertThat(scripts.problems().stream().map(ScriptProblem::kind))
        .containsExactlyInAnyOrder(
            ScriptProblem.Kind.DUPLICATE,
            ScriptProblem.Kind.NAME,
            ScriptProblem.Kind.UNREADABLE,
            ScriptProblem.Kind.UNREADABLE,
            ScriptProblem.Kind.LOCATION);
    assertThat(scripts.complete()).isFalse();
    assertThat(scripts.problems().toString()).contains("${unheard}").contains("UTF-8");
  }

  @Test
  void aFolderWithinAnotherIsReadOnce() throws IOException {
    write("sub/V4__d.sql", "select 4");

    MigrationScripts scripts =
        MigrationScripts.scan(
            Rows.app(
                List.of(folder + "/sub", folder.toString(), folder.toString()),
                List.of(),
                Map.of()),
            TARGET);

    assertThat(scripts.migrations()).hasSize(4);
    assertThat(scripts.problems()).isEmpty();
    assertThat(scripts.migrations().get(3).script()).isEqualTo("sub/V4__d.sql");
  }

  @Test
  void seesWhatWasEditedAfterItWasApplied() {
    Rows rows = new Rows().add("SQL", "1", "a", 1, true).add("SQL", "2", "other", sum(1), true);

    List<Migration> migrations = states(rows);

    assertThat(migrations.get(0).differences()).containsExactly(Migration.Difference.CHECKSUM);
    assertThat(migrations.get(1).differences()).containsExactly(Migration.Difference.DESCRIPTION);
  }

  @Test
  void bearsAHistoryThatSomebodyWroteByHand() {
    Rows rows =
        applied().add("SQL", "zwölf", "?").add("WHATEVER", "9", "?").add("DELETE", "77", "?");
    rows.add("DELETE", "3", "c").add("DELETE", "3", "c");

    assertThat(states(rows)).hasSize(6);
    assertThat(HistoryRow.secondDeletes(rows.history().rows()))
        .extracting(AppliedMigration::version)
        .containsExactly("3");
  }

  @Test
  void theHistoryComesBackFromJson() {
    MigrationHistory history = applied().add("SQL", null, "repeatable", null, false).history();

    String json = Json.pretty(history);

    assertThat(json).contains("\"currentVersion\": \"3\"").doesNotContain("readable");
    assertThat(Json.MAPPER.readValue(json, MigrationHistory.class)).isEqualTo(history);
  }

  private Rows applied() {
    return new Rows()
        .add("SQL", "1", "a", sum(0), true)
        .add("SQL", "2", "b", sum(1), true)
        .add("SQL", "3", "c", sum(2), true);
  }

  private @Nullable Integer sum(int index) {
    return MigrationScripts.scan(Rows.app(folder), TARGET).migrations().get(index).checksum();
  }

  private List<Migration> states(Rows rows) {
    var app = Rows.app(folder);
    return MigrationStates.of(app, rows.history(), MigrationScripts.scan(app, TARGET), false);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
