import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Applies {@code db/migration} below a folder with bare Flyway, by PGHOST, PGPORT, PGUSER and PGDATABASE. */
final class Migrate {
  private Migrate() {}

  public static void main(String[] arguments) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {System.getenv("PGHOST")});
    source.setPortNumbers(new int[] {Integer.parseInt(System.getenv("PGPORT"))});
    source.setDatabaseName(System.getenv("PGDATABASE"));
    source.setUser(System.getenv("PGUSER"));
    Flyway.configure()
        .dataSource(source)
        .locations("filesystem:" + Path.of(arguments[0]).resolve("db/migration"))
        .load()
        .migrate();
  }
}
