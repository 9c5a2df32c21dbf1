package dev.belay.swap;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What belongs to a database itself and is in no dump of what it holds: owner, locale, tablespace,
 * limits, grants, settings, security labels, comment.
 *
 * @param connectionLimit -1: none
 * @param open whether it accepts connections
 * @param comment what people wrote about it
 * @param grants empty: those that a new database has
 * @param settings of {@code ALTER DATABASE … SET} and {@code ALTER ROLE … IN DATABASE … SET}
 */
public record DatabaseProperties(
    String owner,
    DatabaseLocale locale,
    String tablespace,
    int connectionLimit,
    boolean template,
    boolean open,
    Optional<String> comment,
    Optional<List<Grant>> grants,
    List<DatabaseSetting> settings,
    List<SecurityLabel> labels) {
  public DatabaseProperties {
    grants = grants.map(List::copyOf);
    settings = List.copyOf(settings);
    labels = List.copyOf(labels);
  }

  /**
   * A privilege on the database. Who granted it is not kept: all are the owner's afterwards.
   *
   * @param grantee empty: PUBLIC
   */
  public record Grant(Optional<String> grantee, String privilege, boolean grantable) {
    String statement(Identifier database) {
      return "grant "
          + privilege
          + " on database "
          + database
          + " to "
          + grantee.map(role -> new Identifier(role).toString()).orElse("public")
          + (grantable ? " with grant option" : "");
    }
  }

  /** A label of a label provider such as sepgsql. */
  public record SecurityLabel(String provider, String label) {
    String statement(Identifier database) {
      return "security label for "
          + new Identifier(provider)
          + " on database "
          + database
          + " is "
          + Identifier.literal(label);
    }
  }

  /**
   * Reads them from any session of the server.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when there is no such database
   */
  public static DatabaseProperties of(Database maintenance, String database) {
    return PropertyQueries.read(maintenance, database);
  }

  /** The same with another locale. */
  public DatabaseProperties withLocale(DatabaseLocale other) {
    return new DatabaseProperties(
        owner,
        other,
        tablespace,
        connectionLimit,
        template,
        open,
        comment,
        grants,
        settings,
        labels);
  }

  /** The statement that creates an empty database with what cannot be changed later. */
  public String createStatement(Identifier name, int major) {
    String statement =
        "create database %s owner %s %s"
            .formatted(name, new Identifier(owner), locale.createOptions(major));
    // Naming it needs a privilege on it, even where it is the default.
    return tablespace.equals("pg_default")
        ? statement
        : statement + " tablespace " + new Identifier(tablespace);
  }

  /** The statements that give a database all the rest, apart from its comment and being open. */
  List<String> statements(Identifier name) {
    List<String> statements = new ArrayList<>();
    if (connectionLimit >= 0) {
      statements.add("alter database " + name + " connection limit " + connectionLimit);
    }
    if (template) {
      statements.add("alter database " + name + " is_template true");
    }
    grants.ifPresent(
        all -> {
          statements.add("revoke all on database " + name + " from public");
          statements.add("revoke all on database " + name + " from " + new Identifier(owner));
          all.forEach(grant -> statements.add(grant.statement(name)));
        });
    settings.forEach(setting -> statements.add(setting.statement(name)));
    labels.forEach(label -> statements.add(label.statement(name)));
    return statements;
  }

  /**
   * Gives them to a database, all or none.
   *
   * @param maintenance a session with another database of the server
   */
  public void applyTo(Database maintenance, String database) {
    Identifier name = new Identifier(database);
    maintenance.inTransaction(
        () -> {
          statements(name).forEach(maintenance::execute);
          return name;
        });
  }

  /**
   * Proves that they can be given to a database, and leaves it as it is.
   *
   * @throws dev.belay.core.Failure what applying them would throw
   */
  public void rehearse(Database maintenance, String database) {
    Identifier name = new Identifier(database);
    maintenance.execute("begin");
    try {
      statements(name).forEach(maintenance::execute);
    } finally {
      maintenance.rollback();
    }
  }
}
