import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.monitor.Monitor;
import dev.belay.monitor.MonitorSettings;
import dev.belay.monitor.Monitoring;
import dev.belay.postgres.JdbcDatabases;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The processor time of this JVM in so many seconds, without and with a monitor: two numbers in milliseconds. */
public class Watched {
  private static final int WARM = 10;

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    Target target =
        new Target(
            System.getenv("PGHOST"),
            Integer.parseInt(System.getenv("PGPORT")),
            System.getenv("PGDATABASE"),
            System.getenv("PGUSER"),
            Optional.empty(),
            Tls.PREFER,
            10);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Progress progress = new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
    long idle = spent(seconds);
    long before = processor();
    try (Monitoring monitoring =
        Monitor.start(
            new JdbcDatabases("belay:bench"),
            target,
            new MonitorSettings(Duration.ofSeconds(1), Duration.ofSeconds(5), Path.of(arguments[1])),
            "bench",
            RunId.fresh(),
            progress)) {
      Thread.sleep(WARM * 1000L);
      long start = processor() - before;
      long watching = spent(seconds);
      System.out.println(idle + " " + watching + " " + start);
    }
  }

  private static long spent(int seconds) throws InterruptedException {
    long before = processor();
    Thread.sleep(seconds * 1000L);
    return processor() - before;
  }

  /** In milliseconds. */
  private static long processor() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1_000_000;
  }
}
