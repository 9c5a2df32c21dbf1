package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the old column cannot hold, and rows that come late. */
@Timeout(240)
class GradualLossIT {
  @TempDir Path here;
  private Target target;
  private Surgery surgery;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("loss");
    surgery = new Surgery(target, here, 300);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void valuesThatAreNotKeptAreLossBeforeAnythingIsChangedAndBeforeTheSwitch() {
    surgery.sql("update " + Surgery.TABLE + " set phone_e164 = 'x1' where id in (2, 4)");
    assertThat(surgery.run(11).err())
        .contains("2 rows or values would be lost, and 0 are accepted")
        .contains("--accept-loss 2");
    assertThat(surgery.hasColumn("Phone; drop")).isFalse();

    CompletableFuture<Cli.Result> waiting = waiting("--accept-loss", "2");
    surgery.sql("update " + Surgery.TABLE + " set phone_e164 = 'x1' where id = 6");
    surgery.cli().expect(0, "batch", "resume");

    Cli.Result result = waiting.join();
    assertThat(result.status()).as(result.err()).isEqualTo(20);
    assertThat(result.err()).contains("3 rows or values would be lost, and 2 are accepted");
    assertThat(surgery.hasColumn("phone_e164")).isTrue();
    // A run that was told to wait goes on waiting when it is taken up again.
    CompletableFuture<Cli.Result> last = waiting("--accept-loss", "3");
    surgery.cli().expect(0, "batch", "resume");
    assertThat(last.join().status()).as(last.join().err()).isZero();
    assertThat(last.join().out()).contains("data_exports");
    assertThat(surgery.hasColumn("phone_e164")).isFalse();
  }

  private CompletableFuture<Cli.Result> waiting(String... more) {
    String[] words = new String[more.length + 1];
    System.arraycopy(more, 0, words, 1, more.length);
    words[0] = "--wait-before-switch";
    CompletableFuture<Cli.Result> waiting =
        CompletableFuture.supplyAsync(() -> surgery.cli().run(Surgery.words(words)));
    surgery.awaitRun(waiting, "phase = 'schema' and state = 'paused'");
    return waiting;
  }

  @Test
  void rowsThatComeDuringTheWaitAreReachedWithoutATrigger() {
    surgery.put("undo/U2__e164.sql", Surgery.UNDO.substring(Surgery.UNDO.indexOf("alter table")));
    CompletableFuture<Cli.Result> waiting = waiting("--accept-loss", "1000");
    surgery.sql("insert into " + Surgery.TABLE + " (id, phone_e164) values (1, '+77')");
    surgery.cli().expect(0, "batch", "resume");

    assertThat(waiting.join().status()).as(waiting.join().err()).isZero();

    assertThat(
            surgery.test(
                "select \"Phone; drop\" = '77' from %s where id = 1".formatted(Surgery.TABLE)))
        .isTrue();
  }

  @Test
  void anUndoThatCouldNotBeTriedHasToBeAskedForAlsoWhenItGoesOn() {
    surgery.put(
        "db/R__all.sql", "create or replace view surgery.all_visits as table surgery.visits;");
    surgery.flyway().migrate();
    String[] untried = {
      "--set", "scratch.server=other", "--set", "scratch.url=postgresql://127.0.0.1:1/x"
    };

    assertThat(surgery.run(11, untried).err())
        .contains("the undo could not be tried in a scratch database", "add --unproven");
    assertThat(surgery.run(11, with(untried, "--unproven", "--hold")).err())
        .contains("whether something goes that R__all made is not known", "leave --hold out");
    assertThat(surgery.hasColumn("Phone; drop")).isFalse();

    surgery.killedAt("gradual-data-done");
    assertThat(surgery.cli().expect(10, "verify-state").out())
        .contains("takes back 2 of app surgery in batches, was killed in phase schema")
        .contains("belay gradual-rollback surgery 2");
    assertThat(surgery.run(11, untried).err()).contains("the undo could not be tried");
    assertThat(surgery.hasColumn("phone_e164")).isTrue();
    Cli.Result result = surgery.run(20, with(untried, "--unproven", "--accept-loss", "1000"));
    assertThat(result.err()).contains("what is lost is not known, since the undo was not tried");
    assertThat(result.out())
        .contains("the schema could not be looked at")
        .contains("whether something goes that R__all made is not looked at");
    assertThat(surgery.hasColumn("phone_e164")).isFalse();
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }
}
