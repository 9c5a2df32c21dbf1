package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import java.util.Optional;

/**
 * How a database encodes and sorts text. It is fixed when a database is created.
 *
 * @param encoding the server's name of it, such as {@code UTF8}
 * @param collate {@code LC_COLLATE}
 * @param ctype {@code LC_CTYPE}
 * @param provider {@code libc}, {@code icu} or {@code builtin}
 * @param locale the locale of the provider, where it is not libc
 * @param icuRules further ICU rules
 */
public record DatabaseLocale(
    String encoding,
    String collate,
    String ctype,
    String provider,
    Optional<String> locale,
    Optional<String> icuRules) {
  /** The row as JSON, since the columns of providers differ from one major version to the next. */
  private static final String QUERY =
      """
      select pg_catalog.pg_encoding_to_char(d.encoding),
             d.datcollate,
             d.datctype,
             case j ->> 'datlocprovider' when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
             coalesce(j ->> 'datlocale', j ->> 'daticulocale'),
             j ->> 'daticurules'
        from pg_catalog.pg_database d, pg_catalog.to_jsonb(d) j
       where d.datname = ?
      """;

  /**
   * Reads that of a database of the same server.
   *
   * @throws Failure UNAVAILABLE when there is no such database
   */
  public static DatabaseLocale of(Database database, String name) {
    return database
        .first(
            QUERY,
            row ->
                new DatabaseLocale(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    Optional.ofNullable(row.getString(5)),
                    Optional.ofNullable(row.getString(6))),
            name)
        .orElseThrow(
            () ->
                Failure.unavailable(
                    "there is no database " + name + " on the server",
                    "list the databases with: psql --list"));
  }

  /**
   * The options of {@code CREATE DATABASE} that give a new database this locale.
   *
   * @param major the server that creates it, such as 15
   * @throws Failure REFUSED when the server is too old for the provider
   */
  public String createOptions(int major) {
    StringBuilder options = new StringBuilder("template template0");
    options.append(" encoding ").append(Identifier.literal(encoding));
    options.append(" lc_collate ").append(Identifier.literal(collate));
    options.append(" lc_ctype ").append(Identifier.literal(ctype));
    if (major < oldestMajor()) {
      throw Failure.refused(
          "a database with the collation provider %s needs PostgreSQL %d, and the server is %d"
              .formatted(provider, oldestMajor(), major),
          "restore it on PostgreSQL " + oldestMajor() + " or newer");
    }
    if (major >= 15) {
      options.append(" locale_provider ").append(provider);
    }
    if (provider.equals("icu")) {
      locale.ifPresent(name -> options.append(" icu_locale ").append(Identifier.literal(name)));
      icuRules.ifPresent(rules -> options.append(" icu_rules ").append(Identifier.literal(rules)));
    } else if (provider.equals("builtin")) {
      locale.ifPresent(name -> options.append(" builtin_locale ").append(Identifier.literal(name)));
    }
    return options.toString();
  }

  private int oldestMajor() {
    return switch (provider) {
      case "icu" -> 15;
      case "builtin" -> 17;
      default -> 1;
    };
  }
}
