package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what a scratch database takes over from the live one. */
final class LiveQueries {
  private static final String EXTENSIONS =
      """
      select e.extname, n.nspname, e.extversion
        from pg_catalog.pg_extension e
        join pg_catalog.pg_namespace n on n.oid = e.extnamespace
       where e.extname <> 'plpgsql'
       order by e.oid
      """;

  private LiveQueries() {}

  static LiveFacts facts(Database live) {
    String name = live.target().database();
    List<LiveFacts.InstalledExtension> extensions =
        live.list(
            EXTENSIONS,
            row ->
                new LiveFacts.InstalledExtension(
                    row.getString(1), row.getString(2), row.getString(3)));
    return new LiveFacts(
        name,
        DatabaseLocale.of(live, name),
        extensions,
        DatabaseSetting.of(live, name).stream()
            .filter(setting -> setting.role().isEmpty())
            .toList());
  }

  /** The names of the extensions of a database. */
  static Set<String> extensions(Database session) {
    return session.list(EXTENSIONS, row -> row.getString(1)).stream().collect(Collectors.toSet());
  }
}
