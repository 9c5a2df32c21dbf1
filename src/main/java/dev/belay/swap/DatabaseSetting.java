package dev.belay.swap;

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

  String statement(Identifier database) {
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
