package dev.belay.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What of a text must be escaped in a string of JSON, and how. */
final class JsonText {
  /** By byte: 0 where it stands for itself. */
  static final byte[] SPECIAL = new byte[256];

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  static {
    for (int control = 0; control < 0x20; control++) {
      SPECIAL[control] = 'u';
    }
    SPECIAL['\b'] = 'b';
    SPECIAL['\f'] = 'f';
    SPECIAL['\n'] = 'n';
    SPECIAL['\r'] = 'r';
    SPECIAL['\t'] = 't';
    SPECIAL['"'] = '"';
    SPECIAL['\\'] = '\\';
  }

  /** The longest escape, {@code \}{@code u001f}, in bytes. */
  static final int LONGEST_ESCAPE = 6;

  private JsonText() {}

  /** Writes the escape of a special byte, and returns where it ends. */
  static int escape(int special, byte[] into, int at) {
    int end = at;
    into[end++] = '\\';
    byte letter = SPECIAL[special];
    into[end++] = letter;
    if (letter == 'u') {
      into[end++] = '0';
      into[end++] = '0';
      into[end++] = HEX[special >> 4];
      into[end++] = HEX[special & 0xF];
    }
    return end;
  }

  /** The text as a string of JSON, in UTF-8. */
  static byte[] quoted(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream quoted = new ByteArrayOutputStream(bytes.length + 8);
    byte[] escape = new byte[LONGEST_ESCAPE];
    quoted.write('"');
    for (byte each : bytes) {
      if (SPECIAL[each & 0xFF] == 0) {
        quoted.write(each);
      } else {
        quoted.write(escape, 0, escape(each & 0xFF, escape, 0));
      }
    }
    quoted.write('"');
    return quoted.toByteArray();
  }
}
