package dev.belay.dataset;

import dev.belay.report.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What stands in an export around the rows. For one export. */
final class Framing {
  private final ExportForm form;
  private String app = "";

  Framing(ExportForm form) {
    this.form = form;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return new String(JsonText.quoted(text), StandardCharsets.UTF_8);
  }

  /** The beginning of every line of a table in ndjson. */
  static String line(ExportedTable table) {
    return "{\"app\":%s,\"table\":%s,".formatted(quoted(table.app()), quoted(table.key()));
  }

  byte[] begin(ExportHeader header) {
    String text = "{\"" + ExportHeader.KEY + "\":" + Json.MAPPER.writeValueAsString(header);
    return utf8(form == ExportForm.json ? text : text + "}\n");
  }

  /** Before each row; of the first row of a table, {@link #separator()} bytes are left out. */
  byte[] beforeRow(ExportedTable table) {
    return utf8(form == ExportForm.json ? ",\n{" : line(table) + "\"row\":{");
  }

  byte[] afterRow() {
    return utf8(form == ExportForm.json ? "}" : "}}\n");
  }

  /** How many bytes of {@link #beforeRow} only part it from the row before it. */
  int separator() {
    return form == ExportForm.json ? 1 : 0;
  }

  byte[] beginTable(ExportedTable table) {
    if (form == ExportForm.ndjson) {
      return new byte[0];
    }
    boolean same = table.app().equals(app);
    String lead =
        same ? ",\n" : (app.isEmpty() ? "" : "\n}") + ",\n" + quoted(table.app()) + ":{\n";
    app = table.app();
    return utf8(lead + quoted(table.key()) + ":{\"data\":[");
  }

  byte[] endTable(ExportedTable table, long rows) {
    return utf8(
        form == ExportForm.json
            ? "\n],\"count\":" + rows + "}"
            : line(table) + "\"count\":" + rows + "}\n");
  }

  byte[] end(List<ExportedTable> tables, long rows) {
    if (form == ExportForm.ndjson) {
      return utf8(
          "{\"%s\":{\"tables\":%d,\"rows\":%d}}\n"
              .formatted(ExportHeader.KEY, tables.size(), rows));
    }
    return utf8(app.isEmpty() ? "\n}\n" : "\n}\n}\n");
  }
}
