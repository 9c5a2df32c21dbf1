package dev.belay.dataset;

import dev.belay.core.Failure;
import dev.belay.report.Json;
import dev.belay.report.TextTable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;

/** Goes through an export from its first byte to its last, in either form. For one use. */
final class ExportReading {
  /** Some 100,000 tables. */
  private static final int LONGEST_HEADER_BYTES = 48_000_000;

  private static final int LONGEST_KEY_BYTES = 4096;
  private static final String BEGINNING = "{\"" + ExportHeader.KEY + "\":{";

  private final JsonSource source;
  private final JsonValues values;
  private final ExportHeader header;
  private long rows;

  private ExportReading(JsonSource source, JsonValues values, ExportHeader header) {
    this.source = source;
    this.values = values;
    this.header = header;
  }

  /** The one field that every format has. */
  private record Format(int format) {}

  /** Reads the header. */
  static ExportReading begin(InputStream text, Path path) {
    JsonSource source = new JsonSource(text, String.valueOf(path.getFileName()));
    JsonValues values = new JsonValues(source);
    int first = source.peek();
    boolean object = first == '{';
    if (object) {
      source.at++;
    }
    if (!object || source.peek() != '"') {
      throw source.damaged("this is no export of belay, which begins with " + BEGINNING);
    }
    if (!values.string("the first key", LONGEST_KEY_BYTES).equals(ExportHeader.KEY)) {
      throw source.damaged("this is no export of belay, which begins with " + BEGINNING);
    }
    source.expect(':', "after the first key");
    ExportHeader header = header(source, values.object("the header", LONGEST_HEADER_BYTES), path);
    if (header.form() == ExportForm.ndjson) {
      source.expect('}', "after the header");
    }
    return new ExportReading(source, values, header);
  }

  private static ExportHeader header(JsonSource source, String text, Path path) {
    try {
      int format = Json.MAPPER.readValue(text, Format.class).format();
      if (format > ExportHeader.VERSION) {
        throw Failure.unavailable(
            "%s is of format %d, and this belay reads up to %d"
                .formatted(path, format, ExportHeader.VERSION),
            "use the belay that made it, or a newer one: belay --version");
      }
      if (format < 1) {
        throw source.damaged("the header is of format " + format + ", which there never was");
      }
      ExportHeader header = Json.MAPPER.readValue(text, ExportHeader.class);
      HeaderCheck.check(header)
          .ifPresent(
              wrong -> {
                throw source.damaged("the header " + wrong);
              });
      return header;
    } catch (JacksonException other) {
      throw source.damaged("the header cannot be read: " + reason(other)).causedBy(other);
    }
  }

  /** Lists are copied when a record is made, which fails where there is none. */
  private static String reason(JacksonException other) {
    return other.getCause() instanceof NullPointerException
        ? "a list is missing, or has nothing where something must be"
        : TextTable.visible(other.getOriginalMessage());
  }

  ExportHeader header() {
    return header;
  }

  /** Visits all tables and sees to it that the file ends where it should. */
  long tables(ExportFile.Visitor visitor) {
    if (header.form() == ExportForm.json) {
      document(visitor);
    } else {
      lines(visitor);
    }
    source.within("");
    int after = source.peek();
    if (after >= 0) {
      throw source.unexpected(after, "the end of the file");
    }
    return rows;
  }

  private void document(ExportFile.Visitor visitor) {
    int next = 0;
    Set<String> apps = new HashSet<>();
    List<ExportedTable> tables = header.tables();
    while (source.passesMark(',')) {
      String app = values.string("the name of an app", LONGEST_KEY_BYTES);
      if (!apps.add(app)) {
        throw source.damaged("the app \"%s\" is there twice".formatted(app));
      }
      source.expect(':', "after the name of an app");
      source.expect('{', "after the name of an app");
      if (source.passesMark('}')) {
        continue;
      }
      do {
        String key = values.string("the name of a table", LONGEST_KEY_BYTES);
        ExportedTable table = expected(next++, app, key);
        source.expect(':', "after the name of a table");
        table(table, visitor);
      } while (source.passesMark(','));
      source.expect('}', "after the last table of an app");
      source.within("");
    }
    if (source.peek() != '}') {
      throw source.unexpected(source.peek(), "',' or '}'");
    }
    if (next < tables.size()) {
      throw missing(tables.get(next));
    }
    source.at++;
  }

  private Failure missing(ExportedTable table) {
    return source.damaged(
        "the table \"%s\" of the app \"%s\" is in the header and not in the file"
            .formatted(table.key(), table.app()));
  }

  /** The tables come in the order of the header. */
  private ExportedTable expected(int number, String app, String key) {
    List<ExportedTable> tables = header.tables();
    if (number < tables.size()) {
      ExportedTable table = tables.get(number);
      if (table.app().equals(app) && table.key().equals(key)) {
        return table;
      }
      boolean known =
          tables.stream().anyMatch(each -> each.app().equals(app) && each.key().equals(key));
      if (known) {
        throw source.damaged(
            "the table \"%s\" of the app \"%s\" is where \"%s\" of \"%s\" should be"
                .formatted(key, app, table.key(), table.app()));
      }
    }
    throw source.damaged(
        "the table \"%s\" of the app \"%s\" is not in the header, or there twice"
            .formatted(key, app));
  }

