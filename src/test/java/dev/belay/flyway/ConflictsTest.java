package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.flyway.Conflict.Effect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConflictsTest {
  private final Path folder;
  private final Declared app;

  ConflictsTest(@TempDir Path folder) {
    this.folder = folder;
    app =
        new Declared("shop", folder)
            .script("V1__a.sql", "select 1;")
            .script("V3__c.sql", "select 3;")
            .script("R__r.sql", "select 9;");
  }

  @Test
  void pendingIsNone() {
    assertThat(app.conflicts()).isEmpty();
    assertThat(app.applied("1").conflicts()).isEmpty();
  }

  @Test
  void theWorstComesFirst() {
    Rows rows =
        new Rows()
            .add("SQL", "1", "a")
            .add("SQL", "2", "b")
            .add("SQL", "3.0", "c")
            .add("SQL", "4", "d")
            .add("UNDO_SQL", "4", "d")
            .add("SQL", "5", "e");
    List<Conflict> conflicts = app.rows(rows).conflicts();
    assertThat(conflicts)
        .extracting(Conflict::kind)
        .containsExactly(
            ConflictKind.UNREADABLE_ROW,
            ConflictKind.MISSING_SCRIPT,
            ConflictKind.NEWER_THAN_SCRIPTS,
            ConflictKind.VERSION_FORM);
    assertThat(conflicts)
        .extracting(Conflict::effect)
        .containsExactly(Effect.ALL_FAIL, Effect.START_FAILS, Effect.NOTICE, Effect.NOTICE);
    assertThat(conflicts.get(1).ifMarkedDeleted()).contains("fails").contains("V2");
    assertThat(conflicts.get(2).ifMarkedDeleted()).contains("second time");
  }

  @Test
  void outOfOrderChangesWhatAFullCheckoutWouldDo() {
    Rows rows = new Rows().add("SQL", "2", "b");
    assertThat(app.setting("outOfOrder", "true").rows(rows).applied("1", "3").conflicts())
        .filteredOn(conflict -> conflict.kind() == ConflictKind.MISSING_SCRIPT)
        .extracting(Conflict::ifMarkedDeleted)
        .containsExactly(
            "the next start with all scripts runs V2 a second time, on a database that has all of it already");
  }

  @Test
  void withoutValidationNothingIsNoticedWhichIsNotSafe() {
    Rows rows = new Rows().add("SQL", "1", "a", 4711, true);
    app.setting("validateOnMigrate", "false").rows(rows);
    assertThat(app.conflicts()).extracting(Conflict::effect).containsExactly(Effect.UNSAFE);
  }

  @Test
  void whatASettingPassesOverIsANotice() {
    app.rows(new Rows().add("SQL", "2", "b")).applied("3");
    app.setting("ignoreMigrationPatterns", "*:missing,*:ignored");
    assertThat(app.conflicts())
        .extracting(Conflict::kind, Conflict::effect)
        .containsExactly(
            tuple(ConflictKind.NOT_APPLIED, Effect.UNSAFE),
            tuple(ConflictKind.MISSING_SCRIPT, Effect.NOTICE));
  }

  @Test
  void aLocationThatIsNotThereTellsNothingMissing() {
    Rows rows = new Rows().add("SQL", "2", "b");
    Target nobody = new Target("h", 1, "d", "u", Optional.empty(), Tls.PREFER, 1);
    AppSettings nowhere = Rows.app(folder.resolve("nowhere"));
    MigrationScripts none = MigrationScripts.scan(nowhere, nobody);
    AppState blind =
        new AppState(
            nowhere,
            rows.history(),
            none,
            MigrationStates.of(nowhere, rows.history(), none, false));
    assertThat(blind.knowsAllScripts()).isFalse();
    assertThat(
            Conflicts.of(blind, Requirements.of(List.of(blind)), new HistoryForm("r", List.of())))
        .isEmpty();
  }

  @Test
  void aTableOfAnotherFormIsTold() {
    HistoryForm form =
        new HistoryForm(
            "p",
            List.of(
                new HistoryForm.Column("installed_rank", "bigint"),
                new HistoryForm.Column("category", "text"),
                new HistoryForm.Column("success", "boolean")));
    assertThat(form.oddities())
        .containsExactly(
            "it is a partitioned table, not a table",
            "its column installed_rank is bigint, not integer",
            "it has a column category (text) that Flyway 13 does not know");
    assertThat(new HistoryForm("", List.of()).oddities()).isEmpty();
  }

  @Test
  void aVersionThatIsNoneIsToldAndSoIsAFailedRow() {
    Rows rows = new Rows().add("SQL", "one", "x").add("SQL", "1", "a", null, false);
    assertThat(app.rows(rows).conflicts())
        .extracting(Conflict::kind)
        .contains(ConflictKind.UNREADABLE_ROW, ConflictKind.FAILED_ROW);
  }

  @Test
  void sumsOfOlderFlywaysAndOtherEncodingsAreRecognised() {
    app.script("V5__e.sql", "select 'ü';\r\nselect 2;\r\n");
    assertThat(explain("V5__e.sql", sum("select 'ü';\nselect 2;\n"))).isTrue();
    assertThat(explain("V5__e.sql", sum("select 'ü';\r\nselect 2;\r\n"))).isTrue();
    assertThat(explain("V5__e.sql", sum("\uFEFFselect 'ü';select 2;"))).isTrue();
    assertThat(explain("V5__e.sql", sum("select 'Ã¼';select 2;"))).isFalse();
    assertThat(ChecksumForms.explain(app.app(), script("V5__e.sql"), 4711)).isEmpty();
    app.script("V6__f.sql", "select 'ü';", StandardCharsets.ISO_8859_1);
    assertThat(explain("V6__f.sql", sum("select 'ü';"))).isFalse();
  }

  private boolean explain(String file, int recorded) {
    return ChecksumForms.explain(app.app(), script(file), recorded).orElseThrow().sameText();
  }

  private MigrationScript script(String file) {
    return app.state().scripts().migrations().stream()
        .filter(script -> script.script().equals(file))
        .findFirst()
        .orElseThrow();
  }

  private static int sum(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue();
  }
}
