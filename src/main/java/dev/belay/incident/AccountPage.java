package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.report.Html;
import dev.belay.report.HtmlPage;
import dev.belay.report.Remark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** All that is known of an operation, as one page for a browser. */
final class AccountPage {
  static final String STYLE = HtmlPage.style(AccountPage.class, "incident.css");

  private static final int MOST_MARKS = 60;

  private final Account account;
  private final Safe html;

  private AccountPage(Account account, Safe html) {
    this.account = account;
    this.html = html;
  }

  /** Writes the page. */
  static void write(Account account, Secrets secrets, Appendable into) {
    new AccountPage(account, new Safe(new Html(into), secrets)).write();
  }

  private void write() {
    HtmlPage.head(html.html(), html.clean(account.kind() + ": " + account.title()), STYLE);
    html.raw("<body><main>");
    header();
    error();
    list("What to type next", "remains", account.next());
    timeline();
    samples();
    plans();
    decisions();
    remarks();
    told();
    answer();
    log();
    sources();
    html.raw("<footer><p>Made by belay at ").text(Units.moment(Instant.now()));
    html.raw(". Secrets are masked as far as belay knows them; names, commands and log lines are ");
    html.raw("not: keep it as private as those.</p></footer></main></body></html>\n");
  }

  private void header() {
    Verdict verdict = account.verdict();
    html.raw("<header><p class=\"eyebrow\">").text(account.kind()).raw("</p><h1><bdi>");
    html.text(account.title()).raw("</bdi></h1><p class=\"verdict " + verdict.mood() + "\">");
    html.raw("<span class=\"sign\" aria-hidden=\"true\">" + verdict.sign() + "</span><span>");
    html.text(verdict.words()).raw("</span></p><dl class=\"facts\">");
    for (Fact fact : account.facts()) {
      html.raw("<div>").element("dt", "", fact.name()).raw("<dd><bdi>");
      html.text(fact.value()).raw("</bdi></dd></div>");
    }
    html.raw("</dl></header>");
  }

  private void error() {
    KeptOperation.Problem error = account.error();
    if (error == null) {
      return;
    }
    html.raw("<section class=\"remains\"><h2>What went wrong</h2><dl class=\"onward\">");
    html.raw("<dt>error</dt><dd>").text(error.message()).raw("</dd>");
    html.raw("<dt>state</dt><dd>").text(error.state()).raw("</dd>");
    html.raw("<dt>hint</dt><dd><code>").text(error.hint()).raw("</code></dd></dl></section>");
  }

  private void timeline() {
    List<Happening> all = account.timeline();
    if (all.isEmpty()) {
      return;
    }
    long longest =
        all.stream()
            .mapToLong(each -> each.tookMillis() == null ? 0 : each.tookMillis())
            .max()
            .orElse(0);
    html.raw("<section><h2>What happened, and when</h2><ol class=\"time\">");
    String day = "";
    for (Happening each : all) {
      String moment = Units.moment(each.at());
      boolean sameDay = moment.startsWith(day) && !day.isEmpty();
      day = moment.substring(0, 10);
      html.raw("<li><time datetime=\"" + each.at() + "\">");
      html.text(sameDay ? moment.substring(11, 19) : moment.substring(0, 19));
      html.raw("</time><div><p class=\"what\">").text(each.what()).raw("</p>");
      Long took = each.tookMillis();
      if (took != null && longest > 0) {
        html.raw("<svg class=\"span\" viewBox=\"0 0 1000 4\" preserveAspectRatio=\"none\" ");
        html.raw(
            String.format(
                Locale.ROOT,
                "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"4\"/></svg>",
                Math.max(4.0, 1000.0 * Math.max(0, took) / longest)));
      }
      facts(each.facts());
      html.raw("</div><span class=\"took\">").text(each.took()).raw("</span></li>");
    }
    html.raw("</ol></section>");
  }

  private void facts(List<Fact> facts) {
    if (facts.isEmpty()) {
      return;
    }
    html.raw("<dl class=\"with\">");
    for (Fact fact : facts) {
      html.raw("<div><dt>")
          .text(fact.name())
          .raw("</dt><dd>")
          .text(fact.value())
          .raw("</dd></div>");
    }
    html.raw("</dl>");
  }

  private void samples() {
    int number = 0;
    for (Samples samples : account.samples()) {
      List<Samples.Mark> marks = marks(samples);
      html.raw("<section><h2>While it ran</h2><p class=\"lead\">");
      html.text(
          "%s, a sample every %s. Times are UTC; the numbers above the charts are steps, listed below."
              .formatted(
                  samples.begin().path("machine").asString("").isEmpty()
                      ? "Measured"
                      : "Machine: " + samples.begin().path("machine").asString(),
                  Units.duration(Duration.ofMillis(samples.intervalMillis()))));
      html.raw("</p>");
      new ChartView(html, samples, marks, "c" + number++ + "x").show();
      if (!marks.isEmpty()) {
        html.raw("<h3 class=\"sub\">Steps in the charts</h3><ol class=\"steps\">");
        for (Samples.Mark mark : marks) {
          html.raw("<li>");
          html.text(Units.moment(samples.firstAt().plusMillis(mark.at())).substring(11, 19));
          html.raw(" ").text(mark.step()).raw("</li>");
        }
        html.raw("</ol>");
      }
      bullets(samples.notes());
      html.raw("</section>");
    }
  }

