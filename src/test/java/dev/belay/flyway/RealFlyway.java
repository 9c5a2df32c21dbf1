package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Flyway itself, set up as an app is. */
public final class RealFlyway {
  private RealFlyway() {}

  /** Flyway for that app in that database. */
  public static Flyway of(Target target, AppSettings app, boolean createSchemas) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {target.host()});
    source.setPortNumbers(new int[] {target.port()});
    source.setDatabaseName(target.database());
    source.setUser(target.user());
    target.password().map(Secret::reveal).ifPresent(source::setPassword);
    Map<String, String> own = new HashMap<>();
    app.flyway().forEach((name, value) -> own.put("flyway." + name, value));
    return Flyway.configure()
        .dataSource(source)
        .schemas(app.historySchema())
        .defaultSchema(app.historySchema())
        .createSchemas(createSchemas)
        .table(app.historyTable())
        .locations(app.locations().toArray(String[]::new))
        .placeholders(app.placeholders())
        .configuration(own)
        .load();
  }
}
