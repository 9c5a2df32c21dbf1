import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that ask all the time and connect again after 5 ms; at SIGTERM they say how long one had to wait. */
public final class Clients {
  private static volatile boolean ended;

  public static void main(String[] arguments) throws InterruptedException {
    int number = Integer.parseInt(arguments[0]);
    String url = "jdbc:postgresql://%s:%s/%s?user=%s&connectTimeout=5&socketTimeout=30"
        .formatted(System.getenv("PGHOST"), System.getenv("PGPORT"), System.getenv("PGDATABASE"), System.getenv("PGUSER"));
    AtomicLong longest = new AtomicLong();
    CountDownLatch ready = new CountDownLatch(number);
    Thread[] clients = new Thread[number];
    for (int client = 0; client < number; client++) {
      clients[client] = new Thread(() -> ask(url, longest, ready));
      clients[client].start();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      ended = true;
      try {
        for (Thread client : clients) {
          client.join();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      System.out.printf(Locale.ROOT, "longest %.3f%n", longest.get() / 1e9);
    }));
    ready.await();
    System.out.println("ready");
  }

  private static void ask(String url, AtomicLong longest, CountDownLatch ready) {
    long answered = System.nanoTime();
    boolean first = true;
    while (!ended) {
      try (Connection connection = DriverManager.getConnection(url); var statement = connection.createStatement()) {
        while (!ended) {
          statement.execute("select bbalance from pgbench_branches where bid = 1");
          long now = System.nanoTime();
          if (first) {
            first = false;
            ready.countDown();
          } else {
            long gap = now - answered;
            longest.accumulateAndGet(gap, Math::max);
          }
          answered = now;
          Thread.sleep(5);
        }
      } catch (SQLException thrownOut) {
        pause();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    long gap = System.nanoTime() - answered;
    longest.accumulateAndGet(gap, Math::max);
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
