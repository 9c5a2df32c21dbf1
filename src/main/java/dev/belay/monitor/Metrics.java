package dev.belay.monitor;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Figures in the text format of Prometheus, in a file for a collector to read. It is replaced as a
 * whole, so that nobody ever reads half of it.
 */
public final class Metrics {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private record Family(String type, String help, Map<Map<String, String>, Double> values) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * A figure that may rise and fall.
   *
   * @param name with its unit at the end, such as {@code belay_backup_age_seconds}
   * @param help one sentence
   */
  public Metrics gauge(String name, String help, double value) {
    return gauge(name, help, Map.of(), value);
  }

  /** The same, one of several that have this name and differ in their labels. */
  public Metrics gauge(String name, String help, Map<String, String> labels, double value) {
    return add("gauge", name, help, labels, value);
  }

  /** A figure that only rises; its name ends in {@code _total}. */
  public Metrics counter(String name, String help, Map<String, String> labels, double value) {
    return add("counter", name, help, labels, value);
  }

  private Metrics add(
      String type, String name, String help, Map<String, String> labels, double value) {
    if (!NAME.matcher(name).matches()
        || !labels.keySet().stream().allMatch(label -> LABEL.matcher(label).matches())) {
      throw new IllegalArgumentException(name + labels.keySet());
    }
    families
        .computeIfAbsent(name, first -> new Family(type, help, new LinkedHashMap<>()))
        .values()
        .put(new TreeMap<>(labels), value);
    return this;
  }

  /** All of them, those of one name together. */
  public String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          text.append("# HELP ").append(name).append(' ');
          text.append(family.help().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
          text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          family
              .values()
              .forEach(
                  (labels, value) ->
                      text.append(name)
                          .append(labels(labels))
                          .append(' ')
                          .append(number(value))
                          .append('\n'));
        });
    return text.toString();
  }

  private static String labels(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return "";
    }
    List<String> written = new ArrayList<>();
    labels.forEach((name, value) -> written.add(name + "=\"" + escaped(value) + "\""));
    return "{" + String.join(",", written) + "}";
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  /**
   * Replaces the file, which everybody may read. The name of the new one before it is whole does
   * not end in {@code .prom}, so that no collector takes it.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public void write(Path file) {
    Path whole = file.toAbsolutePath();
    try {
      // A link stays one: what it leads to is replaced.
      Path real = Files.exists(whole) ? whole.toRealPath() : whole;
      Path draft =
          real.resolveSibling(
              "." + real.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
      try {
        Files.deleteIfExists(draft);
        Files.writeString(draft, text(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException broken) {
        Files.deleteIfExists(draft);
        throw broken;
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write the metrics file " + file + ": " + reason(whole, cannot),
              "make its folder writable: ls -ld "
                  + ShellWords.quote(String.valueOf(whole.getParent())))
          .causedBy(cannot);
    }
  }

  private static String reason(Path file, IOException cannot) {
    Path folder = file.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      return "there is no folder " + folder;
    }
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return "it is a folder";
    }
    return switch (cannot.getClass().getSimpleName()) {
      case "AccessDeniedException" -> "permission denied";
      default -> String.valueOf(cannot.getMessage());
    };
  }
}
