package dev.belay.postgres;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration parameter of a database.
 *
 * @param role for this role only; empty: for all
 * @param value as the catalogue keeps it
 */
public record DatabaseSetting(Optional<String> role, String name, String value) {
  /** Their values are lists of names that the catalogue keeps quoted; each is given on its own. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private static final String OF_DATABASE =
      """
      select r.rolname,
             pg_catalog.split_part(c.setting, '=', 1),
             pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1)
        from pg_catalog.pg_db_role_setting s
        join pg_catalog.pg_database d on d.oid = s.setdatabase
        left join pg_catalog.pg_roles r on r.oid = s.setrole
       cross join lateral pg_catalog.unnest(s.setconfig) with ordinality c (setting, position)
       where d.datname = ?
         and (s.setrole = 0 or r.rolname is not null)
       order by r.rolname nulls first, c.position
      """;

  /** Those of a database of the same server, those for all roles first. */
  public static List<DatabaseSetting> of(Database session, String database) {
    return session.list(
        OF_DATABASE,
        row ->
            new DatabaseSetting(
                Optional.ofNullable(row.getString(1)), row.getString(2), row.getString(3)),
        database);
  }

  /** The statement that gives it to a database. */
  public String statement(Identifier database) {
    String subject =
        role.map(name -> "alter role " + new Identifier(name) + " in database " + database)
            .orElse("alter database " + database);
    return subject + " set " + new Identifier(name) + " = " + literals();
  }

  private String literals() {
    if (!LISTS.contains(name.toLowerCase(Locale.ROOT))) {
      return Identifier.literal(value);
    }
    List<String> names = split(value);
    return names.isEmpty()
        ? "''"
        : String.join(", ", names.stream().map(Identifier::literal).toList());
  }

  /** Splits at commas outside of double quotes, and takes the quotes away. */
  static List<String> split(String list) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int at = 0; at < list.length(); at++) {
      char here = list.charAt(at);
      if (here == '"') {
        boolean doubled = quoted && at + 1 < list.length() && list.charAt(at + 1) == '"';
        if (doubled) {
          name.append('"');
          at++;
        } else {
          quoted = !quoted;
          wasQuoted = true;
        }
      } else if (here == ',' && !quoted) {
        add(names, name, wasQuoted);
        wasQuoted = false;
      } else if (quoted || !Character.isWhitespace(here)) {
        name.append(here);
      }
    }
    add(names, name, wasQuoted);
    return names;
  }

  private static void add(List<String> names, StringBuilder name, boolean wasQuoted) {
    if (wasQuoted || !name.isEmpty()) {
      names.add(name.toString());
    }
    name.setLength(0);
  }
}
