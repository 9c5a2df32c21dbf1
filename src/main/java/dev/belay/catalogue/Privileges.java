package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Grants as statements: what leads from one list of them to another. */
final class Privileges {
  private static final String BY = " GRANTED BY ";

  private Privileges() {}

  /**
   * The statements.
   *
   * @param expected as the property {@code grants} has them
   * @param actual the same, as it is
   * @param owner the owner's name as SQL takes it
   */
  static List<String> between(SchemaObject of, String expected, String actual, String owner) {
    Set<String> wanted = lines(expected);
    Set<String> there = lines(actual);
    List<String> revoked = new ArrayList<>();
    List<String> granted = new ArrayList<>();
    for (String line : there) {
      if (!wanted.contains(line)) {
        boolean undoesGrant = line.startsWith("GRANT ");
        (undoesGrant ? revoked : granted).add(statement(of, reversed(line), owner));
      }
    }
    for (String line : wanted) {
      if (!there.contains(line)) {
        boolean grants = line.startsWith("GRANT ");
        (grants ? granted : revoked).add(statement(of, line, owner));
      }
    }
    revoked.addAll(granted);
    return revoked;
  }

  private static Set<String> lines(String grants) {
    return grants.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(grants.split("\n", -1)));
  }

  private static String reversed(String line) {
    if (line.startsWith("GRANT ")) {
      String plain = line.replace(" WITH GRANT OPTION", "");
      return "REVOKE" + plain.substring("GRANT".length()).replaceFirst(" TO ", " FROM ");
    }
    return "GRANT" + line.substring("REVOKE".length()).replaceFirst(" FROM ", " TO ");
  }

  private static String statement(SchemaObject of, String line, String owner) {
    boolean grant = line.startsWith("GRANT ");
    String to = grant ? " TO " : " FROM ";
    int at = line.indexOf(to);
    String verb = grant ? "GRANT " : "REVOKE ";
    String privilege = line.substring(verb.length(), at);
    String grantee = line.substring(at + to.length());
    if (grantee.equals("OWNER") || grantee.startsWith("OWNER ")) {
      grantee = owner + grantee.substring("OWNER".length());
    }
    ObjectKey key = of.key();
    if (key.kind() == ObjectKind.DEFAULT_PRIVILEGES) {
      return "ALTER DEFAULT PRIVILEGES "
          + of.address()
          + " "
          + verb
          + privilege
          + " ON "
          + of.get("objects")
          + to
          + grantee
          + ";";
    }
    String column = key.kind() == ObjectKind.COLUMN ? " (" + Sql.name(key.member()) + ")" : "";
    String sql = verb + privilege + column + " ON " + address(of) + to + grantee + ";";
    return grantee.contains(BY) ? Step.remark("to be run by that role: " + sql) : sql;
  }

  private static String address(SchemaObject of) {
    ObjectKey key = of.key();
    return switch (key.kind()) {
      case TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW, COLUMN -> "TABLE " + Sql.relation(key);
      case AGGREGATE -> "FUNCTION " + Address.of(of);
      case ENUM, BASE_TYPE, COMPOSITE_TYPE, DOMAIN, RANGE_TYPE -> "TYPE " + Sql.relation(key);
      case PRIVILEGES -> of.address();
      case SERVER -> "FOREIGN SERVER " + Sql.relation(key);
      default -> Address.withKind(of);
    };
  }
}
