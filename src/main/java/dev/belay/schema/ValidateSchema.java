package dev.belay.schema;

import dev.belay.catalogue.Alignment;
import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.Difference;
import dev.belay.catalogue.NamePattern;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the live schema with the one that replaying the applied migrations gives. Reads only;
 * the SQL that it makes is never run.
 */
public final class ValidateSchema {
  private final Databases databases;
  private final Expected expected;

  public ValidateSchema(Databases databases, Expected expected) {
    this.databases = databases;
    this.expected = expected;
  }

  /**
   * Compares one app, or all.
   *
   * @throws Failure USAGE when there is no such app or the file cannot be written, UNAVAILABLE when
   *     the database cannot be read
   */
  public ValidateSchemaReport run(Settings settings, SchemaRequest request, Progress progress) {
    List<AppSettings> apps =
        request.app().map(name -> List.of(settings.app(name))).orElse(settings.apps());
    if (apps.isEmpty()) {
      throw Failure.usage("no app is configured", "name the folder of migrations in belay.yaml");
    }
    request.sqlFile().ifPresent(SqlFile::check);
    List<AppSchema> answers = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    try (Database live = databases.open(settings.target())) {
      for (AppSettings app : apps) {
        answers.add(compare(settings, app, live, request, progress, sql));
      }
    }
    Optional<Path> file = request.sqlFile();
    file.ifPresent(path -> SqlFile.write(path, sql));
    return new ValidateSchemaReport(
        settings.target().toString(),
        answers,
        request.sqlInAnswer() ? sql : List.of(),
        file.map(Path::toString));
  }

  private AppSchema compare(
      Settings settings,
      AppSettings app,
      Database live,
      SchemaRequest request,
      Progress progress,
      List<String> sql) {
    List<NamePattern> ignored = new ArrayList<>(request.ignored());
    app.ignore().forEach(pattern -> ignored.add(NamePattern.of(pattern)));
    ComparisonOptions options =
        new ComparisonOptions(
            request.owners(), request.privileges(), request.comments(), request.strict(), ignored);
    TableName[] histories =
        settings.apps().stream()
            .map(each -> new TableName(each.historySchema(), each.historyTable()))
            .toArray(TableName[]::new);
    ExpectedSchema replayed = expected.replay(settings, app, live, progress);
    progress.step("reading the live schema");
    Catalogue there =
        Catalogue.read(databases, settings.target(), CatalogueScope.without(histories));
    Catalogue full = replayed.catalogue().only(key -> !isHistory(key, histories));
    Catalogue wanted =
        SchemaQueries.migrator(live, app)
            .map(migrator -> full.calling(replayed.role(), migrator))
            .orElse(full);
    Ownership ownership = new Ownership(app, wanted, settings.apps().size() == 1);
    Catalogue own = wanted.only(ownership::has);
    Catalogue ownThere = there.only(ownership::has);
    CatalogueComparison comparison = CatalogueComparison.of(own, ownThere, options);
    sql.addAll(Alignment.lines(own, ownThere, comparison, options));
    List<String> notes = new ArrayList<>(replayed.notes());
    leftOut(settings, there, ownership).ifPresent(notes::add);
    return new AppSchema(
        app.name(),
        List.copyOf(ownership.schemas()),
        own.objects().size(),
        found(comparison, Difference.Group.MISSING),
        found(comparison, Difference.Group.ORPHANED),
        found(comparison, Difference.Group.DIFFERENT),
        notes);
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

  private static List<FoundDifference> found(
      CatalogueComparison comparison, Difference.Group group) {
    return comparison.differences(group).stream().map(FoundDifference::of).toList();
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
