package dev.belay.dataset;

import dev.belay.flyway.MigrationHistory;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a header that was read from a file, and may be anybody's, has what it must. */
final class HeaderCheck {
  private HeaderCheck() {}

  /** What is wrong with it, as the end of a sentence. */
  static Optional<String> check(ExportHeader header) {
    if (lacks(
        header.form(),
        header.belay(),
        header.takenAt(),
        header.database(),
        header.target(),
        header.server(),
        header.systemIdentifier(),
        header.encoding())) {
      return Optional.of("lacks a field");
    }
    for (MigrationHistory history : header.migrations()) {
      if (lacks(history.app(), history.schema(), history.table())) {
        return Optional.of("lacks a field of the migrations");
      }
    }
    Set<List<String>> seen = new HashSet<>();
    for (ExportedTable table : header.tables()) {
      if (lacks(table.app(), table.key(), table.schema(), table.table(), table.condition())) {
        return Optional.of("lacks a field of a table");
      }
      if (table.schema().isEmpty() || table.table().isEmpty()) {
        return Optional.of("has a table without a name");
      }
      if (!seen.add(List.of(table.app(), table.key()))) {
        return Optional.of("has the table \"%s\" twice".formatted(table.key()));
      }
      Optional<String> wrong = columns(table);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> columns(ExportedTable table) {
    Set<String> names = new HashSet<>();
    for (ExportedColumn column : table.columns()) {
      if (lacks(column.name(), column.type(), column.identity(), column.form())) {
        return Optional.of("lacks a field of a column of the table \"%s\"".formatted(table.key()));
      }
      if (column.name().isEmpty() || !names.add(column.name())) {
        return Optional.of(
            "has the column \"%s\" of the table \"%s\" twice, or without a name"
                .formatted(column.name(), table.key()));
      }
    }
    return Optional.empty();
  }

  /** A parser leaves null where a field is not there. */
  private static boolean lacks(@Nullable Object... fields) {
    return Stream.of(fields).anyMatch(field -> field == null);
  }
}
