package dev.belay.swap;

import dev.belay.config.Masking;
import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.DatabaseSetting;
import dev.belay.postgres.Provision;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What a backup keeps of what belongs to the database itself, for the day on which the database is
 * gone altogether. Owner and locale are kept beside it.
 *
 * @param connectionLimit -1: none
 * @param comment what people wrote about it
 * @param grants empty: those that a new database has
 * @param settingsLeftOut names of settings that sound as if their values were secrets, which do not
 *     belong into a file that is not encrypted
 */
public record SavedProperties(
    String tablespace,
    int connectionLimit,
    boolean template,
    Optional<String> comment,
    Optional<List<DatabaseProperties.Grant>> grants,
    List<DatabaseSetting> settings,
    List<String> settingsLeftOut) {
  public SavedProperties {
    grants = grants.map(List::copyOf);
    settings = List.copyOf(settings);
    settingsLeftOut = List.copyOf(settingsLeftOut);
  }

  /** Reads them from any session of the server. */
  public static SavedProperties of(Database session, String database) {
    DatabaseProperties all = DatabaseProperties.of(session, database);
    return new SavedProperties(
        all.tablespace(),
        all.connectionLimit(),
        all.template(),
        all.comment(),
        all.grants(),
        all.settings().stream().filter(setting -> !isSecret(setting)).toList(),
        all.settings().stream()
            .filter(SavedProperties::isSecret)
            .map(DatabaseSetting::name)
            .distinct()
            .toList());
  }

  private static boolean isSecret(DatabaseSetting setting) {
    return Masking.soundsSecret(setting.name());
  }

  /**
   * As far as this role can give them to a database of this server. What cannot be is told, for
   * somebody to do it by hand: a database without a setting is better than none.
   *
   * @param maintenance a session with another database of the server
   */
  public DatabaseProperties on(
      Database maintenance, String owner, DatabaseLocale locale, Consumer<String> told) {
    String role = owner;
    if (!PropertyQueries.mayGiveTo(maintenance, owner)) {
      role = maintenance.text("select current_user");
      told.accept("it was of %s and is of %s now, who may not give it away".formatted(owner, role));
    }
    boolean usable = PropertyQueries.mayUseTablespace(maintenance, tablespace);
    if (!usable) {
      told.accept("it was in the tablespace " + tablespace + ", which cannot be used here");
    }
    Set<String> missing = Set.copyOf(Provision.missingRoles(maintenance, roles()));
    missing.forEach(
        gone -> told.accept("what the role %s had of it: there is no such role".formatted(gone)));
    settingsLeftOut.forEach(
        name ->
            told.accept(
                "the setting %s is in no backup, since its name sounds secret: alter database … set %s"
                    .formatted(name, new Identifier(name))));
    return new DatabaseProperties(
        role,
        locale,
        usable ? tablespace : "pg_default",
        connectionLimit,
        template,
        true,
        comment,
        grants.map(
            all ->
                all.stream()
                    .filter(grant -> grant.grantee().filter(missing::contains).isEmpty())
                    .toList()),
        settings.stream()
            .filter(setting -> setting.role().filter(missing::contains).isEmpty())
            .toList(),
        List.of());
  }

  private Set<String> roles() {
    Set<String> roles = new TreeSet<>();
    grants.ifPresent(all -> all.forEach(grant -> grant.grantee().ifPresent(roles::add)));
    settings.forEach(setting -> setting.role().ifPresent(roles::add));
    return roles;
  }
}
