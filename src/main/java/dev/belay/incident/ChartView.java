package dev.belay.incident;

import dev.belay.core.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws what was measured, and says the same in a table. Lengths along the time are shares of the
 * width, so that letters have their size in any window.
 */
final class ChartView {
  private static final int TOP = 20;
  private static final int HEIGHT = 150;
  private static final int LINES = 4;

  /** Closer labels of steps, in percent of the width, are put together. */
  private static final double LABEL_ROOM = 8;

  private final Safe html;
  private final Samples samples;
  private final List<Samples.Mark> marks;
  private final String id;

  /**
   * @param marks the steps that are marked; their numbers are their places in this list from 1
   * @param id begins the names of the elements
   */
  ChartView(Safe html, Samples samples, List<Samples.Mark> marks, String id) {
    this.html = html;
    this.samples = samples;
    this.marks = marks;
    this.id = id;
  }

  /** Draws all of them. */
  void show() {
    for (int number = 0; number < samples.charts().size(); number++) {
      chart(samples.charts().get(number), id + number);
    }
  }

  private void chart(Samples.Chart chart, String name) {
    double top = nice(chart);
    html.raw("<figure class=\"chart\" aria-labelledby=\"" + name + "h\">");
    html.raw("<h3 id=\"" + name + "h\">").text(chart.kind().title()).raw("</h3>");
    html.raw("<svg class=\"plot\" role=\"img\" aria-labelledby=\"" + name + "t " + name + "d\" ");
    html.raw("width=\"100%\" height=\"" + (TOP + HEIGHT + 22) + "\">");
    html.raw("<title id=\"" + name + "t\">").text(chart.kind().title()).raw("</title>");
    html.raw("<desc id=\"" + name + "d\">").text(description(chart)).raw("</desc>");
    grid();
    html.raw("<svg y=\"" + TOP + "\" width=\"100%\" height=\"" + HEIGHT + "\" ");
    html.raw("viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">");
    for (int one = 0; one < chart.series().size(); one++) {
      html.raw("<path class=\"l" + one + "\" d=\"" + path(chart.series().get(one), top) + "\"/>");
    }
    html.raw("</svg>");
    scale(chart.kind(), top);
    html.raw("</svg>");
    table(chart);
    html.raw("</figure>");
  }

  private static String description(Samples.Chart chart) {
    List<String> words = new ArrayList<>();
    for (Series series : chart.series()) {
      words.add(
          "%s: from %s to %s, highest %s after the beginning"
              .formatted(
                  series.label(),
                  value(series.lowest().value(), chart.kind().unit()),
                  value(series.highest().value(), chart.kind().unit()),
                  since(series.highest().at())));
    }
    return String.join("; ", words) + ". The table below has the figures.";
  }

  private void grid() {
    for (int line = 0; line <= LINES; line++) {
      double y = TOP + HEIGHT * (1 - line / (double) LINES);
      html.raw(
          "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%1$s\" y2=\"%1$s\"/>"
              .formatted(number(y)));
    }
    steps();
  }

  /** Above the lines, so that none hides them. */
  private void scale(ChartKind kind, double top) {
    for (int line = 2; line <= LINES; line += 2) {
      double y = TOP + HEIGHT * (1 - line / (double) LINES);
      html.raw("<text class=\"scale\" x=\"2\" y=\"" + number(y + 12) + "\">");
      html.text(value(top * line / LINES, kind.unit())).raw("</text>");
    }
    int under = TOP + HEIGHT + 16;
    label("0", "start", under, clock(samples.from()));
    label("50%", "middle", under, clock((samples.from() + samples.to()) / 2));
    label("100%", "end", under, clock(samples.to()));
  }

  private void label(String x, String anchor, int y, String text) {
    html.raw(
        "<text class=\"scale\" x=\"" + x + "\" y=\"" + y + "\" text-anchor=\"" + anchor + "\">");
    html.text(text).raw("</text>");
  }

  private void steps() {
    int first = 0;
    while (first < marks.size()) {
      double at = share(marks.get(first).at());
      int last = first;
      while (last + 1 < marks.size() && share(marks.get(last + 1).at()) - at < LABEL_ROOM) {
        last++;
      }
      for (int each = first; each <= last; each++) {
        html.raw(
            "<line class=\"step\" x1=\"%1$s%%\" x2=\"%1$s%%\" y1=\"%2$d\" y2=\"%3$d\"/>"
                .formatted(number(share(marks.get(each).at())), TOP - 4, TOP + HEIGHT));
      }
      String anchor = at < 3 ? "start" : at > 97 ? "end" : "middle";
      html.raw(
          "<text class=\"stepno\" x=\"%s%%\" y=\"%d\" text-anchor=\"%s\">%s</text>"
              .formatted(
                  number(at),
                  TOP - 7,
                  anchor,
                  first == last ? String.valueOf(first + 1) : (first + 1) + "–" + (last + 1)));
      first = last + 1;
    }
  }

  /** In percent of the width. */
  private double share(long at) {
    double share = 100.0 * (at - samples.from()) / (samples.to() - samples.from());
    return Math.max(0, Math.min(100, share));
  }

  /** A line is broken where nothing was measured for longer than four samples. */
  private String path(Series series, double top) {
    StringBuilder path = new StringBuilder();
    double longest = 4 * Math.max((double) samples.intervalMillis(), series.bucketMillis());
    long before = Long.MIN_VALUE;
    boolean alone = false;
    for (Series.Point point : series.points()) {
      boolean gap = before == Long.MIN_VALUE || point.at() - before > longest;
      if (gap && alone) {
        path.append("h0");
      }
      alone = gap;
      path.append(gap ? 'M' : 'L')
          .append(number(10 * share(point.at())))
          .append(' ')
          .append(number(1000 - 1000 * Math.max(0, Math.min(1, point.value() / top))));
      before = point.at();
    }
    return alone ? path.append("h0").toString() : path.toString();
  }

  private void table(Samples.Chart chart) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures: ");
    html.raw(chart.kind().title() + "\"><table><thead><tr><th scope=\"col\">what</th>");
    for (String head : List.of("lowest", "average", "highest", "highest at", "at the end")) {
      html.raw("<th scope=\"col\">" + head + "</th>");
    }
    html.raw("</tr></thead><tbody>");
    String unit = chart.kind().unit();
    for (int one = 0; one < chart.series().size(); one++) {
      Series series = chart.series().get(one);
      html.raw("<tr><th scope=\"row\"><svg class=\"key\" aria-hidden=\"true\" width=\"28\" ");
      html.raw("height=\"10\"><path class=\"l" + one + "\" d=\"M1 5H27\"/></svg>");
      html.text(series.label()).raw("</th>");
      for (String cell :
          List.of(
              value(series.lowest().value(), unit),
              value(series.average(), unit),
              value(series.highest().value(), unit),
              clock(series.highest().at()),
              value(series.last(), unit))) {
        html.raw("<td>").text(cell).raw("</td>");
      }
      html.raw("</tr>");
    }
    html.raw("</tbody></table></div>");
  }

