package dev.belay.dataset;

import dev.belay.core.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of one table of an export, to be read once, while the table is visited. Each becomes a
 * line of COPY's text; no row and no value is ever held.
 */
public final class ExportRows {
  /** The longest line that the server takes. */
  static final long LONGEST_ROW_BYTES = (1L << 30) - 8192;

  private static final byte[] NULL = {'\\', 'N'};

  private final JsonSource source;
  private final JsonValues values;
  private final ExportedTable table;
  private final RowPlace place;
  private final List<ExportedColumn> columns;
  private final String[] names;
  private final byte[][] keys;
  private long rows;
  private boolean read;

  /** Where the rows of a table stand between other things. */
  interface RowPlace {
    /** Passes what stands before the next row; false after the last one. */
    boolean next(long before);

    /** Passes what stands after a row. */
    void after();
  }

  ExportRows(JsonSource source, JsonValues values, ExportedTable table, RowPlace place) {
    this.source = source;
    this.values = values;
    this.table = table;
    this.place = place;
    this.columns = table.written();
    this.names = columns.stream().map(ExportedColumn::name).toArray(String[]::new);
    this.keys = new byte[columns.size()][];
    for (int column = 0; column < keys.length; column++) {
      String name = new String(JsonText.quoted(names[column]), StandardCharsets.UTF_8);
      keys[column] = ((column == 0 ? "" : ",") + name + ":").getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The table as the export has it. */
  public ExportedTable table() {
    return table;
  }

  /** The number of rows that were read. */
  public long count() {
    return rows;
  }

  /** Whether {@link #copyTo} was called. */
  boolean wasRead() {
    return read;
  }

  /**
   * Reads all rows, with all columns that are written.
   *
   * @return the number of rows
   * @throws Failure FINDINGS with line and byte where the file is damaged; whatever the sink throws
   */
  public long copyTo(RowSink sink) {
    return copyTo(
        sink, columns.stream().map(ExportedColumn::name).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Reads all rows.
   *
   * @param kept the names of the columns that are handed on, in the export's order
   * @return the number of rows
   * @throws Failure FINDINGS with line and byte where the file is damaged, naming table, row and
   *     column; whatever the sink throws
   */
  public long copyTo(RowSink sink, Set<String> kept) {
    if (read) {
      throw new IllegalStateException("the rows of " + table.key() + " were read before");
    }
    read = true;
    boolean[] keep = new boolean[keys.length];
    for (int column = 0; column < keep.length; column++) {
      keep[column] = kept.contains(names[column]);
    }
    CopyText out = new CopyText(sink);
    while (place.next(rows)) {
      rows++;
      row(out, keep);
      place.after();
    }
    source.within("table " + table.name().plain());
    out.flush();
    return rows;
  }

  private void row(CopyText out, boolean[] keep) {
    source.atRow(rows);
    source.expect('{', "at the beginning of a row");
    out.keep(true);
    out.beginRow();
    boolean any = false;
    for (int column = 0; column < keys.length; column++) {
      if (!source.passes(keys[column])) {
        key(column);
      }
      out.keep(true);
      if (keep[column] && any) {
        out.put('\t');
      }
      any |= keep[column];
      out.keep(keep[column]);
      value(column, out);
    }
    source.atColumn(null);
    if (source.peek() != '}') {
      tooMany();
    }
    source.at++;
    out.keep(true);
    out.put('\n');
    if (out.rowBytes() > LONGEST_ROW_BYTES) {
      throw tooBig("the row", out.rowBytes());
    }
  }

  /** The same in other words: with white space, or other escapes. */
  private void key(int column) {
    if (column > 0) {
      int next = source.peek();
      if (next == '}') {
        throw source.damaged("the column \"%s\" is missing".formatted(names[column]));
      }
      source.expect(',', "after a value");
    }
    if (source.peek() == '}') {
      throw source.damaged("the column \"%s\" is missing".formatted(names[column]));
    }
    String found = values.string("the name of a column", 1024);
    if (!found.equals(names[column])) {
      throw source.damaged(
          "the column \"%s\" is where \"%s\" should be; a row has the columns of the header, in their order"
              .formatted(found, names[column]));
    }
    source.expect(':', "after the name of a column");
  }

  private void tooMany() {
    int next = source.peek();
    if (next == ',') {
      source.at++;
      String found = values.string("the name of a column", 1024);
      throw source.damaged("the column \"%s\" is not in the header".formatted(found));
    }
    throw source.unexpected(next, "',' or '}' in a row");
  }

  private void value(int column, CopyText out) {
    source.atColumn(names[column]);
    out.beginValue();
    int next = source.peek();
    if (next == '"') {
      values.content(out);
    } else if (next == '{' || next == '[') {
      if (columns.get(column).form() != ValueForm.JSON) {
        throw source.damaged(
            "%s is where a value of type %s should be"
                .formatted(next == '{' ? "an object" : "an array", columns.get(column).type()));
      }
      values.nested(out);
    } else if (values.passesNull()) {
      out.put(NULL, 0, NULL.length);
    } else {
      values.plain(out);
    }
    if (out.valueBytes() > LONGEST_ROW_BYTES) {
      throw tooBig("the value", out.valueBytes());
    }
  }

  private Failure tooBig(String what, long bytes) {
    return source.damaged(
        "%s has %d bytes, and the server takes no row of more than %d"
            .formatted(what, bytes, LONGEST_ROW_BYTES));
  }
}
