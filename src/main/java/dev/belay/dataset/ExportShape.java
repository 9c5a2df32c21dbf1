package dev.belay.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of an export beside those of a database. */
public final class ExportShape {
  private ExportShape() {}

  /** The live table of the same name. */
  public static Optional<LiveTable> live(ExportedTable exported, LiveTables live) {
    return live.tables().stream().filter(table -> table.name().equals(exported.name())).findFirst();
  }

  /** In what the tables are not alike, table by table; empty: in nothing. */
  public static List<ShapeDifference> differences(List<ExportedTable> exported, LiveTables live) {
    List<ShapeDifference> differences = new ArrayList<>();
    for (ExportedTable table : exported) {
      live(table, live)
          .ifPresentOrElse(
              found -> compare(table, found, differences),
              () ->
                  differences.add(
                      new ShapeDifference(
                          table.name().plain(),
                          ShapeDifference.Kind.TABLE_MISSING,
                          null,
                          table.name().plain(),
                          null)));
    }
    return differences;
  }

  /**
   * The columns whose values are in the export and can be written to the table, in the export's
   * order; also those whose types differ.
   */
  public static List<String> common(ExportedTable exported, LiveTable live) {
    return exported.written().stream()
        .map(ExportedColumn::name)
        .filter(name -> column(live.columns(), name).filter(ExportShape::isWritten).isPresent())
        .toList();
  }

  private static boolean isWritten(ExportedColumn column) {
    return column.form() != ValueForm.OMITTED;
  }

  private static Optional<ExportedColumn> column(List<ExportedColumn> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  private static void compare(
      ExportedTable exported, LiveTable live, List<ShapeDifference> differences) {
    String table = exported.name().plain();
    for (ExportedColumn column : exported.columns()) {
      column(live.columns(), column.name())
          .ifPresentOrElse(
              found -> compare(table, column, found, differences),
              () ->
                  differences.add(
                      new ShapeDifference(
                          table,
                          ShapeDifference.Kind.COLUMN_MISSING,
                          column.name(),
                          column.type(),
                          null)));
    }
    live.columns().stream()
        .filter(column -> column(exported.columns(), column.name()).isEmpty())
        .forEach(
            column ->
                differences.add(
                    new ShapeDifference(
                        table,
                        ShapeDifference.Kind.COLUMN_ADDED,
                        column.name(),
                        null,
                        column.type())));
    if (!exported.primaryKey().equals(live.primaryKey())) {
      differences.add(
          new ShapeDifference(
              table,
              ShapeDifference.Kind.PRIMARY_KEY,
              null,
              key(exported.primaryKey()),
              key(live.primaryKey())));
    }
  }

  private static void compare(
      String table,
      ExportedColumn exported,
      ExportedColumn live,
      List<ShapeDifference> differences) {
    if (!exported.type().equals(live.type())) {
      differences.add(
          new ShapeDifference(
              table, ShapeDifference.Kind.TYPE, exported.name(), exported.type(), live.type()));
    } else if (isWritten(exported) != isWritten(live)) {
      differences.add(
          new ShapeDifference(
              table,
              ShapeDifference.Kind.GENERATED,
              exported.name(),
              generated(exported),
              generated(live)));
    }
  }

  private static String generated(ExportedColumn column) {
    return isWritten(column) ? "an ordinary column" : "generated";
  }

  private static String key(List<String> columns) {
    return columns.isEmpty()
        ? "none"
        : columns.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
