package dev.belay.gradual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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
      surgery.await(rollback, "select to_regclass('belay.batch_sync') is not null");
      surgery.await(rollback, "select exists (select from belay.batch_sync)");
      patients.becomeOld(4);
      surgery.awaitRun(rollback, "phase = 'schema' and state = 'paused'");
      patients.work(50);
      patients.becomeOld(8);
      surgery.cli().expect(0, "batch", "resume");
      surgery.awaitRun(rollback, "phase <> 'schema'");
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

  @Test
  void noClientWithTwoTablesInATransactionIsTheVictimOfADeadlock() throws InterruptedException {
    surgery.put(
        "db/V3__notes.sql",
        "alter table visits add note text; alter table %s add note text;".formatted(Surgery.TABLE));
    surgery.flyway().migrate();
    surgery.put(
        "undo/U3__notes.sql",
        """
        -- belay:batch table=surgery.visits key=patient,"Day" repeatable=yes
        update visits set counted = 1 where /* belay:range */ true and counted <> 1;
        alter table %s drop column note;
        alter table surgery.visits drop column note;
        """
            .formatted(Surgery.TABLE));
    ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int client = 1; client <= 4; client++) {
      clients.add(client(client, over, errors));
    }

    Cli.Result result =
        surgery
            .cli()
            .run(
                "gradual-rollback",
                "surgery",
                "3",
                "--yes",
                "--no-backup",
                "--delay-seconds",
                "0",
                "--batch-size",
                "500");
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }

    assertThat(errors).isEmpty();
    assertThat(result.status()).as(result.err()).isZero();
  }

  private Thread client(int number, AtomicBoolean over, ConcurrentLinkedQueue<String> errors) {
    Thread client =
        new Thread(
            () -> {
              try (Database session = surgery.open()) {
                while (!over.get()) {
                  session.inTransaction(
                      () -> {
                        session.execute(
                            "update surgery.visits set counted = 1 where patient = ?", number);
                        session.execute("select pg_sleep(0.05)");
                        return session.execute(
                            "update %s set phone_e164 = phone_e164 where id = ?"
                                .formatted(Surgery.TABLE),
                            number * 2);
                      });
                }
              } catch (RuntimeException error) {
                errors.add(String.valueOf(error.getMessage()));
              }
            });
    client.start();
    return client;
  }
}
