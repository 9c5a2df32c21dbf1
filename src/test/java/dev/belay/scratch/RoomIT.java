package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The disk of a real server, as far as it is seen from here. */
class RoomIT {
  private static final long MEGABYTE = 1_000_000;

  private static Target live;

  @BeforeAll
  static void create() {
    live = TestServer.fresh("room");
  }

  @AfterAll
  static void drop() {
    TestServer.drop(live);
  }

  private static Room room(OptionalLong told) {
    return new Room(live.database(), told);
  }

  @Test
  void aProofLeavesTheServerRoomForItsLogWhereTheDiskIsSeen() {
    try (Database maintenance = new JdbcDatabases("room-test").open(TestServer.admin())) {
      OptionalLong left = room(OptionalLong.empty()).left(maintenance, 0);
      assumeThat(left).as("the disk of the server of the tests is seen from here").isPresent();
      assertThat(left.getAsLong()).isPositive();
      // What is said counts only where nothing is seen.
      assertThat(
              room(OptionalLong.of(left.getAsLong() * 1000))
                  .againstProof(maintenance, left.getAsLong())
                  .orElseThrow())
          .contains("of disk space left, and a proof in scratch databases is made only where");
    }
  }

  @Test
  void aSchemaOfManyTablesTakesMore() {
    try (Database session = new JdbcDatabases("room-test").open(live)) {
      long before = Room.schemaBytes(session);
      assertThat(before).isBetween(MEGABYTE, 50 * MEGABYTE);
      for (int number = 0; number < 50; number++) {
        session.execute("create table public.t" + number + " (id integer primary key)");
      }
      assertThat(Room.schemaBytes(session)).isGreaterThanOrEqualTo(before + 100 * 2 * 8192);
    }
  }

  @Test
  void largeObjectsAreDataAndNotSchema() {
    try (Database session = new JdbcDatabases("room-test").open(live)) {
      long before = Room.schemaBytes(session);
      session.execute(
          """
          select pg_catalog.lo_from_bytea(0, pg_catalog.string_agg(pg_catalog.sha512(n::text::bytea), ''))
            from pg_catalog.generate_series(1, 20000) as n
          """);
      session.execute("vacuum pg_catalog.pg_largeobject");
      assertThat(
              session.number(
                  "select relpages from pg_catalog.pg_class where oid = 'pg_catalog.pg_largeobject'::regclass"))
          .isPositive();
      assertThat(Room.schemaBytes(session)).isEqualTo(before);
    }
  }

  @Test
  void theTextOfFunctionsIsSchema() {
    try (Database session = new JdbcDatabases("room-test").open(live)) {
      long before = Room.schemaBytes(session);
      session.execute("create function public.one() returns int language sql as 'select 1'");
      assertThat(Room.schemaBytes(session)).isGreaterThan(before);
    }
  }
}
