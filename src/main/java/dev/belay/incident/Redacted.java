package dev.belay.incident;

import dev.belay.config.Masking;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Copies files without the secrets that are in them. What has none is copied as it is, byte by
 * byte, so that the hashes of the audit trail still fit.
 */
final class Redacted {
  private static final int LONGEST_LINE = 1 << 20;

  /** So much of a line that was cut is left out, so that no part of a secret is at its end. */
  private static final int MARGIN = 4_096;

  private final Secrets secrets;
  private boolean inKey;

  Redacted(Secrets secrets) {
    this.secrets = secrets;
  }

  /**
   * Copies a file.
   *
   * @param from the byte to begin at; the rest of the line there is left out
   * @throws IOException when it cannot be read or written
   */
  void copy(Path file, long from, OutputStream into) throws IOException {
    String name = String.valueOf(file.getFileName());
    boolean lines = !name.endsWith(".json");
    if (!lines && isWhole(file)) {
      json(file, into);
      return;
    }
    inKey = false;
    boolean[] skip = {from > 0};
    boolean json = name.endsWith(".jsonl");
    Lines.each(
        file,
        from,
        LONGEST_LINE,
        line -> {
          if (skip[0]) {
            skip[0] = false;
            return true;
          }
          write(into, json && !line.cut() ? jsonLine(line.text()) : textLine(line), line.ended());
          return true;
        });
  }

  /** The same for another text: what was in the middle of a key is not any more. */
  Redacted again() {
    return new Redacted(secrets);
  }

  /** The name of a file, as it is safe to show and to unpack. */
  String name(Path file) {
    return Item.safe(secrets.without(String.valueOf(file.getFileName())));
  }

  /** One line of text. */
  String textLine(Lines.Line line) {
    if (line.text().contains("PRIVATE KEY-----")) {
      inKey = line.text().contains("-----BEGIN") && !line.text().contains("-----END");
      return secrets.without(line.text());
    }
    if (inKey) {
      return Masking.MASK;
    }
    String shown = secrets.without(line.text());
    return line.cut()
        ? shown.substring(0, Math.max(0, shown.length() - MARGIN)) + " … (cut)"
        : shown;
  }

  static void write(OutputStream into, String text, boolean ended) {
    try {
      into.write((ended ? text + "\n" : text).getBytes(StandardCharsets.UTF_8));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private String jsonLine(String line) {
    try {
      JsonNode tree = Json.MAPPER.readTree(line);
      JsonNode shown = node("", tree);
      return shown.equals(tree) ? line : Json.MAPPER.writeValueAsString(shown);
    } catch (JacksonException torn) {
      return secrets.without(line);
    }
  }

  private JsonNode node(String name, JsonNode node) {
    if (node.isString()) {
      String shown = value(name, node.asString());
      return shown.equals(node.asString()) ? node : StringNode.valueOf(shown);
    }
    if (node.isObject()) {
      ObjectNode copy = Json.MAPPER.createObjectNode();
      node.properties()
          .forEach(
              each ->
                  copy.set(secrets.without(each.getKey()), node(each.getKey(), each.getValue())));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      node.forEach(each -> copy.add(node(name, each)));
      return copy;
    }
    return node;
  }

  private String value(String name, String value) {
    return Masking.soundsSecret(name) && !value.isEmpty() ? Masking.MASK : secrets.without(value);
  }

  /** Whether it can be copied as JSON: half a file, or one with a key twice, is text. */
  private static boolean isWhole(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = Json.MAPPER.createParser(in)) {
      while (parser.nextToken() != null) {
        // Only whether it can be read.
      }
      return true;
    } catch (JacksonException broken) {
      return false;
    }
  }

  /** Token by token, in constant memory. */
  private void json(Path file, OutputStream into) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = Json.MAPPER.createParser(in);
        JsonGenerator generator =
            Json.MAPPER.writerWithDefaultPrettyPrinter().createGenerator(new Unclosed(into))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case PROPERTY_NAME -> generator.writeName(secrets.without(parser.currentName()));
          case VALUE_STRING -> {
            String name = parser.currentName();
            generator.writeString(value(name == null ? "" : name, parser.getString()));
          }
          default -> generator.copyCurrentEvent(parser);
        }
      }
    } catch (JacksonException broken) {
      throw broken.getCause() instanceof IOException cannot ? cannot : new IOException(broken);
    }
    into.write('\n');
  }

  /** Text of this program's own that may quote anything. */
  void text(List<String> lines, OutputStream into) {
    Consumer<String> writer = line -> write(into, secrets.without(line), true);
    lines.forEach(writer);
  }

  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
