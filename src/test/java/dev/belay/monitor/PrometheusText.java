package dev.belay.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A strict reader of the text format of Prometheus, written from its description and knowing
 * nothing of how Belay writes: whatever a collector could stumble over is an error.
 */
public final class PrometheusText {
  /** One value with its labels. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> helps = new LinkedHashMap<>();

  private PrometheusText() {}

  /** Reads it, or fails. */
  public static PrometheusText parse(String text) {
    PrometheusText read = new PrometheusText();
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    Set<String> finished = new HashSet<>();
    String current = "";
    Set<String> seen = new HashSet<>();
    for (String line : text.lines().toList()) {
      if (line.isEmpty()) {
        continue;
      }
      String name = line.startsWith("#") ? read.comment(line) : read.sample(line);
      if (!name.equals(current)) {
        if (!finished.add(name)) {
          throw new AssertionError("the lines of " + name + " are not together");
        }
        current = name;
      }
      if (!seen.add(line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))) {
        throw new AssertionError("twice: " + line);
      }
    }
    return read;
  }

  private String comment(String line) {
    String[] words = line.split(" ", 4);
    if (words.length < 4 || !words[0].equals("#")) {
      throw new AssertionError("no comment that means something: " + line);
    }
    String name = words[2];
    Map<String, String> into;
    if (words[1].equals("TYPE")) {
      if (!Set.of("counter", "gauge", "histogram", "summary", "untyped").contains(words[3])) {
        throw new AssertionError("no type: " + line);
      }
      into = types;
    } else if (words[1].equals("HELP")) {
      unescape(words[3], false);
      into = helps;
    } else {
      throw new AssertionError("neither HELP nor TYPE: " + line);
    }
    if (samples.stream().anyMatch(sample -> sample.name().equals(name))) {
      throw new AssertionError("after its values: " + line);
    }
    if (into.put(name, words[3]) != null) {
      throw new AssertionError("twice: " + line);
    }
    return name;
  }

  private String sample(String line) {
    int at = 0;
    while (at < line.length() && isOfName(line.charAt(at), at, true)) {
      at++;
    }
    String name = line.substring(0, at);
    if (name.isEmpty() || !types.containsKey(name) || !helps.containsKey(name)) {
      throw new AssertionError("a value without name, TYPE or HELP: " + line);
    }
    Map<String, String> labels = new HashMap<>();
    if (line.charAt(at) == '{') {
      at++;
      while (line.charAt(at) != '}') {
        int begin = at;
        while (isOfName(line.charAt(at), at - begin, false)) {
          at++;
        }
        String label = line.substring(begin, at);
        if (label.isEmpty() || line.charAt(at) != '=' || line.charAt(at + 1) != '"') {
          throw new AssertionError("no label: " + line);
        }
        at += 2;
        int open = at;
        while (line.charAt(at) != '"') {
          at += line.charAt(at) == '\\' ? 2 : 1;
        }
        if (labels.put(label, unescape(line.substring(open, at), true)) != null) {
          throw new AssertionError("a label twice: " + line);
        }
        at++;
        if (line.charAt(at) == ',') {
          at++;
        } else if (line.charAt(at) != '}') {
          throw new AssertionError("neither comma nor brace: " + line);
        }
      }
      at++;
    }
    if (line.charAt(at) != ' ') {
      throw new AssertionError("no blank before the value: " + line);
    }
    String number = line.substring(at + 1);
    double value =
        switch (number) {
          case "NaN" -> Double.NaN;
          case "+Inf" -> Double.POSITIVE_INFINITY;
          case "-Inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(number);
        };
    samples.add(new Sample(name, labels, value));
    return name;
  }

  private static boolean isOfName(char letter, int place, boolean colon) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || letter == '_'
        || (colon && letter == ':')
        || (place > 0 && letter >= '0' && letter <= '9');
  }

  private static String unescape(String text, boolean quotes) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char letter = text.charAt(at++);
      if (letter != '\\') {
        plain.append(letter);
        continue;
      }
      char escaped = at < text.length() ? text.charAt(at++) : '?';
      switch (escaped) {
        case '\\' -> plain.append('\\');
        case 'n' -> plain.append('\n');
        case '"' -> {
          if (!quotes) {
            throw new AssertionError("an escaped quote outside a label: " + text);
          }
          plain.append('"');
        }
        default -> throw new AssertionError("no escape: " + text);
      }
    }
    return plain.toString();
  }

  /** The types by name. */
  public Map<String, String> types() {
    return types;
  }

  /** All values. */
  public List<Sample> samples() {
    return samples;
  }

  /** The only value of that name and label. */
  public double value(String name, String label, String value) {
    List<Sample> found =
        samples.stream()
            .filter(sample -> sample.name().equals(name))
            .filter(sample -> value.equals(sample.labels().get(label)))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError("not one " + name + " with " + label + "=" + value + ": " + samples);
    }
    return found.get(0).value();
  }
}
