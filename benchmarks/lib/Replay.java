import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.flyway.AppState;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A replay with recording against bare Flyway with the same files, each in a database that is made
 * for it, in the same JVM, turn by turn: {@code Replay <migrations> <rounds> <folder>}.
 */
final class Replay {
  private Replay() {}

  public static void main(String[] arguments) throws Exception {
    int migrations = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    Path folder = Path.of(arguments[2]);
    for (int number = 1; number <= migrations; number++) {
      Path file = folder.resolve("db/migration/V%d__step.sql".formatted(number));
      Files.createDirectories(file.getParent());
      Files.writeString(file, migration(number));
    }
    Settings settings =
        Configuration.load(
            new Surroundings(System.getenv(), folder, folder, "bench"),
            new Flags(
                Optional.empty(), Optional.empty(), Map.of("scratch.keep", "0")));
    long bare = Long.MAX_VALUE;
    long recorded = Long.MAX_VALUE;
    for (int round = 0; round <= rounds; round++) {
      long first = bare(settings, folder);
      long second = recorded(settings);
      if (round > 0) {
        bare = Math.min(bare, first);
        recorded = Math.min(recorded, second);
      }
    }
    System.out.printf("%.3f %.3f%n", bare / 1e9, recorded / 1e9);
  }

  private static long recorded(Settings settings) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Progress progress = new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
    AppSettings app = settings.apps().get(0);
    try (Database live = new JdbcDatabases("bench").open(settings.target());
        ScratchReplay replay = ScratchReplay.open(settings, live, List.of(), progress)) {
      long begin = System.nanoTime();
      int recorded =
          replay
              .recording(
                  ReplayPlan.of(AppState.read(live, app), ReplayPlan.Reach.NEXT_MIGRATE))
              .pending()
              .size();
      if (recorded == 0) {
        throw new IllegalStateException("nothing was recorded");
      }
      return System.nanoTime() - begin;
    }
  }

  private static long bare(Settings settings, Path folder) {
    JdbcDatabases databases = new JdbcDatabases("bench");
    try (Database maintenance = databases.open(settings.maintenance())) {
      long begin = System.nanoTime();
      maintenance.execute("create database bare template template0");
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setServerNames(new String[] {settings.target().host()});
      source.setPortNumbers(new int[] {settings.target().port()});
      source.setDatabaseName("bare");
      source.setUser(settings.target().user());
      Flyway.configure()
          .dataSource(source)
          .locations("filesystem:" + folder.resolve("db/migration"))
          .load()
          .migrate();
      maintenance.execute("drop database bare");
      return System.nanoTime() - begin;
    }
  }

  /** Like the migrations of applications: a new table, an index, a column, some rows, a view. */
  private static String migration(int number) {
    int table = 1 + (number - 1) / 4 * 4;
    return switch ((number - 1) % 4) {
      case 0 ->
          """
          create table t%1$d (id bigint primary key, name text not null, created timestamptz default now());
          create index t%1$d_name on t%1$d (name);
          """
              .formatted(number);
      case 1 ->
          """
          alter table t%1$d add column note text;
          comment on column t%1$d.note is 'what the doctor wrote';
          """
              .formatted(table);
      case 2 ->
          "insert into t%d (id, name) select i, 'name ' || i from generate_series(1, 100) i;"
              .formatted(table);
      default ->
          """
          create view v%1$d as select id, name from t%1$d;
          alter table t%1$d alter note set default '-';
          """
              .formatted(table);
    };
  }
}
