package dev.belay.schema;

import dev.belay.catalogue.Alignment;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.Difference;
import dev.belay.catalogue.NamePattern;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.Expected;
import dev.belay.scratch.ExpectedSchema;
import dev.belay.scratch.SchemaDrift;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    try (Database live = databases.open(settings.target()).readingOnly()) {
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
    ExpectedSchema replayed = expected.replay(settings, app, live, request.jars(), progress);
    progress.step("reading the live schema");
    SchemaDrift drift = SchemaDrift.of(settings, app, databases, live, replayed, options);
    CatalogueComparison comparison = drift.comparison();
    sql.addAll(Alignment.lines(drift.expected(), drift.actual(), comparison, options));
    return new AppSchema(
        app.name(),
        drift.schemas(),
        drift.expected().objects().size(),
        found(comparison, Difference.Group.MISSING),
        found(comparison, Difference.Group.ORPHANED),
        found(comparison, Difference.Group.DIFFERENT),
        drift.notes());
  }

  private static List<FoundDifference> found(
      CatalogueComparison comparison, Difference.Group group) {
    return comparison.differences(group).stream().map(FoundDifference::of).toList();
  }
}