  private String clock(long at) {
    Instant moment = samples.firstAt().plusMillis(at);
    String text = Units.moment(moment);
    long span = samples.to() - samples.from();
    if (span > 86_400_000L) {
      return text.substring(5, 16);
    }
    return span > 120_000L
        ? text.substring(11, 19)
        : "%s.%d"
            .formatted(text.substring(11, 19), Math.floorMod(moment.toEpochMilli(), 1000) / 100);
  }

  private static String since(long at) {
    return Units.duration(Duration.ofMillis(at));
  }

  /** The next round number above all values. */
  private static double nice(Samples.Chart chart) {
    double highest = 0;
    for (Series series : chart.series()) {
      highest = Math.max(highest, series.highest().value());
    }
    if (chart.kind().unit().equals("%")) {
      return Math.max(100, highest);
    }
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(highest, 1e-9))));
    for (double step : new double[] {1, 2, 4, 8, 10}) {
      if (highest <= step * power) {
        return step * power;
      }
    }
    return highest;
  }

  static String value(double value, String unit) {
    return switch (unit) {
      case "%" -> String.format(Locale.ROOT, "%.1f %%", value);
      case "s" -> Units.duration(Duration.ofMillis(Math.round(value * 1000)));
      case "B" -> Units.bytes(Math.round(value));
      case "B/s" -> Units.bytes(Math.round(value)) + "/s";
      default ->
          value == Math.rint(value)
              ? Units.count(Math.round(value))
              : String.format(Locale.ROOT, "%,.1f", value);
    };
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
