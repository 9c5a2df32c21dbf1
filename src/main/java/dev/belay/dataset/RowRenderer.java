package dev.belay.dataset;

import dev.belay.core.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Renders the rows of one table from the text of COPY into JSON, bytes to bytes: a row has no text
 * that is not its own. For one thread.
 */
final class RowRenderer {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final ExportedTable table;
  private final byte[] before;
  private final byte[] after;
  private final byte[][] keys;
  private final ValueForm[] forms;
  private final boolean checked;

  /**
   * @param checked whether the database may hold bytes that are no UTF-8
   */
  RowRenderer(ExportedTable table, Framing framing, boolean checked) {
    this.table = table;
    this.checked = checked;
    this.before = framing.beforeRow(table);
    this.after = framing.afterRow();
    List<ExportedColumn> written = table.written();
    this.keys = new byte[written.size()][];
    this.forms = new ValueForm[written.size()];
    for (int column = 0; column < forms.length; column++) {
      String comma = column == 0 ? "" : ",";
      String name = new String(JsonText.quoted(written.get(column).name()), StandardCharsets.UTF_8);
      keys[column] = (comma + name + ":").getBytes(StandardCharsets.UTF_8);
      forms[column] = written.get(column).form();
    }
  }

  /**
   * Renders a row.
   *
   * @param line a line of COPY with its end
   * @throws Failure FAILED when it holds what is no text
   */
  void row(byte[] line, Lane lane) {
    if (checked && Utf8.firstWrong(line, line.length) >= 0) {
      throw Failure.failed(
          "table %s has a value that is no UTF-8, which JSON cannot hold"
              .formatted(table.name().plain()),
          "find it with: select * from %s where … and leave it out with --where, or mend it"
              .formatted(table.name()));
    }
    lane.put(before);
    int at = 0;
    for (int column = 0; column < forms.length; column++) {
      lane.put(keys[column]);
      at = value(line, at, forms[column], lane) + 1;
    }
    lane.put(after);
    lane.rowDone();
  }

  /** Renders a field, and returns where it ends. */
  private static int value(byte[] line, int at, ValueForm form, Lane lane) {
    byte first = line[at];
    if (first == '\\' && line[at + 1] == 'N' && isEnd(line[at + 2])) {
      lane.put(NULL);
      return at + 2;
    }
    return switch (form) {
      case NUMBER -> isNumber(first, line[at + 1]) ? raw(line, at, lane) : quoted(line, at, lane);
      case BOOLEAN -> {
        lane.put(first == 't' ? TRUE : FALSE);
        yield at + 1;
      }
      case JSON -> first == '"' || first == 'n' ? quoted(line, at, lane) : json(line, at, lane);
      default -> quoted(line, at, lane);
    };
  }

  private static boolean isEnd(byte each) {
    return each == '\t' || each == '\n';
  }

  /** NaN and the infinities are none; the least of them is -Infinity. */
  private static boolean isNumber(byte first, byte second) {
    return first == '-' ? second != 'I' : first >= '0' && first <= '9';
  }

  /** Digits have nothing that COPY escapes. */
  private static int raw(byte[] line, int at, Lane lane) {
    int end = at;
    while (!isEnd(line[end])) {
      end++;
    }
    lane.put(line, at, end - at);
    return end;
  }

  /** JSON has no control characters in its strings, so what COPY escapes in it are backslashes. */
  private static int json(byte[] line, int at, Lane lane) {
    int begin = at;
    int end = at;
    while (!isEnd(line[end])) {
      if (line[end] == '\\') {
        lane.put(line, begin, end - begin);
        lane.put(meant(line[end + 1]));
        end += 2;
        begin = end;
      } else {
        end++;
      }
    }
    lane.put(line, begin, end - begin);
    return end;
  }

  private static int quoted(byte[] line, int at, Lane lane) {
    byte[] special = JsonText.SPECIAL;
    lane.put('"');
    int begin = at;
    int end = at;
    while (true) {
      byte each = line[end];
      if (special[each & 0xFF] == 0) {
        end++;
        continue;
      }
      lane.put(line, begin, end - begin);
      if (each == '\t' || each == '\n') {
        break;
      }
      if (each == '\\') {
        char meant = meant(line[end + 1]);
        if (special[meant & 0xFF] == 0) {
          lane.put(meant);
        } else {
          lane.escape(meant);
        }
        end += 2;
      } else {
        lane.escape(each & 0xFF);
        end++;
      }
      begin = end;
    }
    lane.put('"');
    return end;
  }

  /** What COPY means by a backslash and that letter; all others stand for themselves. */
  private static char meant(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\u000b';
      default -> (char) (letter & 0xFF);
    };
  }
}
