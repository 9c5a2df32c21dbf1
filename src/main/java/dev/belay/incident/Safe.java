package dev.belay.incident;

import dev.belay.report.Html;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Writes a page of which nobody knows what is in it: every text is without secrets, without the
 * colours of a terminal, and no longer than somebody would read.
 */
final class Safe {
  /** In characters. */
  static final int LONGEST = 4_000;

  private static final String TAB = "    ";

  private static final Pattern ANSI =
      Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\))");

  private final Html html;
  private final Secrets secrets;

  Safe(Html html, Secrets secrets) {
    this.html = html;
    this.secrets = secrets;
  }

  /** Markup of this program's own. */
  Safe raw(String markup) {
    html.raw(markup);
    return this;
  }

  /** Any text. */
  Safe text(String text) {
    html.text(clean(text));
    return this;
  }

  /** An element with nothing but text in it. */
  Safe element(String tag, String className, String text) {
    html.element(tag, className, clean(text));
    return this;
  }

  /** Several lines, as they are. */
  Safe lines(Iterable<String> lines) {
    return lines(lines, false);
  }

  /**
   * Several lines, as they are.
   *
   * @param withinKey whether they may begin in the middle of a private key
   */
  Safe lines(Iterable<String> lines, boolean withinKey) {
    SecretLines following = new SecretLines(secrets, false, KeyLines.within(withinKey));
    lines.forEach(line -> html.text(clean(line, following::next).replace("\t", TAB)).raw("\n"));
    return this;
  }

  /** An element for each of several texts that follow each other, such as lines. */
  Safe elements(String tag, Iterable<String> texts) {
    SecretLines following = following();
    texts.forEach(text -> html.element(tag, "", clean(text, following::next)));
    return this;
  }

  /** For texts that follow each other. */
  SecretLines following() {
    return new SecretLines(secrets);
  }

  /** The next of several texts that follow each other. */
  Safe next(SecretLines following, String text) {
    html.text(clean(text, following::next));
    return this;
  }

  /** The page itself. */
  Html html() {
    return html;
  }

  String clean(String text) {
    return clean(text, secrets::without);
  }

  private static String clean(String text, UnaryOperator<String> masking) {
    // Cut first, with room for what is taken out: the rest of ten megabytes is nobody's concern.
    String shorter = text.length() <= 4 * LONGEST ? text : text.substring(0, 4 * LONGEST);
    String shown = masking.apply(ANSI.matcher(shorter).replaceAll(""));
    boolean cut = shorter.length() < text.length() || shown.length() > LONGEST;
    return cut
        ? shown.substring(0, Math.min(LONGEST, shown.length()))
            + " … (%,d characters in all)".formatted(text.length())
        : shown;
  }
}
