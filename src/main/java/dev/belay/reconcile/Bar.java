package dev.belay.reconcile;

import dev.belay.core.Units;
import dev.belay.report.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of the rows that differ, as one bar whose parts are in proportion. Each part has a
 * pattern of its own, so that colour is not needed to tell them apart, and the bar says it in words
 * to whoever cannot see it.
 */
final class Bar {
  /** What may become of a row, in the order of the bar. */
  enum Part {
    ADD("added", "to be added"),
    CHANGE("changed", "to be changed"),
    REMOVE("removed", "to be removed"),
    CONFLICT("in conflict", "in conflict"),
    LEFT("left alone", "left alone");

    private final String done;
    private final String planned;

    Part(String done, String planned) {
      this.done = done;
      this.planned = planned;
    }

    String word(boolean onlyPlanned) {
      return onlyPlanned ? planned : done;
    }

    /** The name of its pattern and of its style. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A part that is there is seen, however small it is beside the others. */
  private static final double NARROWEST = 6;

  private static final double WIDTH = 1000;

  private record Share(Part part, long rows) {}

  private final List<Share> shares;
  private final boolean onlyPlanned;

  private Bar(List<Share> shares, boolean onlyPlanned) {
    this.shares = shares;
    this.onlyPlanned = onlyPlanned;
  }

  static Bar of(long add, long change, long remove, long conflict, long left, boolean onlyPlanned) {
    List<Share> shares = new ArrayList<>();
    shares.add(new Share(Part.ADD, add));
    shares.add(new Share(Part.CHANGE, change));
    shares.add(new Share(Part.REMOVE, remove));
    shares.add(new Share(Part.CONFLICT, conflict));
    shares.add(new Share(Part.LEFT, left));
    shares.removeIf(share -> share.rows() <= 0);
    return new Bar(shares, onlyPlanned);
  }

  static Bar of(TableAnswer table, boolean onlyPlanned) {
    return of(
        table.add(), table.change(), table.remove(), table.conflicts(), table.left(), onlyPlanned);
  }

  static Bar of(Pass pass, boolean onlyPlanned) {
    return of(
        pass.sum(TableAnswer::add),
        pass.sum(TableAnswer::change),
        pass.sum(TableAnswer::remove),
        pass.sum(TableAnswer::conflicts),
        pass.sum(TableAnswer::left),
        onlyPlanned);
  }

  /** The patterns that all bars of a page share. */
  static void patterns(Html html) {
    html.raw("<svg class=\"none\" aria-hidden=\"true\" focusable=\"false\"><defs>");
    for (Part part : Part.values()) {
      html.raw(
          "<pattern id=\"%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"%s>"
              .formatted(part.id(), part == Part.CHANGE ? " patternTransform=\"rotate(45)\"" : ""));
      html.raw("<rect class=\"c-%s\" width=\"8\" height=\"8\"/>".formatted(part.id()));
      html.raw(
          switch (part) {
            case ADD -> "";
            case CHANGE -> "<rect class=\"over\" width=\"2.5\" height=\"8\"/>";
            case REMOVE -> "<rect class=\"over\" width=\"8\" height=\"2.5\"/>";
            case CONFLICT ->
                "<path class=\"line\" d=\"M0 0L8 8M8 0L0 8\" stroke-width=\"1.6\" fill=\"none\"/>";
            case LEFT -> "<circle class=\"over\" cx=\"4\" cy=\"4\" r=\"1.4\"/>";
          });
      html.raw("</pattern>");
    }
    html.raw("</defs></svg>");
  }

  /** Draws it. Nothing where no row differs. */
  void draw(Html html) {
    if (shares.isEmpty()) {
      return;
    }
    html.raw(
        "<svg class=\"bar\" viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" role=\"img\"");
    html.raw(" aria-label=").attribute(words()).raw(">");
    double[] widths = widths();
    double from = 0;
    for (int index = 0; index < widths.length; index++) {
      html.raw(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" width=\"%.1f\" height=\"16\" fill=\"url(#%s)\"/>",
              from,
              Math.max(1, widths[index] - (index < widths.length - 1 ? 2 : 0)),
              shares.get(index).part().id()));
      from += widths[index];
    }
    html.raw("</svg>");
  }

  /** The numbers below it, each with its mark. */
  void legend(Html html) {
    html.raw("<ul class=\"legend\">");
    for (Share share : shares) {
      html.raw("<li><svg class=\"key\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">");
      html.raw(
          "<rect width=\"16\" height=\"16\" fill=\"url(#%s)\"/></svg>"
              .formatted(share.part().id()));
      html.raw("<b>")
          .text(Units.count(share.rows()))
          .raw("</b> ")
          .text(share.part().word(onlyPlanned));
      html.raw("</li>");
    }
    html.raw("</ul>");
  }

  String words() {
    return String.join(
        ", ",
        shares.stream()
            .map(share -> Units.count(share.rows()) + " " + share.part().word(onlyPlanned))
            .toList());
  }

  /** In proportion, but for parts that would vanish; what those take, the widest one gives. */
  private double[] widths() {
    double all = shares.stream().mapToDouble(Share::rows).sum();
    double[] widths = new double[shares.size()];
    int widest = 0;
    double sum = 0;
    for (int index = 0; index < widths.length; index++) {
      widths[index] = Math.max(NARROWEST, shares.get(index).rows() / all * WIDTH);
      sum += widths[index];
      widest = widths[index] > widths[widest] ? index : widest;
    }
    widths[widest] -= sum - WIDTH;
    return widths;
  }
}
