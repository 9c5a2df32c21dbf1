package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationOutlookTest {
  private static final Map<String, List<String>> BACKUP =
      Map.of("shop", List.of("V1__a.sql", "V2__b.sql"));

  @Test
  void saysWhatTheNextStartDoes() {
    assertThat(
            outlook(
                List.of("V1__a.sql", "V2__b.sql", "V3__ruin.sql"),
                Optional.of(List.of("V1__a.sql", "V2__b.sql", "V3__ruin.sql", "V4__c.sql"))))
        .containsExactly(
            "app shop: the backup is at V2__b.sql",
            "app shop: it lacks what is applied now: V3__ruin.sql",
            "app shop: the next start with these files applies V3__ruin.sql, V4__c.sql: take the"
                + " one that did the damage away first");
  }

  @Test
  void saysThatNothingWillHappen() {
    List<String> same = List.of("V1__a.sql", "V2__b.sql");
    assertThat(outlook(same, Optional.of(same)))
        .containsExactly(
            "app shop: the backup is at V2__b.sql", "app shop: the next start applies nothing");
  }

  @Test
  void knowsNoMoreThanWhatIsThere() {
    assertThat(outlook(List.of("V1__a.sql", "V3__ruin.sql"), Optional.empty()))
        .contains(
            "app shop: it has what is not in force now: V2__b.sql",
            "app shop: the next start of an application that has their files applies them again");
    assertThat(outlook(List.of(), Optional.of(List.of("V1__a.sql"))))
        .contains("app shop: the backup has migrations without a file here: V2__b.sql");
  }

  @Test
  void aDatabaseThatWasNeverMigratedIsNoRiddle() {
    assertThat(
            MigrationOutlook.lines(
                Map.of(),
                List.of(
                    new MigrationsNow.App("shop", List.of(), Optional.empty(), Optional.empty()))))
        .containsExactly("app shop: the backup has no migration");
  }

  private static List<String> outlook(List<String> inForce, Optional<List<String>> onDisk) {
    return MigrationOutlook.lines(
        BACKUP, List.of(new MigrationsNow.App("shop", inForce, onDisk, Optional.empty())));
  }
}
