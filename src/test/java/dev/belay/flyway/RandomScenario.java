package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Scripts and a history that a random number generator made up. */
final class RandomScenario {
  private static final List<String> SCHEMAS =
      List.of("app", "Ap p", "a\"b'; drop table x; --", "größe", "x".repeat(60));
  private static final List<String> TABLES =
      List.of("flyway_schema_history", "Schema_Version", "h \"i' s;t", "история");
  private static final String CREATE =
      """
      create table %s (
        installed_rank integer not null primary key, version varchar(50),
        description varchar(200) not null, type varchar(20) not null,
        script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
        installed_on timestamp not null default now(), execution_time integer not null,
        success boolean not null)
      """;

  private final Random random;
  private final Path folder;
  private final String schema;
  private final String table;
  private final List<String> locations = new ArrayList<>();
  private final Map<String, String> flyway = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private int rank;

  RandomScenario(Random random, Path folder, int number) {
    this.random = random;
    this.folder = folder;
    this.schema = pick(SCHEMAS) + (number % 1000);
    this.table = pick(TABLES);
    chooseSettings();
  }

  private void chooseSettings() {
    if (chance(30)) {
      flyway.put("outOfOrder", "true");
    }
    if (chance(25)) {
      flyway.put("target", pick(List.of("3?", "current", "next", "latest", "2.5?")));
    }
    if (chance(12)) {
      flyway.put("baselineOnMigrate", "true");
      flyway.put("baselineVersion", pick(List.of("1", "2", "3.0")));
    }
    if (chance(15)) {
      flyway.put("sqlMigrationSuffixes", ".sql,.ddl");
    }
    if (chance(10)) {
      flyway.put("placeholderReplacement", "false");
    }
    if (chance(10)) {
      flyway.put("placeholderPrefix", "#[");
      flyway.put("placeholderSuffix", "]#");
    }
  }

  AppSettings app() {
    if (locations.isEmpty()) {
      switch (random.nextInt(4)) {
        case 0 -> locations.add("filesystem:" + folder);
        case 1 ->
            locations.addAll(List.of("filesystem:" + folder + "/a", "filesystem:" + folder + "/b"));
        case 2 ->
            locations.addAll(
                List.of(
                    "filesystem:" + folder + "/a/",
                    "filesystem:" + folder + "/a/deep",
                    "filesystem:" + folder + "/b"));
        default ->
            locations.add(
                "filesystem:" + folder + pick(List.of("/*", "/**/de?p", "/*/*.sql", "/**/V*.sql")));
      }
    }
    return new AppSettings(
        "default",
        List.of(schema),
        List.of(),
        locations,
        List.of(),
        schema,
        table,
        Map.of("Name", "a ${x} value", "empty", ""),
        flyway);
  }

  /** Writes the scripts: no two of one version, which Flyway would not bear. */
  void writeScripts() throws IOException {
    for (int number = 1; number <= 6; number++) {
      if (chance(75)) {
        write("V" + spelling(number) + ending("__step_" + number), "select " + number + ";\n");
      }
      if (chance(12)) {
        write(
            "B" + spelling(number) + "__all_to_" + number + ".sql",
            "select 'b" + number + "';\r\n");
      }
      if (chance(15)) {
        write("U" + number + "__undo.sql", "select -" + number);
      }
    }
    for (String name : List.of("views", "grants now", "ünïts")) {
      if (chance(60)) {
        write("R__" + name.replace(' ', '_') + ".sql", repeatable(name));
      }
    }
    write("notes.txt", "nothing");
    write("afterMigrate.sql", "select 1");
    if (chance(20)) {
      write("V7__long_" + "d".repeat(210) + ".sql", "select 7");
    }
  }

  private String spelling(int number) {
    return pick(List.of("%d", "%d", "0%d", "%d.0", "%d_0", "%d.00_0")).formatted(number);
  }

  private String ending(String description) {
    return switch (random.nextInt(8)) {
      case 0 -> ".sql";
      case 1 -> description + ".SQL";
      case 2 -> description + ".sh";
      case 3 -> description + ".ddl";
      default -> description + ".sql";
    };
  }

