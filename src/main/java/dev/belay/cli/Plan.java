package dev.belay.cli;

import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command is about to change, told before it does.
 *
 * @param title one line, such as {@code restore orders_20240101_120000 into orders@db1:5432}
 * @param steps what will be done, in order
 * @param notes what will be so afterwards; empty: nothing that needs to be said
 * @param losses what will be lost, in rows; empty: nothing
 * @param database the name that is to be typed in production
 */
public record Plan(
    String title, List<String> steps, List<String> notes, List<String> losses, String database) {
  public Plan {
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
    losses = List.copyOf(losses);
  }

  /** A plan of which nothing more needs to be said. */
  public Plan(String title, List<String> steps, List<String> losses, String database) {
    this(title, steps, List.of(), losses, database);
  }

  /** The plan for a person, one line each whatever the names in it hold. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Plan: " + title);
    int number = 1;
    for (String step : steps) {
      lines.add("  " + number++ + ". " + step);
    }
    for (String note : notes) {
      lines.add("  - " + note);
    }
    for (String loss : losses) {
      lines.add("  ! " + loss);
    }
    return lines.stream().map(TextTable::visible).toList();
  }
}
