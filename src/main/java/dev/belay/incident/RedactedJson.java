package dev.belay.incident;

import dev.belay.config.Masking;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes secrets out of JSON, token by token, in constant memory. The strings of a list are lines
 * that follow each other, and so are those of one name in a list of objects.
 */
final class RedactedJson {
  private static final int MOST_NAMES = 1_000;

  private final Secrets secrets;
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean masked;

  /**
   * An object or a list that is open.
   *
   * @param name that its elements have: a list's own
   * @param lines by name; null: it stands in no list
   */
  private record Level(boolean list, String name, @Nullable Map<String, SecretLines> lines) {}

  RedactedJson(Secrets secrets) {
    this.secrets = secrets;
  }

  /**
   * Whether there are any; reads to the end.
   *
   * @throws JacksonException when it is no JSON
   */
  boolean isIn(JsonParser parser) {
    read(parser, null);
    return masked;
  }

  /**
   * Writes it without them.
   *
   * @throws JacksonException when it is no JSON
   */
  void copy(JsonParser parser, JsonGenerator into) {
    read(parser, into);
  }

  private void read(JsonParser parser, @Nullable JsonGenerator into) {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      switch (token) {
        case START_OBJECT, START_ARRAY -> open(token == JsonToken.START_ARRAY, parser);
        case END_OBJECT, END_ARRAY -> levels.pop();
        default -> {
          // A value.
        }
      }
      String before = text(token, parser);
      String shown = before == null ? null : shown(token, before, parser);
      masked |= shown != null && !shown.equals(before);
      if (into == null) {
        continue;
      }
      if (token == JsonToken.PROPERTY_NAME) {
        into.writeName(shown == null ? "" : shown);
      } else if (shown != null && (token == JsonToken.VALUE_STRING || !shown.equals(before))) {
        into.writeString(shown);
      } else {
        into.copyCurrentEventExact(parser);
      }
    }
  }

  /** The text that may be a secret; null: it is none. */
  private static @Nullable String text(JsonToken token, JsonParser parser) {
    return switch (token) {
      case PROPERTY_NAME -> parser.currentName();
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getString();
      default -> null;
    };
  }

  private void open(boolean list, JsonParser parser) {
    Level above = levels.peek();
    boolean within = above != null && above.list();
    String name = "";
    if (above != null && list) {
      String own = parser.streamReadContext().getParent().currentName();
      name = within ? above.name() : own == null ? "" : own;
    }
    levels.push(
        new Level(
            list, name, list ? new HashMap<>() : within && above != null ? above.lines() : null));
  }

  private String shown(JsonToken token, String text, JsonParser parser) {
    if (token == JsonToken.PROPERTY_NAME) {
      return secrets.without(text);
    }
    Level level = levels.peek();
    boolean element = level != null && level.list();
    String own = parser.currentName();
    String name = element && level != null ? level.name() : own == null ? "" : own;
    if (!text.isEmpty() && Masking.soundsSecret(name)) {
      return Masking.MASK;
    }
    Map<String, SecretLines> lines = level == null ? null : level.lines();
    if (lines == null || token != JsonToken.VALUE_STRING) {
      return secrets.without(text);
    }
    String key = element ? "" : name;
    SecretLines its = lines.get(key);
    if (its == null) {
      its = new SecretLines(secrets);
      if (lines.size() < MOST_NAMES) {
        lines.put(key, its);
      }
    }
    return its.next(text);
  }
}
