package dev.belay.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code flyway.conf}: {@code flyway.name=value}, long lines ending in a backslash. */
final class FlywayConf {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_.]+)}");
  private static final Pattern LINE = Pattern.compile("([^=:\\s]+)\\s*[=:\\s]\\s*(.*)");

  private FlywayConf() {}

  /** The settings by their name without {@code flyway.}. */
  static Map<String, Given> read(String text, String file, Map<String, String> environment) {
    Map<String, Given> settings = new LinkedHashMap<>();
    StringBuilder whole = new StringBuilder();
    int number = 0;
    int first = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (whole.isEmpty()) {
        first = number;
        if (line.startsWith("#") || line.startsWith("!")) {
          continue;
        }
      }
      if (line.endsWith("\\")) {
        whole.append(line, 0, line.length() - 1);
        continue;
      }
      take(whole.append(line).toString(), file + ":" + first, environment, settings);
      whole.setLength(0);
    }
    take(whole.toString(), file + ":" + first, environment, settings);
    return settings;
  }

  private static void take(
      String line, String place, Map<String, String> environment, Map<String, Given> settings) {
    Matcher parts = LINE.matcher(line);
    if (parts.matches() && parts.group(1).startsWith("flyway.")) {
      String value = expand(parts.group(2), environment);
      if (value != null) {
        settings.put(parts.group(1).substring("flyway.".length()), Given.of(value, place));
      }
    }
  }

  /** Flyway's own substitution; null when it needs what is not there. */
  static @Nullable String expand(String value, Map<String, String> environment) {
    Matcher variables = VARIABLE.matcher(value);
    StringBuilder answer = new StringBuilder();
    while (variables.find()) {
      String name = variables.group(1);
      String known = environment.get(name.startsWith("env.") ? name.substring(4) : name);
      if (known == null) {
        return null;
      }
      variables.appendReplacement(answer, Matcher.quoteReplacement(known));
    }
    return variables.appendTail(answer).toString();
  }
}