  private String repeatable(String name) {
    String open = flyway.getOrDefault("placeholderPrefix", "${");
    String close = flyway.getOrDefault("placeholderSuffix", "}");
    StringBuilder text = new StringBuilder(chance(20) ? "\uFEFF" : "");
    text.append("-- ").append(name).append(chance(50) ? "\r\n" : "\n");
    for (String each :
        List.of(
            "NAME",
            "empty",
            "flyway:database",
            "flyway:user",
            "flyway:defaultSchema",
            "flyway:table",
            "flyway:filename",
            "flyway:environment",
            "flyway:workingDirectory")) {
      if (chance(25)) {
        text.append(chance(20) ? "select '$" : "select '")
            .append(open)
            .append(each)
            .append(close)
            .append("';\n");
      }
    }
    return text.toString();
  }

  private void write(String name, String text) throws IOException {
    Path into = folder.resolve(pick(List.of("a", "a/deep", "b", "b/deep/deeper")));
    Files.createDirectories(folder.resolve("a/deep"));
    Files.createDirectories(folder.resolve("b/deep/deeper"));
    Files.writeString(into.resolve(name), text, StandardCharsets.UTF_8);
    log.add(name.startsWith("R__") ? name + "=" + text : name);
  }

  /** Makes the history; false when Flyway cannot read it. */
  boolean writeHistory(Database database, MigrationScripts scripts) {
    TableName name = new TableName(schema, table);
    database.execute("create schema if not exists " + new Identifier(schema));
    database.execute(CREATE.formatted(name));
    if (chance(15)) {
      insert(database, name, null, "<< Flyway Schema Creation >>", "SCHEMA", "x", null, true);
    }
    if (chance(20)) {
      String version = pick(List.of("1", "2", "0.5"));
      insert(database, name, version, "<< Flyway Baseline >>", "BASELINE", "x", null, true);
    }
    int rows = random.nextInt(10);
    for (int row = 0; row < rows; row++) {
      insertAny(database, name, scripts.migrations());
    }
    return HistoryRow.secondDeletes(HistoryQueries.read(database, app()).rows()).isEmpty();
  }

  private void insertAny(Database database, TableName name, List<MigrationScript> scripts) {
    boolean success = !chance(8);
    int kind = random.nextInt(100);
    String version = pick(List.of("1", "2", "3.0", "04", "5", "6", "1.5", "9", "42"));
    if (kind < 70 && !scripts.isEmpty()) {
      MigrationScript script = pick(scripts);
      String description = chance(8) ? "edited" : script.description();
      Integer sum = chance(12) ? Integer.valueOf(random.nextInt()) : script.checksum();
      sum =
          chance(4) ? null : chance(5) && script.rawChecksum() != null ? script.rawChecksum() : sum;
      String type =
          chance(4) ? pick(List.of("JDBC", "SPRING_JDBC", "CUSTOM", "SQL")) : script.type();
      String number = script.version() == null ? null : script.version().toString();
      insert(database, name, number, description, type, script.script(), sum, success);
    } else if (kind < 80) {
      insert(database, name, chance(80) ? version : null, "gone", "SQL", "gone.sql", 1, success);
    } else if (kind < 92) {
      String what = chance(80) ? version : null;
      insert(database, name, what, what == null ? "views" : "step", "DELETE", "x", null, true);
    } else if (kind < 97) {
      insert(database, name, version, "step", "UNDO_SCRIPT", "U.sql", null, true);
    } else {
      insert(database, name, version, "state", "SQL_BASELINE", "B.sql", 5, success);
    }
  }

  private void insert(
      Database database,
      TableName name,
      @Nullable String version,
      String description,
      String type,
      String script,
      @Nullable Integer checksum,
      boolean success) {
    rank += 1 + random.nextInt(2);
    String words = description.length() > 200 ? description.substring(0, 197) + "..." : description;
    database.execute(
        "insert into "
            + name
            + " values (?, nullif(?::text, ''), ?, ?, ?, nullif(?::text, '')::integer, 'app',"
            + " pg_catalog.now()::timestamp, 7, ?)",
        rank,
        version == null ? "" : version,
        words,
        type,
        script,
        checksum == null ? "" : checksum.toString(),
        success);
    log.add(rank + ":" + type + ":" + version + ":" + words + ":" + checksum + ":" + success);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @Override
  public String toString() {
    return locations + " " + flyway + " " + log;
  }
}
