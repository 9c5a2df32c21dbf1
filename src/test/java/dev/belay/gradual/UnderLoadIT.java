package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications that work all the time must not notice. */
@Timeout(240)
class UnderLoadIT {
  @TempDir Path here;
  private Target target;
  private Surgery surgery;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("load");
    surgery = new Surgery(target, here, 3000);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void noStatementOfEightClientsFailsFromTheBeginToTheEnd() throws InterruptedException {
    Patients patients = new Patients(surgery, 8);
    CompletableFuture<Cli.Result> rollback;
    try (patients) {
      patients.work(20);
      rollback =
          CompletableFuture.supplyAsync(
              () -> surgery.cli().run(Surgery.words("--batch-size", "50", "--wait-before-switch")));
      await(rollback, "select to_regclass('belay.batch_sync') is not null");
      await(rollback, "select exists (select from belay.batch_sync)");
      patients.becomeOld(4);
      await(
          rollback,
          "select exists (select from belay.batch_run where phase = 'schema' and state = 'paused')");
      patients.work(50);
      patients.becomeOld(8);
      surgery.cli().expect(0, "batch", "resume");
      await(rollback, "select exists (select from belay.batch_run where phase <> 'schema')");
      patients.work(50);
      assertThat(rollback.join().status()).as(rollback.join().err()).isZero();
    }

    assertThat(patients.errors()).isEmpty();
    assertThat(rollback.join().out()).contains("say the same in every row");
    Map<Long, String> there = new HashMap<>();
    try (Database session = surgery.open()) {
      session.list(
          "select id, \"Phone; drop\" from %s where id > 1000000".formatted(Surgery.TABLE),
          row -> String.valueOf(there.put(row.getLong(1), row.getString(2))));
    }
    assertThat(there).isEqualTo(patients.written());
    assertThat(
            surgery.number(
                "select count(*) from %s where id < 1000000 and \"Phone; drop\" = '4100' || id / 2"
                    .formatted(Surgery.TABLE)))
        .isEqualTo(3000);
  }

  private void await(CompletableFuture<Cli.Result> rollback, String condition) {
    while (!surgery.test(condition)) {
      if (rollback.isDone()) {
        throw new AssertionError(rollback.join().err());
      }
      Thread.onSpinWait();
    }
  }
}
