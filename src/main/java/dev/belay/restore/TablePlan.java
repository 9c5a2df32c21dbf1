package dev.belay.restore;

import dev.belay.cli.Plan;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.diff.Cascade;
import dev.belay.diff.MergePlan;
import dev.belay.diff.RowSample;
import dev.belay.diff.TableMerge;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a restore of tables does, in the words of a plan. */
final class TablePlan {
  private TablePlan() {}

  static Plan of(
      GuardedRun run, BackupFacts facts, TableRequest request, TableChoice choice, MergePlan plan) {
    List<String> steps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    for (TableMerge table : plan.tables()) {
      String name = table.table().plain();
      steps.add(
          table.touched() == 0
              ? "leave %s: %s".formatted(name, equal(table))
              : "merge into %s: %s".formatted(name, numbers(table)));
      if (table.remove() > 0) {
        losses.add(
            "%s of %s that the backup does not have %s removed%s"
                .formatted(
                    Units.count(table.remove(), "row", "rows"),
                    name,
                    table.remove() == 1 ? "is" : "are",
                    some(table, dev.belay.diff.Decision.REMOVE)));
      }
      if (table.change() > 0) {
        losses.add(
            "%s of %s changed since: what %s now is overwritten%s"
                .formatted(
                    Units.count(table.change(), "row", "rows"),
                    name,
                    table.change() == 1 ? "it holds" : "they hold",
                    some(table, dev.belay.diff.Decision.CHANGE)));
      }
      if (table.left() > 0) {
        notes.add(
            "%s of %s that differ from the backup stay"
                .formatted(Units.count(table.left(), "row", "rows"), name));
      }
      table.notes().forEach(note -> notes.add(name + ": " + note));
    }
    for (TableName table : choice.lost().tables()) {
      steps.add(
          "make %s again, which is gone: %s, with its indexes, constraints, triggers, sequences and grants"
              .formatted(table.plain(), Units.count(rows(facts, table, choice), "row", "rows")));
    }
    choice.lost().hanging().stream()
        .map(statement -> "it went with a table, and is not made again: " + statement)
        .forEach(notes::add);
    if (!facts.complete() && !choice.lost().tables().isEmpty()) {
      notes.add(
          "foreign keys of tables that are made again are not, since the backup holds only a part");
    }
    plan.cascades().stream().map(Cascade::text).forEach(losses::add);
    notes.addAll(plan.notes());
    if (request.batchRows().isPresent()) {
      notes.add(
          "in transactions of %s rows: others see the tables half merged meanwhile"
              .formatted(Units.count(request.batchRows().getAsInt())));
    }
    return new Plan(
        "restore tables of %s from %s of %s, %s"
            .formatted(
                run.target(), facts.id(), Units.moment(facts.takenAt()), request.policy().word()),
        steps,
        notes,
        losses,
        run.live());
  }

  /** Rows that the backup has of a table, those of its partitions included. */
  static long rows(BackupFacts facts, TableName table, TableChoice choice) {
    return choice.lost().all().stream()
        .filter(each -> each.equals(table) || table.equals(choice.lost().roots().get(each)))
        .mapToLong(each -> facts.rows().getOrDefault(each.plain(), 0L))
        .sum();
  }

  private static String equal(TableMerge table) {
    return table.diff().equal() ? "it is as in the backup" : "nothing that this policy changes";
  }

  private static String numbers(TableMerge table) {
    return "add %s, change %s, remove %s"
        .formatted(
            Units.count(table.add()), Units.count(table.change()), Units.count(table.remove()));
  }

  /** The keys of the first. */
  static String some(TableMerge table, dev.belay.diff.Decision decision) {
    List<String> keys =
        table.samples().stream()
            .filter(sample -> sample.decision() == decision)
            .map(RowSample::key)
            .map(TablePlan::key)
            .toList();
    return keys.isEmpty() ? "" : ", such as " + String.join("; ", keys);
  }

  private static String key(Map<String, @Nullable String> key) {
    return key.entrySet().stream()
        .map(cell -> cell.getKey() + "=" + cell.getValue())
        .collect(Collectors.joining(", "));
  }
}
