package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.report.Html;
import dev.belay.report.HtmlPage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The first page of a bundle: what happened, what it is like now, what is in it, what is not. */
final class BundlePage {
  private final Safe html;
  private final Set<String> names;

  private BundlePage(Safe html, Set<String> names) {
    this.html = html;
    this.names = names;
  }

  /**
   * One operation of that time.
   *
   * @param page its file in the bundle; empty: it has none
   */
  record Line(String run, String title, String begun, Verdict verdict, String page) {
    Line unlinked() {
      return new Line(run, title, begun, verdict, "");
    }
  }

  /** Writes the page. */
  static void write(
      Instant made,
      List<Fact> facts,
      List<Line> operations,
      List<StateNow.Answer> state,
      List<BundleReport.Content> contents,
      List<String> missing,
      Secrets secrets,
      Appendable into) {
    Set<String> names =
        contents.stream().map(BundleReport.Content::name).collect(Collectors.toSet());
    BundlePage page = new BundlePage(new Safe(new Html(into), secrets), names);
    page.head(made, facts);
    page.operations(operations);
    page.state(state);
    page.contents(contents);
    page.missing(missing);
    page.html.raw(
        "<footer><p>Secrets are masked as far as belay knows them. Names of tables, commands, log "
            + "lines and, in reports of reconciliations, rows of the database are not: keep it as "
            + "private as those.</p></footer></main></body></html>\n");
  }

  private void head(Instant made, List<Fact> facts) {
    HtmlPage.head(html.html(), "Incident bundle of " + Units.moment(made), AccountPage.STYLE);
    html.raw("<body><main><header><p class=\"eyebrow\">Incident bundle</p><h1>");
    html.text(Units.moment(made)).raw("</h1><dl class=\"facts\">");
    for (Fact fact : facts) {
      html.raw("<div>").element("dt", "", fact.name()).raw("<dd><bdi>");
      html.text(fact.value()).raw("</bdi></dd></div>");
    }
    html.raw("</dl></header>");
  }

  private void operations(List<Line> operations) {
    html.raw("<section><h2>What belay did</h2>");
    if (operations.isEmpty()) {
      html.raw("<p class=\"lead\">No operation is on record for that time.</p></section>");
      return;
    }
    begin("What belay did", "begun", "operation", "how it ended");
    for (Line line : operations) {
      html.raw("<tr><td>").text(line.begun()).raw("</td><td>");
      link(line.page(), line.title());
      html.raw(" <span class=\"of\">").text(line.run()).raw("</span></td><td>");
      html.raw("<span aria-hidden=\"true\">" + line.verdict().sign() + "</span> ");
      html.text(line.verdict().words()).raw("</td></tr>");
    }
    end();
  }

  private void state(List<StateNow.Answer> state) {
    html.raw("<section><h2>What it is like now</h2>");
    begin("What it is like now", "command", "answer", "exit status");
    for (StateNow.Answer answer : state) {
      html.raw("<tr><th scope=\"row\">");
      link(answer.json().isEmpty() ? "" : StateItems.name(answer), "belay " + answer.command());
      html.raw("</th><td>").text(answer.note()).raw("</td><td>");
      html.text(answer.status() == null ? "–" : String.valueOf(answer.status())).raw("</td></tr>");
    }
    end();
  }

  private void contents(List<BundleReport.Content> contents) {
    html.raw("<section class=\"contents\"><h2>What is in it</h2>");
    begin("What is in it", "file", "what", "size", "last changed");
    for (BundleReport.Content content : contents) {
      html.raw("<tr><th scope=\"row\">");
      link(content.name(), content.name());
      html.raw("</th><td>").text(content.what()).raw("</td><td class=\"number\">");
      html.text(Units.bytes(content.bytes())).raw("</td><td>");
      html.text(Units.moment(content.modified())).raw("</td></tr>");
    }
    html.raw("</tbody></table></div><p class=\"lead\">The SHA-256 of each is in contents.json.");
    html.raw("</p></section>");
  }

  private void missing(List<String> missing) {
    html.raw("<section><h2>What could not be had, or was left out</h2><ul class=\"notes\">");
    if (missing.isEmpty()) {
      html.raw("<li>nothing</li>");
    }
    missing.forEach(note -> html.element("li", "", note));
    html.raw("</ul></section>");
  }

  /** Only to what is there, by names of this program's own: see {@link Item#safe}. */
  private void link(String page, String text) {
    if (!names.contains(page) || !page.matches("[A-Za-z0-9._/-]+")) {
      html.text(text);
    } else {
      html.raw("<a href=\"" + page + "\">").text(text).raw("</a>");
    }
  }

  private void begin(String name, String... heads) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html.raw(name.toLowerCase(Locale.ROOT) + "\"><table><thead><tr>");
    for (String head : heads) {
      html.raw("<th scope=\"col\">" + head + "</th>");
    }
    html.raw("</tr></thead><tbody>");
  }

  private void end() {
    html.raw("</tbody></table></div></section>");
  }
}
