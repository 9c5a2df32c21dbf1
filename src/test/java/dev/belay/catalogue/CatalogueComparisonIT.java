package dev.belay.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.catalogue.Difference.Group;
import dev.belay.core.Secret;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.support.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What counts as a difference is what makes pg_dump print something else. */
@Timeout(300)
class CatalogueComparisonIT {
  private static final ComparisonOptions USUAL =
      new ComparisonOptions(true, true, false, false, List.of());

  /** How many changes one run tries; all of them, with {@code -Dbelay.changes=10000}. */
  private static final int CHANGES = Integer.getInteger("belay.changes", 30);

  private Target target = TestServer.admin();

  @BeforeEach
  void make() {
    target = Changes.everything();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void aDatabaseWithEverythingIsTheSameAfterItWasDumpedAndRestored() {
    Target restored = TestServer.fresh("restored");
    try {
      String dump = Changes.dump(target);
      // A mapping's options and a server's are in the dump of a superuser.
      Changes.run(restored, dump);
      CatalogueComparison comparison =
          CatalogueComparison.of(
              Changes.read(target), Changes.read(restored), ComparisonOptions.exact());
      assertThat(comparison.all()).isEmpty();
    } finally {
      TestServer.drop(restored);
    }
  }

  @Test
  void findsADifferenceExactlyWherePgDumpDoes() {
    long seed = Long.getLong("belay.seed", 4711);
    Random random = new Random(seed);
    List<String> changes = new ArrayList<>(Changes.lines("changes.sql"));
    changes.addAll(Changes.lines("nothing.sql"));
    Collections.shuffle(changes, random);
    String dump = Changes.dump(target);
    Catalogue catalogue = Changes.read(target);
    int tried = 0;
    for (String change : changes) {
      if (tried++ == CHANGES) {
        break;
      }
      // Some fail, for an earlier one took away what they need; half of a change is one too.
      Optional<String> ignored = Changes.tryTo(target, change);
      String dumpAfter = Changes.dump(target);
      Catalogue after = Changes.read(target);
      CatalogueComparison there =
          CatalogueComparison.of(catalogue, after, ComparisonOptions.exact());
      CatalogueComparison back =
          CatalogueComparison.of(after, catalogue, ComparisonOptions.exact());
      assertThat(there.isEqual())
          .as("seed %d, %s%n%s%n%s", seed, change, ignored, there.all())
          .isEqualTo(dumpAfter.equals(dump));
      assertThat(back.isEqual()).as("back, %s", change).isEqualTo(there.isEqual());
      assertThat(there.differences().isEmpty()).isEqualTo(there.isEqual());
      dump = dumpAfter;
      catalogue = after;
    }
  }

  @Test
  void aMissingTableIsOneFinding() {
    Catalogue before = Changes.read(target);
    Changes.run(target, "drop table app.events; drop table app.booked");
    CatalogueComparison comparison = CatalogueComparison.of(before, Changes.read(target), USUAL);

    assertThat(comparison.differences(Group.MISSING))
        .extracting(difference -> difference.key().toString())
        .containsExactly(
            "table app.booked",
            "table app.events",
            "table app.events_1",
            "table app.events_1a",
            "table app.events_1b",
            "table app.events_rest");
    assertThat(comparison.differences()).hasSize(6);
  }

  @Test
  void aColumnThatPartitionsHaveFromTheirParentIsOneFinding() {
    Catalogue before = Changes.read(target);
    Changes.run(target, "alter table app.events add column more text");
    CatalogueComparison comparison = CatalogueComparison.of(before, Changes.read(target), USUAL);

    assertThat(comparison.differences())
        .extracting(difference -> difference.key().toString())
        .containsExactly("column app.events.more");
  }

  @Test
  void namesThatPostgresMadeDoNotMatterUnlessStrict() {
    Catalogue before = Changes.read(target);
    Changes.run(
        target,
        "alter table app.orders rename constraint orders_pkey to orders_old_pkey;"
            + " alter index app.people_slug_idx rename to people_slug_idx7");
    Catalogue after = Changes.read(target);

    assertThat(CatalogueComparison.of(before, after, USUAL).differences())
        .extracting(difference -> difference.key().toString())
        // The replica identity names its index.
        .containsExactly("table app.orders");
    assertThat(CatalogueComparison.of(before, after, ComparisonOptions.exact()).differences())
        .hasSize(3)
        .allMatch(difference -> difference.group() == Group.DIFFERENT);
  }

  @Test
  void lineEndsOfFunctionBodiesDoNotMatterUnlessStrict() {
    Catalogue before = Changes.read(target);
    Changes.run(
        target,
        "create or replace function app.add(a integer, b integer default 2, out total integer)"
            + " language plpgsql stable strict cost 7 set work_mem = '8MB' as"
            + " E'\\r\\nbegin  \\r\\n  total := a + b;\\r\\nend '");
    Catalogue after = Changes.read(target);

    assertThat(CatalogueComparison.of(before, after, USUAL).all()).isEmpty();
    assertThat(CatalogueComparison.of(before, after, ComparisonOptions.exact()).all()).hasSize(1);
  }

  @Test
  void passesOverWhatIsIgnored() {
    Catalogue before = Changes.read(target);
    Changes.run(
        target,
        "alter table app.orders add column x integer; drop index app.people_lower;"
            + " drop view app.totals; drop table app.cache cascade");
    Catalogue after = Changes.read(target);
    ComparisonOptions options =
        new ComparisonOptions(
            true,
            true,
            true,
            true,
            List.of(
                NamePattern.of("app.orders"),
                NamePattern.of("index:app.*"),
                NamePattern.of("view:*.t?tals"),
                NamePattern.of("app.cache")));

    assertThat(CatalogueComparison.of(before, after, options).differences())
        .extracting(difference -> difference.key().toString())
        .containsExactly("rule app.parent.log");
  }

  @Test
  void leavesFlywaysHistoryAndTheLedgerOut() {
    Catalogue before = Changes.read(target);
    Changes.run(
        target,
        "create schema belay; create table belay.notes (id integer primary key);"
            + " create table app.flyway_schema_history (installed_rank integer primary key, s text);"
            + " create index on app.flyway_schema_history (s)");
    Catalogue after =
        Catalogue.read(
            Changes.DATABASES,
            target,
            CatalogueScope.without(new TableName("app", "flyway_schema_history")));

    assertThat(CatalogueComparison.of(before, after, ComparisonOptions.exact()).all()).isEmpty();
  }

  @Test
  void aRoleThatOnlyConnectsReadsTheSame() {
    Catalogue all = Changes.read(target);
    String role = "reader_" + ProcessHandle.current().pid();
    Changes.run(target, "create role " + role + " login password 'x'");
    try {
      Target weak =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              Optional.of(new Secret("x")),
              target.tls(),
              10);
      assertThat(CatalogueComparison.of(all, Changes.read(weak), ComparisonOptions.exact()).all())
          .isEmpty();
    } finally {
      Changes.run(target, "drop role " + role);
    }
  }
}
