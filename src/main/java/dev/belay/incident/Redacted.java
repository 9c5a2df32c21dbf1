package dev.belay.incident;

import dev.belay.report.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * Copies files without the secrets that are in them. What has none is copied as it is, byte by
 * byte, so that the hashes of the audit trail and of manifests still fit.
 */
final class Redacted {
  private static final int LONGEST_LINE = 1 << 20;

  /** So much of a line that was cut is left out, so that no part of a secret is at its end. */
  private static final int MARGIN = 4_096;

  private final Secrets secrets;

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
    if (name.endsWith(".json") && json(file, into)) {
      return;
    }
    boolean[] skip = {from > 0};
    boolean json = name.endsWith(".jsonl");
    SecretLines lines = new SecretLines(secrets, name.endsWith(".html"), new KeyLines());
    Lines.each(
        file,
        from,
        LONGEST_LINE,
        line -> {
          if (skip[0]) {
            skip[0] = false;
          } else {
            write(line, json && !line.cut() ? jsonLine(line.text()) : shown(lines, line), into);
          }
          return true;
        });
  }

  /** For lines of a text that follow each other. */
  SecretLines lines() {
    return new SecretLines(secrets);
  }

  /** The name of a file, as it is safe to show and to unpack. */
  String name(Path file) {
    return Item.safe(secrets.without(String.valueOf(file.getFileName())));
  }

  /** One line of text. */
  static String shown(SecretLines lines, Lines.Line line) {
    String shown = lines.next(line.text());
    return line.cut()
        ? shown.substring(0, Math.max(0, shown.length() - MARGIN)) + " … (cut)"
        : shown;
  }

  /** Writes a line as it is to be shown. */
  static void write(Lines.Line line, String shown, OutputStream into) {
    try {
      line.write(shown, into);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private String jsonLine(String line) {
    try (JsonParser looking = Json.MAPPER.createParser(line)) {
      if (!new RedactedJson(secrets).isIn(looking)) {
        return line;
      }
      StringWriter text = new StringWriter();
      try (JsonParser parser = Json.MAPPER.createParser(line);
          JsonGenerator generator = Json.MAPPER.createGenerator(text)) {
        new RedactedJson(secrets).copy(parser, generator);
      }
      return text.toString();
    } catch (JacksonException torn) {
      return secrets.without(line);
    }
  }

  /**
   * Copies it as JSON, in constant memory. Half a file, or one with a name twice, is a text.
   *
   * @return whether it was; otherwise nothing was written
   */
  private boolean json(Path file, OutputStream into) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // What is written to its end meanwhile was not looked at.
      long size = channel.size();
      boolean secret;
      try (InputStream in = new ChannelPart(channel, size);
          JsonParser parser = Json.MAPPER.createParser(in)) {
        secret = new RedactedJson(secrets).isIn(parser);
      } catch (JacksonException broken) {
        if (broken.getCause() instanceof IOException cannot) {
          throw cannot;
        }
        return false;
      }
      try (InputStream in = new ChannelPart(channel, size)) {
        if (secret) {
          pretty(in, into);
        } else {
          in.transferTo(into);
        }
      }
      return true;
    }
  }

  private void pretty(InputStream in, OutputStream into) throws IOException {
    // A text that UTF-8 cannot have, such as half a character, is no reason to leave out the rest.
    Writer text = new OutputStreamWriter(new Unclosed(into), StandardCharsets.UTF_8);
    try (JsonParser parser = Json.MAPPER.createParser(in);
        JsonGenerator generator =
            Json.MAPPER.writerWithDefaultPrettyPrinter().createGenerator(text)) {
      new RedactedJson(secrets).copy(parser, generator);
    } catch (JacksonException broken) {
      throw broken.getCause() instanceof IOException cannot ? cannot : new IOException(broken);
    }
    into.write('\n');
  }

  /** JSON of this program's own that may quote anything. */
  void json(String json, OutputStream into) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    boolean secret;
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      secret = new RedactedJson(secrets).isIn(parser);
    } catch (JacksonException torn) {
      SecretLines lines = lines();
      for (String line : json.lines().toList()) {
        into.write((lines.next(line) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return;
    }
    if (secret) {
      pretty(new ByteArrayInputStream(bytes), into);
    } else {
      into.write(bytes);
    }
  }
}
