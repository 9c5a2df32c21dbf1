package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier replay left is used where it is the same, and believed only where it is ours. */
class ReplayTemplatesIT {
  @TempDir Path folder;
  private ReplayRig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new ReplayRig(folder);
    rig.set("scratch.keep", "2").write("V1__a.sql", "create table a (id int);");
  }

  @AfterEach
  void close() {
    rig.set("scratch.keep", "0");
    replay();
    rig.close();
    assertThat(ReplayRig.left()).isEmpty();
  }

  private Recording replay() {
    return rig.recording(ReplayPlan.Reach.EVERYTHING);
  }

  /** The kept databases with their oids: one that was made anew has another. */
  private static List<String> kept() {
    try (Database admin = admin()) {
      return admin.list(
          "select datname || ' ' || oid from pg_database where datname like 'belay\\_%' order by 1",
          row -> row.getString(1));
    }
  }

  private static Database admin() {
    return new JdbcDatabases("belay-test").open(TestServer.admin());
  }

  private static String onlyName() {
    assertThat(kept()).hasSize(1);
    return kept().get(0).substring(0, kept().get(0).indexOf(' '));
  }

  @Test
  void theSecondRunTakesWhatTheFirstOneKept() {
    Recording first = replay();
    List<String> kept = kept();

    Recording second = replay();

    assertThat(kept).hasSize(1).allMatch(name -> name.startsWith("belay_template_"));
    assertThat(kept()).isEqualTo(kept);
    // How long a migration took differs from one replay to the next.
    assertThat(second).isEqualTo(first);
  }

  @Test
  void whateverTheReplayFollowsFromMakesAnother() throws IOException {
    List<List<String>> seen = new ArrayList<>();
    rig.set("scratch.keep", "9");
    replay();
    seen.add(kept());
    rig.write("V1__a.sql", "create table a (id bigint);");
    replay();
    seen.add(kept());
    rig.write("V1__a.sql.conf", "executeInTransaction=false\n");
    replay();
    seen.add(kept());
    rig.write("afterMigrate.sql", "select 1;");
    replay();
    seen.add(kept());

    assertThat(seen).extracting(List::size).containsExactly(1, 2, 3, 4);
  }

  @Test
  void theOldestGoWhenThereAreMoreThanAreToBeKept() throws IOException {
    for (int number = 1; number <= 4; number++) {
      rig.write("V1__a.sql", "create table a%d (id int);".formatted(number));
      replay();
    }

    assertThat(kept()).hasSize(2);
  }

  @Test
  void whatAnotherRoleOwnsIsNotBelieved() {
    replay();
    String name = onlyName();
    String role = "belay forger";
    try (Database admin = admin()) {
      admin.execute("create role " + new Identifier(role));
      try {
        admin.execute(
            "alter database " + new Identifier(name) + " owner to " + new Identifier(role));

        assertThat(replay().pending()).hasSize(1);

        assertThat(onlyName()).isEqualTo(name);
      } finally {
        admin.execute("drop database if exists " + new Identifier(name));
        admin.execute("drop role " + new Identifier(role));
      }
    }
  }

  @Test
  void oneWithoutARecordingIsMadeAgain() {
    replay();
    TestServer.drop(TestServer.admin().withDatabase(onlyName()));

    assertThat(replay().pending()).hasSize(1);

    assertThat(kept()).hasSize(1);
  }

  @Test
  void twoAtTheSameTimeDoNotDisturbEachOther() {
    CompletableFuture<Recording> other = CompletableFuture.supplyAsync(this::replay);

    Recording own = replay();

    assertThat(own.pending()).hasSize(1);
    assertThat(other.orTimeout(60, TimeUnit.SECONDS).join().pending()).hasSize(1);
    assertThat(kept()).hasSize(1);
  }

  @Test
  void whoWantsNoneToBeKeptLeavesNone() {
    replay();
    assertThat(kept()).hasSize(1);

    rig.set("scratch.keep", "0");
    replay();

    assertThat(kept()).isEmpty();
  }
}