  /** What happened while it was measured, in the order of time. */
  private List<Samples.Mark> marks(Samples samples) {
    List<Samples.Mark> marks = new ArrayList<>();
    for (Happening each : account.timeline()) {
      long at = Duration.between(samples.firstAt(), each.at()).toMillis();
      if (at >= samples.from() && at <= samples.to() && marks.size() < MOST_MARKS) {
        marks.add(new Samples.Mark(at, each.what()));
      }
    }
    return marks;
  }

  private void plans() {
    int number = 0;
    for (List<String> plan : account.plans()) {
      number++;
      html.raw("<section>");
      html.element(
          "h2", "", account.plans().size() == 1 ? "The plan" : "The plan, number " + number);
      pre("The plan", "scroll prose");
      html.lines(plan).raw("</pre></section>");
    }
  }

  private void decisions() {
    table("What was decided", "decision", "what", account.decisions());
  }

  private void remarks() {
    if (account.remarks().isEmpty()) {
      return;
    }
    html.raw("<section><h2>Hooks and health</h2><ul class=\"checks\">");
    for (Remark remark : account.remarks()) {
      html.raw("<li class=\"" + (remark.problem() ? "open" : "good") + "\"><span class=\"sign\">");
      html.raw(remark.problem() ? "! look" : "✓ ok").raw("</span> ");
      html.text("%s %s: %s".formatted(remark.kind(), remark.name(), remark.result()));
      html.raw("</li>");
    }
    html.raw("</ul></section>");
  }

  private void told() {
    if (!account.told().isEmpty()) {
      announcements();
    }
    table(
        "Messages sent at that time",
        "when",
        "channel",
        account.sent().stream()
            .map(
                sent ->
                    new Fact(
                        Units.moment(sent.at()),
                        sent.channel() + ", " + sent.progress().toLowerCase(Locale.ROOT)))
            .toList());
  }

  private void announcements() {
    html.raw("<section><h2>What people were told</h2>");
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What people were ");
    html.raw("told\"><table><thead><tr>");
    for (String head : List.of("when", "severity", "type", "what")) {
      html.raw("<th scope=\"col\">" + head + "</th>");
    }
    html.raw("</tr></thead><tbody>");
    for (KeptOperation.Told told : account.told()) {
      html.raw("<tr><td>").text(Units.moment(told.at())).raw("</td><td>").text(told.severity());
      html.raw("</td><td>").text(told.type().replace('_', ' ')).raw("</td><td>");
      html.text(told.title());
      facts(
          told.facts().entrySet().stream()
              .map(it -> new Fact(it.getKey(), it.getValue()))
              .toList());
      html.raw("</td></tr>");
    }
    html.raw("</tbody></table></div></section>");
  }

  private void answer() {
    JsonNode answer = account.answer();
    if (account.answerLines().isEmpty() && answer == null) {
      return;
    }
    html.raw("<section><h2>The answer</h2>");
    if (!account.answerLines().isEmpty()) {
      pre("The answer", "scroll");
      html.lines(account.answerLines()).raw("</pre>");
    }
    if (answer != null && answer.isObject() && !answer.isEmpty()) {
      boolean folded = !account.answerLines().isEmpty();
      html.raw(folded ? "<details><summary>Every figure of it</summary>" : "");
      new JsonView(html).show(answer);
      html.raw(folded ? "</details>" : "");
    }
    html.raw("</section>");
  }

  private void log() {
    LogPart log = account.log();
    if (log == null) {
      return;
    }
    html.raw("<section><h2>The log of that time</h2><p class=\"lead\">");
    html.text("From " + log.file() + ". Lines of other runs of the same time are among them.");
    html.raw("</p>");
    pre("The log", "scroll");
    html.lines(log.first());
    if (log.leftOut() > 0) {
      html.text("… " + Units.count(log.leftOut(), "line is", "lines are") + " left out here …");
      html.raw("\n");
    }
    html.lines(log.last(), log.withinKey()).raw("</pre></section>");
  }

  private void sources() {
    table("What this page was made from", "what", "where", account.sources());
    list("What could not be found", "", account.missing());
  }

  private void table(String title, String first, String second, List<Fact> rows) {
    if (rows.isEmpty()) {
      return;
    }
    html.raw("<section>").element("h2", "", title);
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + title + "\">");
    html.raw("<table><thead><tr><th scope=\"col\">" + first + "</th><th scope=\"col\">" + second);
    html.raw("</th></tr></thead><tbody>");
    for (Fact row : rows) {
      html.raw("<tr><th scope=\"row\">").text(row.name()).raw("</th><td>");
      html.text(row.value()).raw("</td></tr>");
    }
    html.raw("</tbody></table></div></section>");
  }

  private void pre(String name, String className) {
    html.raw("<pre class=\"" + className + "\" tabindex=\"0\" role=\"region\" ");
    html.raw("aria-label=\"" + name + "\">");
  }

  private void list(String title, String className, List<String> lines) {
    if (!lines.isEmpty()) {
      html.raw("<section class=\"" + className + "\">").element("h2", "", title);
      bullets(lines);
      html.raw("</section>");
    }
  }

  private void bullets(List<String> lines) {
    if (!lines.isEmpty()) {
      html.raw("<ul class=\"notes\">");
      html.elements("li", lines).raw("</ul>");
    }
  }
}
