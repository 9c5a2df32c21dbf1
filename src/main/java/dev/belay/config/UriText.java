package dev.belay.config;

import dev.belay.core.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what follows {@code postgresql://} or {@code jdbc:postgresql://}. */
final class UriText {
  private final boolean jdbc;
  private final String source;
  private final Parts parts = new Parts();

  /**
   * @param jdbc whether the parameters are the driver's, in which a plus is a space
   * @param source where the URL stands
   */
  UriText(boolean jdbc, String source) {
    this.jdbc = jdbc;
    this.source = source;
  }

  Parts parse(String rest) {
    int queryAt = rest.indexOf('?');
    String query = queryAt < 0 ? "" : rest.substring(queryAt + 1);
    String before = queryAt < 0 ? rest : rest.substring(0, queryAt);
    int pathAt = before.indexOf('/');
    String authority = pathAt < 0 ? before : before.substring(0, pathAt);
    String path = pathAt < 0 ? "" : before.substring(pathAt + 1);
    int at = authority.indexOf('@');
    if (at != authority.lastIndexOf('@') || path.indexOf('@') >= 0) {
      throw malformed("has an @ that is not percent-encoded");
    }
    if (at >= 0) {
      user(authority.substring(0, at));
    }
    address(authority.substring(at + 1));
    parts.put(ConnectionPart.DATABASE, decode(path), source);
    if (!query.isEmpty()) {
      query(query);
    }
    return parts;
  }

  private void user(String text) {
    int colon = text.indexOf(':');
    parts.put(ConnectionPart.USER, decode(colon < 0 ? text : text.substring(0, colon)), source);
    if (colon >= 0) {
      parts.put(ConnectionPart.PASSWORD, decode(text.substring(colon + 1)), source);
    }
  }

  private void address(String text) {
    String host = text;
    String port = "";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      String after = end < 0 ? "" : text.substring(end + 1);
      if (end < 0 || !(after.isEmpty() || after.startsWith(":"))) {
        throw malformed("has a bracket that belongs to no address");
      }
      host = text.substring(1, end);
      port = after.isEmpty() ? "" : after.substring(1);
    } else {
      if (text.indexOf(',') >= 0) {
        throw Addresses.several(source);
      }
      int colon = text.indexOf(':');
      if (colon != text.lastIndexOf(':')) {
        throw malformed("has more than one colon in its address");
      }
      if (colon >= 0) {
        host = text.substring(0, colon);
        port = text.substring(colon + 1);
      }
    }
    parts.put(ConnectionPart.HOST, decode(host), source);
    parts.put(ConnectionPart.PORT, port, source);
  }

  private void query(String query) {
    boolean printable = query.indexOf('@') < 0;
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (parameter.isEmpty()) {
        continue;
      }
      if (equals < 0 && (!jdbc || !printable)) {
        throw malformed("has a parameter without a value");
      }
      String name = decode(equals < 0 ? parameter : parameter.substring(0, equals));
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      Keywords.take(
          parts, name, decode(jdbc ? value.replace('+', ' ') : value), jdbc, printable, source);
    }
  }

  private String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); ) {
      if (text.charAt(at) == '%') {
        bytes.write(octet(text, at));
        at += 3;
      } else {
        int point = text.codePointAt(at);
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(point);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notText) {
      throw malformed("has a percent-encoding that is not UTF-8");
    }
  }

  private int octet(String text, int at) {
    int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      throw malformed("has a % that begins no percent-encoding");
    }
    return high * 16 + low;
  }

  private Failure malformed(String how) {
    return Failure.usage(source + " " + how + " (the text is not shown)", ConnectionText.ENCODE);
  }
}
