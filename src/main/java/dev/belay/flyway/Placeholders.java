package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import java.io.IOException;
import java.io.Reader;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What Flyway puts in place of {@code ${name}}. It matters for repeatable migrations only: their
 * checksum is that of the text after replacement.
 */
final class Placeholders {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Map<String, String> values;
  private final String prefix;
  private final String suffix;

  private Placeholders(Map<String, String> values, String prefix, String suffix) {
    this.values = values;
    this.prefix = prefix;
    this.suffix = suffix;
  }

  /** Those of one script of an app that migrates that database. */
  static Placeholders of(AppSettings app, Target target, ScriptName script) {
    Map<String, String> flyway = app.flyway();
    String separator = flyway.getOrDefault("placeholderSeparator", ":");
    Map<String, String> values = new HashMap<>();
    app.placeholders().forEach((name, value) -> values.put(lower(name), value));
    Map<String, String> own = new HashMap<>();
    own.put("defaultSchema", app.historySchema());
    own.put("database", target.database());
    own.put("user", target.user());
    own.put("timestamp", STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
    own.put("workingDirectory", System.getProperty("user.dir", ""));
    own.put("table", app.historyTable());
    own.put("environment", flyway.getOrDefault("environment", "default"));
    own.put("filename", script.canonical());
    own.forEach((name, value) -> values.put(lower("flyway" + separator + name), value));
    return script.type().equals("SCRIPT")
        ? new Placeholders(
            values,
            flyway.getOrDefault("scriptPlaceholderPrefix", "FP__"),
            flyway.getOrDefault("scriptPlaceholderSuffix", "__"))
        : new Placeholders(
            values,
            flyway.getOrDefault("placeholderPrefix", "${"),
            flyway.getOrDefault("placeholderSuffix", "}"));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The text of {@code source} with every placeholder replaced; closing it closes the source. */
  Reader replacing(Reader source) {
    return new Replacing(source);
  }

  /** A placeholder for which nobody gave a value. */
  static final class Unknown extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Unknown(String placeholder) {
      super("no value is configured for the placeholder " + placeholder);
    }
  }

  private final class Replacing extends Reader {
    private static final int END = -1;

    private final Reader source;
    private final StringBuilder seen = new StringBuilder();
    private final StringBuilder ready = new StringBuilder();
    private int readyAt;

    Replacing(Reader source) {
      this.source = source;
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
      int count = 0;
      while (count < length) {
        if (readyAt == ready.length() && !advance()) {
          break;
        }
        into[offset + count++] = ready.charAt(readyAt++);
      }
      return count == 0 && length > 0 ? END : count;
    }

    /** Makes at least one more character ready, unless there is none. */
    private boolean advance() throws IOException {
      ready.setLength(0);
      readyAt = 0;
      while (ready.isEmpty()) {
        int next = source.read();
        if (next == END) {
          ready.append(seen);
          seen.setLength(0);
          return !ready.isEmpty();
        }
        seen.append((char) next);
        if (prefix.contentEquals(seen)) {
          seen.setLength(0);
          ready.append(value());
        } else if (!prefix.startsWith(seen.toString())) {
          // As Flyway does it, which therefore sees no placeholder in $${name}.
          ready.append(seen);
          seen.setLength(0);
        }
      }
      return true;
    }

    private String value() throws IOException {
      StringBuilder name = new StringBuilder();
      while (!endsWith(name, suffix)) {
        int next = source.read();
        if (next == END) {
          throw new Unknown(prefix + name + ", which has no end");
        }
        name.append((char) next);
      }
      name.setLength(name.length() - suffix.length());
      String value = values.get(lower(name.toString()));
      if (value == null) {
        throw new Unknown(prefix + name + suffix);
      }
      return value;
    }

    private static boolean endsWith(StringBuilder text, String end) {
      int start = text.length() - end.length();
      return start >= 0 && text.indexOf(end, start) == start;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
