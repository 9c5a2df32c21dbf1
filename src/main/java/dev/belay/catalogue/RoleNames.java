package dev.belay.catalogue;

import java.util.List;
import java.util.TreeMap;

/** Gives a role another name in what is known of an object. */
final class RoleNames {
  private RoleNames() {}

  static SchemaObject renamed(SchemaObject object, String role, String otherwise) {
    if (!object.get(Property.OWNER).equals(role)) {
      return object;
    }
    TreeMap<String, String> properties = new TreeMap<>(object.properties());
    properties.put(Property.OWNER, otherwise);
    String grants = grants(object.get(Property.GRANTS), quoted(otherwise));
    if (grants.isEmpty()) {
      properties.remove(Property.GRANTS);
    } else {
      properties.put(Property.GRANTS, grants);
    }
    return new SchemaObject(
        key(object.key(), role, otherwise),
        properties,
        object.address().replace("FOR ROLE " + quoted(role), "FOR ROLE " + quoted(otherwise)),
        object.creation(),
        object.position());
  }

  private static ObjectKey key(ObjectKey key, String role, String otherwise) {
    String begin = "of " + role + " on ";
    return key.kind() == ObjectKind.DEFAULT_PRIVILEGES && key.name().startsWith(begin)
        ? ObjectKey.of(
            key.kind(),
            key.schema(),
            "of " + otherwise + " on " + key.name().substring(begin.length()))
        : key;
  }

  /** What the owner would be granted it has already. */
  private static String grants(String lines, String owner) {
    List<String> kept =
        lines
            .lines()
            .map(
                line ->
                    line.endsWith(" GRANTED BY " + owner)
                        ? line.substring(
                            0, line.length() - " GRANTED BY ".length() - owner.length())
                        : line)
            .filter(line -> !line.matches("GRANT [A-Z ]+ TO .*") || !grantee(line).equals(owner))
            .toList();
    return String.join("\n", kept);
  }

  private static String grantee(String line) {
    String rest = line.substring(line.indexOf(" TO ") + 4);
    return rest.endsWith(" WITH GRANT OPTION")
        ? rest.substring(0, rest.length() - " WITH GRANT OPTION".length())
        : rest;
  }

  /** As the server's quote_ident writes names of that form; those that it quotes are quoted. */
  private static String quoted(String role) {
    return role.matches("[a-z_][a-z0-9_]*") ? role : new dev.belay.core.Identifier(role).toString();
  }
}
