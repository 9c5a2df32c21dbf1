package dev.belay.scratch;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.NamePattern;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.config.AppSettings;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Settings;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the live schema of an app differs from what its migrations give.
 *
 * @param expected what its migrations give, of what is the app's
 * @param actual what is there, of what is the app's
 * @param schemas the schemas that were compared
 * @param notes what could not be seen or was left out
 */
public record SchemaDrift(
    Catalogue expected,
    Catalogue actual,
    CatalogueComparison comparison,
    List<String> schemas,
    List<String> notes) {
  public SchemaDrift {
    schemas = List.copyOf(schemas);
    notes = List.copyOf(notes);
  }

  /**
   * Reads the live schema and compares.
   *
   * @param live a session with the live database, which is only read
   * @param wanted what a replay gives
   */
  public static SchemaDrift of(
      Settings settings,
      AppSettings app,
      Databases databases,
      Database live,
      ExpectedSchema wanted,
      ComparisonOptions options) {
    TableName[] histories =
        settings.apps().stream()
            .map(each -> new TableName(each.historySchema(), each.historyTable()))
            .toArray(TableName[]::new);
    Catalogue there =
        Catalogue.read(databases, settings.target(), CatalogueScope.without(histories));
    Catalogue full = wanted.catalogue().only(key -> !isHistory(key, histories));
    Catalogue replayed =
        MigratorQueries.migrator(live, app)
            .map(migrator -> full.calling(wanted.role(), migrator))
            .orElse(full);
    Ownership ownership = new Ownership(app, settings.apps(), replayed);
    Catalogue own = replayed.only(ownership::has);
    Catalogue ownThere = there.only(ownership::has);
    List<String> notes = new ArrayList<>(wanted.notes());
    leftOut(settings, there, ownership).ifPresent(notes::add);
    return new SchemaDrift(
        own,
        ownThere,
        CatalogueComparison.of(own, ownThere, options),
        List.copyOf(ownership.schemas()),
        notes);
  }

  /**
   * The same, as the app wants it compared, and without comments. Owners and privileges count only
   * where the replay was on the live server: another one has other roles, of which nobody can say
   * whose they stand for.
   *
   * @param live a session with the live database, which is only read
   * @param wanted what a replay gives
   */
  public static SchemaDrift of(
      Settings settings,
      AppSettings app,
      Databases databases,
      Database live,
      ExpectedSchema wanted) {
    boolean sameServer = settings.scratch().server() == ScratchSettings.Server.SAME;
    return of(
        settings,
        app,
        databases,
        live,
        wanted,
        new ComparisonOptions(
            sameServer,
            sameServer,
            false,
            false,
            app.ignore().stream().map(NamePattern::of).toList()));
  }

  private static boolean isHistory(ObjectKey key, TableName... histories) {
    for (TableName history : histories) {
      boolean ofTable = key.isMember() || key.kind().isRelation();
      if (ofTable && key.schema().equals(history.schema()) && key.name().equals(history.table())) {
        return true;
      }
    }
    return false;
  }

  /** Schemas that no app owns are not compared with anything. */
  private static Optional<String> leftOut(Settings settings, Catalogue there, Ownership ownership) {
    Set<String> nobodys = new TreeSet<>();
    there.objects().keySet().stream()
        .filter(key -> key.kind() == ObjectKind.SCHEMA && !key.name().equals("public"))
        .forEach(key -> nobodys.add(key.name()));
    nobodys.removeAll(ownership.schemas());
    settings.apps().forEach(app -> nobodys.removeAll(app.schemas()));
    return nobodys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left out, since no app has them among its schemas: " + String.join(", ", nobodys));
  }
}
