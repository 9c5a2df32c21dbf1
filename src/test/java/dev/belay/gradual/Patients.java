package dev.belay.gradual;

import dev.belay.postgres.Database;
import dev.belay.support.Await;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Clients that write and read patients all the time, as the old and as the new application do. */
final class Patients implements AutoCloseable {
  private static final String OLD = "\"Phone; drop\"";
  private static final String NEW = "phone_e164";

  private final Surgery surgery;
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
  private final List<Client> clients = new ArrayList<>();
  private volatile boolean over;

  Patients(Surgery surgery, int number) {
    this.surgery = surgery;
    for (int client = 0; client < number; client++) {
      clients.add(new Client(client));
    }
    clients.forEach(Thread::start);
  }

  /** One client with rows of its own. */
  private final class Client extends Thread {
    private final int number;
    private final Map<Long, String> written = new HashMap<>();
    private volatile boolean old;
    private volatile CountDownLatch acknowledged = new CountDownLatch(0);
    private volatile long done;

    Client(int number) {
      super("patient-" + number);
      this.number = number;
    }

    @Override
    public void run() {
      try (Database session = surgery.open()) {
        for (long turn = 0; !over; turn++) {
          CountDownLatch waiting = acknowledged;
          boolean asOld = old;
          work(session, turn, asOld);
          if (asOld == old) {
            waiting.countDown();
          }
          done = turn + 1;
        }
      } catch (RuntimeException error) {
        errors.add(getName() + ": " + error.getMessage());
      }
    }

    private void work(Database session, long turn, boolean asOld) {
      String column = asOld ? OLD : NEW;
      String sign = asOld ? "" : "+";
      long id = 1_000_001 + (turn % 500 * 8 + number) * 2;
      String phone = number + "00" + turn;
      if (written.containsKey(id)) {
        session.execute(
            "update %s set %s = ? where id = ?".formatted(Surgery.TABLE, column), sign + phone, id);
      } else {
        session.execute(
            "insert into %s (id, %s) values (?, ?)".formatted(Surgery.TABLE, column),
            id,
            sign + phone);
      }
      written.put(id, phone);
      String read =
          session.text("select %s from %s where id = ?".formatted(column, Surgery.TABLE), id);
      if (!read.equals(sign + phone)) {
        errors.add("%s wrote %s and read %s".formatted(getName(), sign + phone, read));
      }
      // A row that the batches are about to reach, or have been at.
      session.execute(
          "update %s set %s = %s where id = ?".formatted(Surgery.TABLE, column, column),
          turn % 3000 * 2);
    }
  }

  /** The first of them are the old application from now on; waits until they are. */
  void becomeOld(int number) {
    for (Client client : clients.subList(0, number)) {
      client.acknowledged = new CountDownLatch(2);
      client.old = true;
    }
    for (Client client : clients.subList(0, number)) {
      CountDownLatch acknowledged = client.acknowledged;
      Await.until("it writes as the old one", () -> acknowledged.getCount() == 0, client);
    }
  }

  /** Waits until each has worked so often more. */
  void work(int turns) {
    for (Client client : clients) {
      long until = client.done + turns;
      Await.until("it works %d times".formatted(turns), () -> client.done >= until, client);
    }
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  /** What each wrote last, by key, without the sign; once they have ended. */
  Map<Long, String> written() {
    Map<Long, String> all = new HashMap<>();
    clients.forEach(client -> all.putAll(client.written));
    return all;
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    for (Client client : clients) {
      client.join();
    }
  }
}
