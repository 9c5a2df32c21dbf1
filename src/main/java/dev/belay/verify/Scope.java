package dev.belay.verify;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.TableName;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Content;
import dev.belay.integrity.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What belongs to an app, or everything. */
final class Scope {
  private final Predicate<TableName> tables;
  private final List<String> schemas;

  private Scope(Predicate<TableName> tables, List<String> schemas) {
    this.tables = tables;
    this.schemas = List.copyOf(schemas);
  }

  /**
   * What a request means.
   *
   * @throws dev.belay.core.Failure USAGE when there is no such app
   */
  static Scope of(Settings settings, Optional<String> name) {
    if (name.isEmpty()) {
      return new Scope(table -> true, List.of());
    }
    AppSettings app = settings.app(name.get());
    if (app.tables().isEmpty()) {
      return new Scope(table -> app.schemas().contains(table.schema()), app.schemas());
    }
    List<Pattern> patterns = app.tables().stream().map(Scope::pattern).toList();
    return new Scope(
        table -> patterns.stream().anyMatch(each -> each.matcher(table.plain()).matches()),
        app.schemas());
  }

  /** {@code schema.table} with {@code *} and {@code ?}; without a dot, of any schema. */
  private static Pattern pattern(String text) {
    StringBuilder regex = new StringBuilder(text.contains(".") ? "" : ".*\\.");
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(point)));
              }
            });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Whether a table belongs to it. */
  boolean has(TableName table) {
    return tables.test(table);
  }

  /** The same for the checks. */
  CheckScope checks() {
    return schemas.isEmpty() ? CheckScope.WHOLE : new CheckScope(tables, this::isAbout, false);
  }

  /** Its schemas; empty: all. */
  List<String> schemas() {
    return schemas;
  }

  /** Whether a finding is about it. What is about no table is about the database, and so it is. */
  private boolean isAbout(Finding finding) {
    String schema = finding.place().get("schema");
    if (schema == null || schemas.isEmpty()) {
      return true;
    }
    String table = finding.place().getOrDefault("table", finding.place().get("view"));
    return table == null ? schemas.contains(schema) : tables.test(new TableName(schema, table));
  }

  /** Whether it is everything, and not an app. */
  boolean isWhole() {
    return schemas.isEmpty();
  }

  /** Of a content only what belongs to it. */
  Content of(Content content) {
    if (schemas.isEmpty()) {
      return content;
    }
    return new Content(
        content.form(),
        content.probe(),
        content.tables().stream().filter(table -> tables.test(table.name())).toList(),
        content.sequences().stream()
            .filter(each -> schemas.contains(each.before().name().schema()))
            .toList(),
        content.largeObjects());
  }
}
