package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the history table of an app is made of, to tell whether it is as Flyway makes it.
 *
 * @param kind PostgreSQL's letter for what it is, such as {@code r} for a table; empty: not there
 */
public record HistoryForm(String kind, List<Column> columns) {
  private static final Map<String, String> EXPECTED =
      Map.of(
          "installed_rank", "integer",
          "version", "character varying(50)",
          "description", "character varying(200)",
          "type", "character varying(20)",
          "script", "character varying(1000)",
          "checksum", "integer",
          "installed_by", "character varying(100)",
          "installed_on", "timestamp without time zone",
          "execution_time", "integer",
          "success", "boolean");

  public HistoryForm {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param type as PostgreSQL writes it
   */
  public record Column(String name, String type) {}

  /** Reads the catalogue. May be used within a transaction. */
  public static HistoryForm read(Database database, AppSettings app) {
    return HistoryQueries.form(database, app);
  }

  /** Whether it is a table whose rows can be changed like those of a table. */
  public boolean isTable() {
    return kind.equals("r");
  }

  /** In what it is not as Flyway makes it; empty: in nothing, or it is not there. */
  public List<String> oddities() {
    List<String> oddities = new ArrayList<>();
    if (kind.isEmpty()) {
      return oddities;
    }
    if (!isTable()) {
      oddities.add("it is " + kindInWords() + ", not a table");
    }
    for (Column column : columns) {
      String expected = EXPECTED.get(column.name());
      if (expected == null) {
        oddities.add(
            "it has a column %s (%s) that Flyway 13 does not know"
                .formatted(column.name(), column.type()));
      } else if (!expected.equals(column.type())) {
        oddities.add(
            "its column %s is %s, not %s".formatted(column.name(), column.type(), expected));
      }
    }
    return oddities;
  }

  private String kindInWords() {
    return switch (kind) {
      case "p" -> "a partitioned table";
      case "v" -> "a view";
      case "m" -> "a materialized view";
      case "f" -> "a foreign table";
      default -> "of kind " + kind;
    };
  }
}
