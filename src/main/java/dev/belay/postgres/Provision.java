package dev.belay.postgres;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a server provides that the dump of a database needs and does not bring along. */
public final class Provision {
  private static final String EXTENSIONS =
      """
      select name, pg_catalog.string_agg(version, ' ')
        from pg_catalog.pg_available_extension_versions
       group by name
      """;

  private Provision() {}

  /** Those of the roles that the server does not have, sorted. {@code public} is always there. */
  public static List<String> missingRoles(Database session, Set<String> needed) {
    TreeSet<String> missing = new TreeSet<>(needed);
    missing.removeAll(
        session.list("select rolname from pg_catalog.pg_roles", row -> row.getString(1)));
    missing.remove("public");
    return List.copyOf(missing);
  }

  /**
   * Something that a server does not have.
   *
   * @param what it is, in words
   * @param remedy what is to be done on the server
   */
  public record Lack(String what, String remedy) {
    /** A role. */
    public static Lack role(String name) {
      return new Lack(
          "the role " + name + " is missing on the server", "create role " + new Identifier(name));
    }

    /** An extension, in whatever version. */
    public static Lack extension(String name) {
      return new Lack(
          "the extension " + name + " is not installed on the server",
          "install the extension " + name);
    }
  }

  /**
   * What the server does not have of those.
   *
   * @param roles by their names
   * @param extensions by their names, in whatever version
   */
  public static List<Lack> lacking(Database session, Set<String> roles, Set<String> extensions) {
    List<Lack> lacking = new ArrayList<>();
    missingRoles(session, roles).forEach(role -> lacking.add(Lack.role(role)));
    Set<String> there = extensions(session).keySet();
    extensions.stream()
        .filter(extension -> !there.contains(extension))
        .forEach(extension -> lacking.add(Lack.extension(extension)));
    return lacking;
  }

  /** By the name of an extension, all its versions that could be installed. */
  public static Map<String, List<String>> extensions(Database session) {
    Map<String, List<String>> found = new TreeMap<>();
    session.list(
        EXTENSIONS,
        row -> found.put(row.getString(1), List.of(row.getString(2).split(" "))) == null);
    return found;
  }
}
