package dev.belay.monitor;

import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Quiet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A program with a monitor that somebody else has to end. */
public final class MonitoredForEver {
  private MonitoredForEver() {}

  /** Host, port, database and user, and the folder of samples. */
  public static void main(String[] arguments) throws InterruptedException {
    Target target =
        new Target(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[2],
            arguments[3],
            Optional.empty(),
            Tls.PREFER,
            10);
    Monitor.start(
        new JdbcDatabases("belay-test"),
        target,
        new MonitorSettings(Duration.ofMillis(100), Duration.ZERO, Path.of(arguments[4])),
        "for ever; \"",
        new RunId("0123456789ab"),
        Quiet.progress());
    new CountDownLatch(1).await();
  }
}
