import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.diff.Diff;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Pair;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.diff.TableDiff;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares one table of two databases; prints the seconds, and how many rows are missing, extra and
 * changed. Arguments: sessions for each side, source, target, table.
 */
public final class Differences {
  private Differences() {}

  public static void main(String[] arguments) {
    Databases databases = new JdbcDatabases("belay-bench");
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Progress progress = new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
    TableName table = new TableName("public", arguments[3]);
    long begin = System.nanoTime();
    try (Snapshot source = Snapshot.take(databases, target(arguments[1]));
        Snapshot target = Snapshot.take(databases, target(arguments[2]));
        Diff diff =
            Diff.open(
                Side.of(source),
                Side.of(target),
                Optional.empty(),
                DiffOptions.exact(Integer.parseInt(arguments[0])));
        Progress.Bar bar = progress.bar("comparing", 0, "bytes")) {
      Pair pair =
          Pair.of(
              Relations.find(source.database(), table).orElseThrow(),
              Relations.find(target.database(), table).orElseThrow());
      TableDiff found = diff.table(pair, Optional.empty(), differences -> {}, bar);
      System.out.printf(
          Locale.ROOT,
          "%.3f %d %d %d%n",
          (System.nanoTime() - begin) / 1e9,
          found.missing(),
          found.extra(),
          found.changed());
    }
  }

  private static Target target(String database) {
    return new Target(
        System.getenv("PGHOST"),
        Integer.parseInt(System.getenv("PGPORT")),
        database,
        System.getenv("PGUSER"),
        Optional.empty(),
        Tls.PREFER,
        10);
  }
}
