import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.TableShape;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures one table in a snapshot, by PGHOST, PGPORT, PGUSER and PGDATABASE; prints the seconds. */
public final class Fingerprint {
  private Fingerprint() {}

  public static void main(String[] arguments) {
    int jobs = Integer.parseInt(arguments[0]);
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
    try (Snapshot snapshot = Snapshot.take(new JdbcDatabases("belay-bench"), target);
        Progress.Bar bar = progress.bar("measuring", 0, "bytes")) {
      List<TableShape> tables =
          Fingerprints.tables(snapshot.database()).shapes().stream()
              .filter(shape -> shape.name().table().equals(arguments[1]))
              .toList();
      if (tables.size() != 1) {
        throw new IllegalArgumentException("no table " + arguments[1]);
      }
      long begin = System.nanoTime();
      Fingerprints.measure(tables, snapshot::worker, jobs, bar);
      System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - begin) / 1e9);
    }
  }
}
