package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void readsWholeCommentLinesWhereverTheyStand() {
    AppState state =
        app("a")
            .script("V1__a.sql", "select 1;")
            .script("V2__b.sql", "select 1;")
            .script(
                "V3__c.sql",
                "\uFEFF-- belay:requires V1, R__views\r\nselect '-- belay:requires V9';\r\n  --belay:requires: 2\r\nselect 1; -- belay:requires V8\r\n-- see -- belay:requires V7\r\n")
            .script("R__views.sql", "select 1;")
            .state();

    assertThat(declared(state)).containsExactly("V3 R__views", "V3 V1", "V3 V2");
    assertThat(Requirements.of(List.of(state)).all().get(2).where()).endsWith("V3__c.sql:3");
  }

  @Test
  void readsTheEncodingOfTheFile() {
    AppState state =
        app("a")
            .setting("encoding", "ISO-8859-1")
            .script("R__Grüße.sql", "select 1;")
            .script("V1__c.sql", "-- belay:requires V0, R__Grüße\n", StandardCharsets.ISO_8859_1)
            .script("V0__x.sql", "select 1;")
            .state();
    assertThat(declared(state)).containsExactly("V1 R__Grüße", "V1 V0");
  }

  @Test
  void takesSettingsForTheSame() {
    AppState state =
        app("a")
            .script("V1__a.sql", "select 1;")
            .script("V2__b.sql", "select 1;")
            .requires("V2__b.sql", "1")
            .requires("7", "1")
            .state();
    Requirements requirements = Requirements.of(List.of(state));
    assertThat(declared(state)).containsExactly("V2 V1");
    assertThat(requirements.all().get(0).where()).isEqualTo("apps.a.requires.V2__b.sql");
    assertThat(requirements.unknown())
        .extracting(Requirements.Unknown::where)
        .containsExactly("apps.a.requires.7");
  }

  @Test
  void findsMigrationsOfOtherApps() {
    AppState users = app("users").script("V3__u.sql", "select 1;").state();
    AppState orders =
        app("orders")
            .script("V1__o.sql", "-- belay:requires users:V3, users:V4, nobody:V1, later:V1")
            .state();
    Requirements requirements = Requirements.of(List.of(users, orders), Set.of("later"));
    assertThat(requirements.all()).hasSize(1);
    assertThat(requirements.all().get(0).to().app()).isEqualTo("users");
    assertThat(requirements.all().get(0).to().seenFrom("orders")).isEqualTo("users:V3");
    assertThat(requirements.unknown())
        .extracting(Requirements.Unknown::message)
        .containsExactly(
            "needs 'users:V4', which is neither applied nor on disk",
            "needs 'nobody:V1', but there is no app of that name");
    assertThat(requirements.needing("users", users.migrations().get(0))).hasSize(1);
    assertThat(requirements.neededBy("orders", orders.migrations().get(0))).hasSize(1);
  }

  @Test
  void namesTheWholeCycle() {
    AppState state =
        app("a")
            .script("V3__a.sql", "-- belay:requires V7")
            .script("V5__b.sql", "-- belay:requires V3")
            .script("V7__c.sql", "-- belay:requires V5")
            .script("V9__d.sql", "-- belay:requires V9, V7")
            .state();
    List<List<Requirement>> cycles = Requirements.of(List.of(state)).cycles();
    assertThat(cycles)
        .extracting(cycle -> cycle.stream().map(each -> each.from().label()).toList())
        .containsExactly(List.of("V3", "V7", "V5"), List.of("V9"));
    List<Conflict> conflicts =
        Conflicts.of(state, Requirements.of(List.of(state)), new HistoryForm("r", List.of()));
    assertThat(conflicts)
        .extracting(Conflict::what)
        .contains(
            "declared dependencies go round in a circle: V3 -> V7 -> V5 -> V3",
            "declared dependencies go round in a circle: V9 -> V9");
    assertThat(conflicts.get(0).files()).hasSize(3).allMatch(file -> file.endsWith(".sql:1"));
  }

  @Test
  void saysWhatLooksLikeADeclarationAndIsNone() {
    AppState state =
        app("a")
            .script("V1__a.sql", "-- belay:require V2\n-- belay:requires\n-- belay:note x\n")
            .state();
    assertThat(Requirements.of(List.of(state)).unknown())
        .extracting(Requirements.Unknown::message)
        .containsExactly(
            "'belay:require' is not belay:requires", "belay:requires names no migration");
  }

  @Test
  void knowsWhatABaselineCovers() {
    AppState state =
        app("a")
            .script("V5__a.sql", "-- belay:requires V2, V4__gone, V6")
            .rows(new Rows().add("BASELINE", "4", "base"))
            .state();
    assertThat(Requirements.of(List.of(state)).unknown())
        .extracting(Requirements.Unknown::message)
        .containsExactly("needs 'V6', which is neither applied nor on disk");
  }

  @Test
  void aLaterVersionCanNeverComeFirst() {
    Declared app =
        app("a")
            .script("V1__a.sql", "-- belay:requires V2, R__c")
            .script("V2__b.sql", "select 1;")
            .script("R__c.sql", "-- belay:requires V2");
    assertThat(app.conflicts())
        .extracting(Conflict::kind)
        .containsExactly(ConflictKind.REQUIREMENT_LATER, ConflictKind.REQUIREMENT_LATER);
  }

  @Test
  void whatIsInForceNeedsWhatIsInForce() {
    Declared app =
        app("a")
            .script("V1__a.sql", "select 1;")
            .script("V2__b.sql", "-- belay:requires V1")
            .script("V3__c.sql", "-- belay:requires V2")
            .applied("1", "2");
    assertThat(app.conflicts()).isEmpty();
    app.rows(new Rows()).applied("1", "2");
    Rows undone = new Rows().add("SQL", "1", "a").add("SQL", "2", "b").add("UNDO_SCRIPT", "1", "a");
    assertThat(app.rows(undone).conflicts())
        .filteredOn(conflict -> conflict.kind() == ConflictKind.REQUIREMENT_NOT_MET)
        .extracting(Conflict::what)
        .containsExactly("V2 (success) needs V1, which is not applied (held)");
  }

  private Declared app(String name) {
    return new Declared(name, folder);
  }

  private static List<String> declared(AppState state) {
    return Requirements.of(List.of(state)).all().stream()
        .map(each -> each.from().label() + " " + each.to().label())
        .toList();
  }
}
