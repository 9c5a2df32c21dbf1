package dev.belay.pgtools;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a database is dumped. Both lists empty: everything.
 *
 * @param tables exactly these, with their data
 * @param schemas everything in exactly these
 */
public record DumpSelection(List<TableName> tables, List<String> schemas) {
  /** The whole database. */
  public static final DumpSelection WHOLE = new DumpSelection(List.of(), List.of());

  public DumpSelection {
    tables = List.copyOf(tables);
    schemas = List.copyOf(schemas);
  }

  /** Whether something is left out. */
  public boolean isPartial() {
    return !tables.isEmpty() || !schemas.isEmpty();
  }

  /**
   * The options of pg_dump. They are patterns, in which only what stands in double quotes is taken
   * as it is.
   */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    tables.forEach(table -> arguments.add("--table=" + table));
    schemas.forEach(schema -> arguments.add("--schema=" + new Identifier(schema)));
    if (isPartial()) {
      arguments.add("--strict-names");
    }
    return arguments;
  }

  /** Whether a name has characters whose bytes differ between encodings. */
  boolean needsEncoding() {
    return arguments().stream()
        .anyMatch(text -> !StandardCharsets.US_ASCII.newEncoder().canEncode(text));
  }
}
