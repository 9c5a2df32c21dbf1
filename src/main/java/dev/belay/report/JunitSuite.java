package dev.belay.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks as test cases, in the XML that CI systems read from JUnit.
 *
 * @param name of all of them together
 * @param properties what else is to be known, each {@code name=value}
 */
public record JunitSuite(String name, List<Case> cases, List<String> properties) {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  public JunitSuite {
    cases = List.copyOf(cases);
    properties = List.copyOf(properties);
  }

  /**
   * One check.
   *
   * @param group which of its kind it is of, in the place of a class
   * @param failure what it found, the first line in short; empty: nothing
   * @param error what could not be checked, the first line in short; empty: nothing
   * @param output what does not make it fail, though it is to be read
   */
  public record Case(
      String group,
      String name,
      Duration duration,
      Optional<List<String>> failure,
      Optional<List<String>> error,
      List<String> output) {}

  /** A command that did not come to an answer. */
  static JunitSuite ofFailure(String command, List<String> lines) {
    return new JunitSuite(
        "belay " + command,
        List.of(
            new Case(
                "belay", command, Duration.ZERO, Optional.empty(), Optional.of(lines), List.of())),
        List.of());
  }

  /** The XML, without a line end at its end. */
  String xml(Instant startedAt) {
    long failures = cases.stream().filter(each -> each.failure().isPresent()).count();
    long errors =
        cases.stream().filter(each -> each.failure().isEmpty() && each.error().isPresent()).count();
    String numbers =
        "tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%s\""
            .formatted(
                cases.size(),
                failures,
                errors,
                seconds(cases.stream().map(Case::duration).reduce(Duration.ZERO, Duration::plus)));
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites ").append(numbers).append(">\n");
    xml.append("  <testsuite name=\"").append(text(name)).append("\" ").append(numbers);
    xml.append(" timestamp=\"").append(MOMENT.format(startedAt)).append("\">\n");
    if (!properties.isEmpty()) {
      xml.append("    <properties>\n");
      for (String property : properties) {
        int equals = property.indexOf('=');
        xml.append("      <property name=\"").append(text(property.substring(0, equals)));
        xml.append("\" value=\"").append(text(property.substring(equals + 1))).append("\"/>\n");
      }
      xml.append("    </properties>\n");
    }
    cases.forEach(each -> append(xml, each));
    return xml.append("  </testsuite>\n</testsuites>").toString();
  }

  /** Where something was found and something could not be checked, the finding counts. */
  private static void append(StringBuilder xml, Case one) {
    xml.append("    <testcase classname=\"").append(text(one.group())).append("\" name=\"");
    xml.append(text(one.name()))
        .append("\" time=\"")
        .append(seconds(one.duration()))
        .append("\">\n");
    if (one.failure().isPresent()) {
      problem(xml, "failure", "finding", one.failure().get());
      one.error().ifPresent(lines -> output(xml, "system-err", lines));
    } else {
      one.error().ifPresent(lines -> problem(xml, "error", "not-checked", lines));
    }
    if (!one.output().isEmpty()) {
      output(xml, "system-out", one.output());
    }
    xml.append("    </testcase>\n");
  }

  private static void problem(StringBuilder xml, String element, String type, List<String> lines) {
    xml.append("      <").append(element).append(" type=\"").append(type);
    xml.append("\" message=\"").append(text(lines.isEmpty() ? "" : lines.get(0))).append("\">");
    xml.append(text(String.join("\n", lines))).append("</").append(element).append(">\n");
  }

  private static void output(StringBuilder xml, String element, List<String> lines) {
    xml.append("      <").append(element).append('>').append(text(String.join("\n", lines)));
    xml.append("</").append(element).append(">\n");
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
  }

  /** Escaped; characters that XML cannot have at all are written as in JSON. */
  private static String text(String raw) {
    StringBuilder safe = new StringBuilder();
    raw.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\n' -> safe.append("&#10;");
                default -> {
                  if (isLegal(point)) {
                    safe.appendCodePoint(point);
                  } else {
                    safe.append(String.format("\\u%04x", point));
                  }
                }
              }
            });
    return safe.toString();
  }

  /** By XML 1.0, without tabs and returns, which a reader would turn into blanks. */
  private static boolean isLegal(int point) {
    return (point >= 0x20 && point < 0x7f)
        || (point >= 0xa0 && point <= 0xd7ff)
        || (point >= 0xe000 && point <= 0xfffd)
        || (point >= 0x10000 && point <= 0x10ffff);
  }
}
