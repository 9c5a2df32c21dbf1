package dev.belay.reconcile;

import dev.belay.core.Units;
import dev.belay.report.Html;
import dev.belay.report.HtmlPage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A reconciliation as one page for a browser. It holds everything it needs, runs no script, and its
 * own policy forbids the browser to load anything: a value that looks like markup stays a value.
 */
final class ReportPage {
  private static final String STYLE = HtmlPage.style(ReportPage.class, "report.css");

  private final ReconcileReport report;
  private final Html html;

  private ReportPage(ReconcileReport report, Html html) {
    this.report = report;
    this.html = html;
  }

  /** Writes the page. */
  static void write(ReconcileReport report, Appendable into) {
    new ReportPage(report, new Html(into)).write();
  }

  private void write() {
    HtmlPage.head(html, "Reconciliation of " + report.target(), STYLE);
    html.raw("<body>");
    Bar.patterns(html);
    html.raw("<main>");
    title();
    remaining();
    onward();
    report.passes().forEach(this::pass);
    missingTables();
    checks();
    timeline();
    notes();
    html.raw("<footer><p>Made by belay from ")
        .text(report.backup())
        .raw(". This page shows rows of the database: keep it as private as those.</p></footer>");
    html.raw("</main></body></html>");
  }

  private void title() {
    String mood = report.dryRun() ? "plan" : report.reconciled() ? "good" : "open";
    html.raw("<header><p class=\"eyebrow\">Reconciliation</p><h1><bdi>")
        .text(report.target())
        .raw(
            "</bdi></h1><p class=\"verdict "
                + mood
                + "\"><span class=\"sign\" aria-hidden=\"true\">")
        .raw(report.dryRun() ? "≈" : report.reconciled() ? "✓" : "!")
        .raw("</span><span>")
        .text(verdict())
        .raw("</span></p><dl class=\"facts\">");
    fact("backup", report.backup());
    fact("of the moment", Units.moment(report.takenAt()));
    fact("begun", Units.moment(report.startedAt()));
    fact("took", Units.duration(Duration.ofMillis(report.durationMillis())));
    html.raw("</dl>");
    tiles();
    html.raw("</header>");
  }

  private String verdict() {
    if (report.dryRun()) {
      return "A plan: everything was compared, and nothing was changed.";
    }
    return report.reconciled()
        ? "Everything is reconciled."
        : "Not everything is reconciled: %s below."
            .formatted(
                Units.count(report.remaining().size(), "thing is listed", "things are listed"));
  }

  private void fact(String name, String value) {
    html.raw("<div>").element("dt", "", name).raw("<dd><bdi>").text(value).raw("</bdi></dd></div>");
  }

  private void tiles() {
    long conflicts = sum(TableAnswer::conflicts);
    html.raw("<ul class=\"tiles\">");
    if (report.dryRun()) {
      tile("to be added", sum(TableAnswer::add), "add");
      tile("to be changed", sum(TableAnswer::change), "change");
      tile("to be removed", sum(TableAnswer::remove), "remove");
    } else {
      tile("added", done(Pass.Done::added), "add");
      tile("changed", done(Pass.Done::changed), "change");
      tile("removed", done(Pass.Done::removed), "remove");
    }
    tile("in conflict", conflicts, "conflict");
    tile("left alone", sum(TableAnswer::left), "left");
    html.raw("</ul>");
  }

  private long sum(java.util.function.ToLongFunction<TableAnswer> of) {
    return report.passes().stream().mapToLong(pass -> pass.sum(of)).sum();
  }

  private long done(java.util.function.ToLongFunction<Pass.Done> of) {
    long all = 0;
    for (Pass pass : report.passes()) {
      Pass.Done done = pass.done();
      all += done == null ? 0 : of.applyAsLong(done);
    }
    return all;
  }

  private void tile(String word, long rows, String id) {
    html.raw("<li class=\"" + (rows == 0 ? "zero" : id) + "\"><b>")
        .text(Units.count(rows))
        .raw("</b><span>")
        .text(word)
        .raw("</span></li>");
  }

  private void remaining() {
    list("What remains", "remains", report.remaining());
  }

