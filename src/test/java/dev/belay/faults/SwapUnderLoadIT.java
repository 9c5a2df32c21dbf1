package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.support.TestServer;
import dev.belay.swap.Replaced;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight clients write and reconnect while a restore takes the place of their database. */
class SwapUnderLoadIT {
  private static final int CLIENTS = 8;

  @TempDir Path folder;

  /** Writes until it is told to stop, opens a session anew when one is ended, notes what held. */
  private static final class Client implements Runnable {
    private final Ground ground;
    private final int number;
    private final Set<Long> committed;
    private final AtomicBoolean over;
    private final AtomicLong longestNanos;
    final CountDownLatch wrote = new CountDownLatch(1);
    volatile CountDownLatch wroteAgain = new CountDownLatch(1);

    Client(
        Ground ground,
        int number,
        Set<Long> committed,
        AtomicBoolean over,
        AtomicLong longestNanos) {
      this.ground = ground;
      this.number = number;
      this.committed = committed;
      this.over = over;
      this.longestNanos = longestNanos;
    }

    @Override
    public void run() {
      long id = number;
      long last = System.nanoTime();
      while (!over.get()) {
        try (Database session = ground.open()) {
          while (!over.get()) {
            session.execute("insert into public.written values (?)", id);
            committed.add(id);
            id += CLIENTS;
            long now = System.nanoTime();
            long gap = now - last;
            longestNanos.accumulateAndGet(gap, Math::max);
            last = now;
            wrote.countDown();
            wroteAgain.countDown();
          }
        } catch (Failure ended) {
          // The row may or may not be there, and its number is not used again.
          id += CLIENTS;
        }
      }
    }
  }

  @Test
  void noRowThatWasCommittedIsLostAndEveryClientWorksOn() throws InterruptedException {
    Ground ground = Ground.of(folder, TestServer.fresh("busy"));
    ground.sql("create table public.written (id bigint primary key)");
    Set<Long> committed = new ConcurrentSkipListSet<>();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong longest = new AtomicLong();
    List<Client> clients = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      clients.add(new Client(ground, number, committed, over, longest));
      threads.add(new Thread(clients.get(number), "client-" + number));
    }
    try {
      threads.forEach(Thread::start);
      for (Client client : clients) {
        client.wrote.await();
      }
      Set<Long> before = new TreeSet<>(committed);
      ground.expect(0, "create-backup", "--level", "checksummed");
      longest.set(0);

      String said = ground.expect(0, "backup-restore", "latest", "--yes").out();

      clients.forEach(client -> client.wroteAgain = new CountDownLatch(1));
      for (Client client : clients) {
        client.wroteAgain.await();
      }
      System.err.println(
          "longest pause of a client: "
              + longest.get() / 1_000_000
              + " ms; "
              + said.lines().filter(line -> line.startsWith("connections")).toList());
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      Set<Long> live = written(ground);
      assertThat(lacking(live, before)).isEmpty();
      String replaced;
      try (Database session = ground.maintenance()) {
        replaced = Replaced.list(session).get(0).name();
        session.execute("alter database " + new Identifier(replaced) + " allow_connections true");
      }
      // Nothing is lost at all: what the backup did not have is in the database that is kept.
      Set<Long> everywhere = new TreeSet<>(live);
      everywhere.addAll(written(new Ground(folder, ground.live.withDatabase(replaced))));
      assertThat(lacking(everywhere, committed)).isEmpty();
    } finally {
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      ground.drop();
    }
  }

  private static Set<Long> lacking(Set<Long> found, Set<Long> wanted) {
    Set<Long> lacking = new TreeSet<>(wanted);
    lacking.removeAll(found);
    return lacking;
  }

  private static Set<Long> written(Ground ground) {
    try (Database session = ground.open()) {
      return new TreeSet<>(session.list("select id from public.written", row -> row.getLong(1)));
    }
  }
}
