package dev.belay.conflicts;

import dev.belay.core.Units;
import dev.belay.flyway.Conflict;
import dev.belay.process.ShellWords;
import dev.belay.report.TextTable;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** The report about one app, in Markdown, for somebody who is tired and has to decide. */
final class ConflictPage {
  private final StringBuilder page = new StringBuilder();
  private final AppConflicts app;
  private final UnaryOperator<String> toPaste;

  private ConflictPage(AppConflicts app, UnaryOperator<String> toPaste) {
    this.app = app;
    this.toPaste = toPaste;
  }

  /**
   * The text of the report.
   *
   * @param database as {@code database@host:port}
   * @param resolved what was changed for this app
   * @param copy the copy of the history before that; empty: nothing was changed
   * @param toPaste gives for a command the one that is written
   */
  static String of(
      String database,
      AppConflicts app,
      List<RowChange> resolved,
      String copy,
      Instant at,
      UnaryOperator<String> toPaste) {
    ConflictPage page = new ConflictPage(app, toPaste);
    page.head(database, at);
    page.resolved(resolved, copy);
    page.left();
    page.resolvable();
    page.end();
    return page.page.toString();
  }

  private void head(String database, Instant at) {
    line("# Conflicts of the app " + Markdown.code(app.app()));
    line("");
    line("| | |");
    line("|---|---|");
    line("| database | " + cell(database) + " |");
    line("| history table | " + cell(app.history()) + " |");
    line("| written | " + Units.moment(at) + " |");
    line("| left | " + app.serious() + ", and " + notices() + " that stop nothing |");
    line("");
  }

  private long notices() {
    return app.conflicts().size() - app.serious();
  }

  private void resolved(List<RowChange> resolved, String copy) {
    if (resolved.isEmpty()) {
      return;
    }
    line("## What was resolved");
    line("");
    resolved.forEach(change -> line("- " + Markdown.text(change.words())));
    line("");
    line("All of it in one transaction. The way back, to the history exactly as it was before:");
    line("");
    commands(
        List.of(
            "belay " + ShellWords.join(List.of("resolve-conflicts", "--restore-history", copy))));
  }

  private void left() {
    if (app.conflicts().isEmpty()) {
      line("No conflict is left.");
      line("");
    }
    int number = 1;
    for (Conflict conflict : app.conflicts()) {
      conflict(number++, conflict);
    }
    if (!app.unchecked().isEmpty()) {
      line("## What could not be looked at");
      line("");
      app.unchecked().forEach(why -> line("- " + Markdown.text(why)));
      line("");
    }
  }

  private void conflict(int number, Conflict conflict) {
    line("## %d. %s".formatted(number, Markdown.text(conflict.what())));
    line("");
    line("- **Sort:** " + conflict.kind().word() + ", " + conflict.effect().word());
    line("- **Why:** " + Markdown.text(conflict.why()));
    line("- **The next start:** " + Markdown.text(conflict.nextStart()));
    if (conflict.ifMarkedDeleted() != null) {
      line("- **If it were marked deleted:** " + Markdown.text(conflict.ifMarkedDeleted()));
    }
    conflict.files().forEach(file -> line("- **Where:** " + Markdown.code(file)));
    line("");
    line("What you can do:");
    line("");
    char letter = 'a';
    for (Choice choice : new Choices(app.app()).of(conflict)) {
      line("**%s)** %s.".formatted(letter++, Markdown.text(choice.what())));
      line("Then: " + Markdown.text(choice.consequence()) + ".");
      line("");
      commands(choice.commands());
    }
  }

  private void resolvable() {
    if (app.resolvable().isEmpty()) {
      return;
    }
    line("## What belay can resolve");
    line("");
    app.resolvable().forEach(change -> line("- " + Markdown.text(change.words())));
    line("");
    commands(List.of("belay " + ShellWords.join(List.of("resolve-conflicts", app.app()))));
  }

  private void end() {
    line("---");
    line("");
    line("When it is done, look again; exit status 0 says that no conflict is left:");
    line("");
    commands(
        List.of("belay " + ShellWords.join(List.of("resolve-conflicts", app.app(), "--dry-run"))));
  }

  private void commands(List<String> commands) {
    if (commands.isEmpty()) {
      return;
    }
    String all = String.join("\n", commands.stream().map(toPaste).map(TextTable::visible).toList());
    String fence = Markdown.fence(all, 3);
    line(fence + "sh");
    line(all);
    line(fence);
    line("");
  }

  /** A bar ends a cell, even within code. */
  private static String cell(String name) {
    return name.contains("|") ? Markdown.text(name) : Markdown.code(name);
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