  private void onward() {
    if (report.onward().isEmpty()) {
      return;
    }
    html.raw("<section><h2>What to type next</h2><dl class=\"onward\">");
    for (Onward next : report.onward()) {
      html.element("dt", "", next.what()).raw("<dd><code>").text(next.command());
      html.raw("</code></dd>");
    }
    html.raw("</dl></section>");
  }

  private void pass(Pass pass) {
    html.raw("<section><h2>From ").text(pass.origin().words()).raw(" <bdi class=\"name\">");
    html.text(pass.source()).raw("</bdi></h2><p class=\"lead\">");
    html.text(sentence(pass)).raw("</p>");
    if (pass.differing() > 0) {
      html.raw("<div class=\"whole\">");
      Bar bar = Bar.of(pass, report.dryRun());
      bar.draw(html);
      bar.legend(html);
      html.raw("</div>");
    }
    bullets(pass.notes());
    new TableView(html, pass, report.dryRun()).show();
    Pass.Done done = pass.done();
    if (done != null && !done.sequences().isEmpty()) {
      html.raw("<h3 class=\"sub\">Sequences</h3>");
      bullets(done.sequences());
    }
    html.raw("</section>");
  }

  private static String sentence(Pass pass) {
    long differing = pass.tables().stream().filter(table -> table.differing() > 0).count();
    return "%s compared, of which %s. Policy %s%s%s."
        .formatted(
            Units.count(pass.tables().size(), "table was", "tables were"),
            differing == 0 ? "none differs" : Units.count(differing, "differs", "differ"),
            pass.policy(),
            pass.removals() ? ", with removals" : "",
            pass.base() == null ? "" : ", seen from the backup " + pass.base());
  }

  private void missingTables() {
    if (report.missingTables().isEmpty()) {
      return;
    }
    html.raw("<section><h2>Tables that the target lacks</h2><dl class=\"onward\">");
    for (MissingTable missing : report.missingTables()) {
      html.raw("<dt><bdi>").text(missing.table().plain()).raw("</bdi>");
      if (missing.rows() >= 0) {
        html.text(" (" + Units.count(missing.rows(), "row", "rows") + ")");
      }
      html.raw("</dt><dd><code>").text(missing.remedy()).raw("</code></dd>");
    }
    html.raw("</dl></section>");
  }

  private void checks() {
    if (report.checks().isEmpty()) {
      return;
    }
    html.raw("<section><h2>Checks at the end</h2><ul class=\"checks\">");
    for (Checked check : report.checks()) {
      boolean good = check.problems() == 0;
      html.raw("<li class=\"" + (good ? "good" : "open") + "\"><span class=\"sign\">")
          .raw(good ? "✓ ok" : "! found")
          .raw("</span> ")
          .text(check.check());
      if (!good) {
        html.text(
            ": %s. %s"
                .formatted(
                    Units.count(check.problems(), "problem", "problems"), check.complaint()));
        bullets(check.shown());
      }
      html.raw("</li>");
    }
    html.raw("</ul></section>");
  }

  private void timeline() {
    if (report.timeline().isEmpty()) {
      return;
    }
    long longest =
        Math.max(1, report.timeline().stream().mapToLong(Phase::durationMillis).max().orElse(1));
    html.raw("<section><h2>What was done, and when</h2><ol class=\"time\">");
    for (Phase phase : report.timeline()) {
      html.raw("<li><time>").text(Units.moment(phase.startedAt()).substring(11, 19));
      html.raw("</time><div><p class=\"what\">").text(phase.what()).raw("</p>");
      html.raw("<svg class=\"span\" viewBox=\"0 0 1000 4\" preserveAspectRatio=\"none\" ");
      html.raw(
          String.format(
              Locale.ROOT,
              "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"4\"/></svg>",
              Math.max(4.0, 1000.0 * phase.durationMillis() / longest)));
      html.raw("<p class=\"came\">").text(phase.outcome()).raw("</p></div><span class=\"took\">");
      html.text(Units.duration(Duration.ofMillis(phase.durationMillis()))).raw("</span></li>");
    }
    html.raw("</ol></section>");
  }

  private void notes() {
    list("To know", "", report.notes());
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
      lines.forEach(line -> html.element("li", "", line));
      html.raw("</ul>");
    }
  }
}