  /** {@code {"data": […], "count": n}}, in either order, since tools may have changed it. */
  private void table(ExportedTable table, ExportFile.Visitor visitor) {
    source.within("table " + table.name().plain());
    source.expect('{', "after the name of a table");
    long count = -1;
    long found = -1;
    do {
      String key = values.string("\"data\" or \"count\"", LONGEST_KEY_BYTES);
      source.expect(':', "after \"" + key + "\"");
      if (key.equals("count") && count < 0) {
        count = values.count();
      } else if (key.equals("data") && found < 0) {
        source.expect('[', "at the beginning of the rows");
        found = visit(table, new ArrayPlace(), visitor);
      } else {
        throw source.damaged(
            "the key \"%s\" is not \"data\" or \"count\", or is there twice".formatted(key));
      }
    } while (source.passesMark(','));
    if (found < 0 || count < 0) {
      throw source.damaged(
          found < 0 ? "the key \"data\" is missing" : "the key \"count\" is missing");
    }
    compare(found, count);
    source.expect('}', "after the rows and their count");
  }

  private long visit(ExportedTable table, ExportRows.RowPlace place, ExportFile.Visitor visitor) {
    ExportRows ofTable = new ExportRows(source, values, table, place);
    visitor.table(ofTable);
    if (!ofTable.wasRead()) {
      ofTable.copyTo((bytes, offset, length) -> {});
    }
    rows += ofTable.count();
    return ofTable.count();
  }

  private void compare(long found, long count) {
    if (found != count) {
      throw source.damaged("it has %d rows, and its count says %d".formatted(found, count));
    }
  }

  /** Rows as the elements of an array. */
  private final class ArrayPlace implements ExportRows.RowPlace {
    @Override
    public boolean next(long before) {
      int next = source.peek();
      if (next == ']') {
        source.at++;
        return false;
      }
      if (before > 0) {
        if (next != ',') {
          throw source.unexpected(next, "',' or ']' after a row");
        }
        source.at++;
      }
      return true;
    }

    @Override
    public void after() {
      // What comes next says whether there is another row.
    }
  }

  private void lines(ExportFile.Visitor visitor) {
    for (ExportedTable table : header.tables()) {
      source.within("table " + table.name().plain());
      LinePlace place = new LinePlace(table);
      long found = visit(table, place, visitor);
      compare(found, place.count);
    }
    source.within("the last line");
    source.expect('{', "at the beginning of a line");
    String key = values.string("the key of the last line", LONGEST_KEY_BYTES);
    if (!key.equals(ExportHeader.KEY)) {
      throw source.damaged(
          "a line of a table that is not in the header, or not where the header has it");
    }
    source.expect(':', "after the key of the last line");
    source.expect('{', "in the last line");
    total("tables", header.tables().size());
    source.expect(',', "in the last line");
    total("rows", rows);
    source.expect('}', "in the last line");
    source.expect('}', "in the last line");
  }

  private void total(String key, long found) {
    if (!values.string("\"" + key + "\"", LONGEST_KEY_BYTES).equals(key)) {
      throw source.damaged("the last line has something else than \"%s\"".formatted(key));
    }
    source.expect(':', "in the last line");
    long said = values.count();
    if (said != found) {
      throw source.damaged(
          "the file has %d %s, and its last line says %d".formatted(found, key, said));
    }
  }

  /** Rows on lines of their own; the line after the last one has their count. */
  private final class LinePlace implements ExportRows.RowPlace {
    private final ExportedTable table;
    private final byte[] row;
    private long count;

    LinePlace(ExportedTable table) {
      this.table = table;
      this.row = (Framing.line(table) + "\"row\":").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean next(long before) {
      source.peek();
      if (source.passes(row)) {
        return true;
      }
      source.expect('{', "at the beginning of a line");
      field("app", table.app());
      source.expect(',', "after the app");
      field("table", table.key());
      source.expect(',', "after the table");
      String key = values.string("\"row\" or \"count\"", LONGEST_KEY_BYTES);
      source.expect(':', "after \"" + key + "\"");
      if (key.equals("row")) {
        return true;
      }
      if (!key.equals("count")) {
        throw source.damaged("the key \"%s\" is not \"row\" or \"count\"".formatted(key));
      }
      count = values.count();
      source.expect('}', "after the count");
      return false;
    }

    private void field(String key, String value) {
      if (!values.string("\"" + key + "\"", LONGEST_KEY_BYTES).equals(key)) {
        throw source.damaged("a line does not begin with \"app\" and \"table\"");
      }
      source.expect(':', "after \"" + key + "\"");
      String found = values.string("the name of the " + key, LONGEST_KEY_BYTES);
      if (!found.equals(value)) {
        throw source.damaged(
            "a line of the %s \"%s\", where one of \"%s\" should be".formatted(key, found, value));
      }
    }

    @Override
    public void after() {
      source.expect('}', "after a row");
    }
  }
}
