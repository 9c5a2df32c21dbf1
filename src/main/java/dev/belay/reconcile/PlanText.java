package dev.belay.reconcile;

import dev.belay.cli.Plan;
import dev.belay.core.Units;
import dev.belay.diff.Cascade;
import dev.belay.diff.Policy;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is about to be merged, in plain words. */
final class PlanText {
  private static final int TABLES = 20;

  private PlanText() {}

  static Plan of(
      GuardedRun run,
      ReconcileRequest request,
      Pass pass,
      List<Cascade> cascades,
      List<MissingTable> missing,
      List<String> unmerged) {
    List<String> notes = new ArrayList<>();
    if (pass.origin() == Origin.REPLACED) {
      notes.addAll(writtenSince(pass));
    }
    notes.addAll(keyless(pass));
    Remains.of(request, pass, missing, unmerged)
        .forEach(left -> notes.add("stays behind: " + left));
    notes.addAll(pass.notes());
    return new Plan(
        "reconcile %s with %s (%s%s)"
            .formatted(
                run.target(),
                pass.words(),
                pass.policy(),
                pass.removals() ? ", with removals" : ""),
        steps(request, pass),
        notes,
        losses(pass, cascades),
        run.live());
  }

  /** Two rows that happen to have the same values are one to a comparison. */
  private static List<String> keyless(Pass pass) {
    return pass.tables().stream()
        .filter(table -> !table.keyed() && table.add() > 0)
        .map(
            table ->
                "%s has no key: its rows are told apart by their values only"
                    .formatted(table.table().plain()))
        .toList();
  }

  private static List<String> steps(ReconcileRequest request, Pass pass) {
    List<TableAnswer> touched =
        pass.tables().stream().filter(table -> table.touched() > 0).toList();
    List<String> steps = new ArrayList<>();
    touched.stream().limit(TABLES).forEach(table -> steps.add(step(table)));
    if (touched.size() > TABLES) {
      List<TableAnswer> rest = touched.subList(TABLES, touched.size());
      steps.add(
          "%s: %s"
              .formatted(
                  Units.count(rest.size(), "more table", "more tables"),
                  amounts(
                      sum(rest, TableAnswer::add),
                      sum(rest, TableAnswer::change),
                      sum(rest, TableAnswer::remove))));
    }
    if (touched.isEmpty()) {
      steps.add("nothing: no row is to be written");
    } else {
      steps.add(
          request.batchRows().isPresent()
              ? "in transactions of %s"
                  .formatted(Units.count(request.batchRows().getAsInt(), "row", "rows"))
              : "in one transaction: all of it or nothing");
    }
    return steps;
  }

  private static String step(TableAnswer table) {
    return "%s: %s"
        .formatted(table.table().plain(), amounts(table.add(), table.change(), table.remove()));
  }

  private static String amounts(long add, long change, long remove) {
    List<String> parts = new ArrayList<>();
    if (add > 0) {
      parts.add("add " + Units.count(add, "row", "rows"));
    }
    if (change > 0) {
      parts.add("change " + Units.count(change, "row", "rows"));
    }
    if (remove > 0) {
      parts.add("remove " + Units.count(remove, "row", "rows"));
    }
    return String.join(", ", parts);
  }

  private static List<String> writtenSince(Pass pass) {
    List<TableAnswer> written =
        pass.tables().stream()
            .filter(
                table -> {
                  Written since = table.written();
                  return since != null && !since.nothing();
                })
            .toList();
    if (written.isEmpty()) {
      return List.of("nothing was written to %s after the backup".formatted(pass.origin().words()));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "written to %s after the backup: %s"
            .formatted(
                pass.origin().words(),
                since(
                    sum(written, table -> since(table).added()),
                    sum(written, table -> since(table).changed()),
                    sum(written, table -> since(table).removed()))));
    written.stream()
        .limit(TABLES)
        .forEach(
            table ->
                lines.add(
                    "%s: %s; %s"
                        .formatted(
                            table.table().plain(),
                            since(
                                since(table).added(),
                                since(table).changed(),
                                since(table).removed()),
                            table.touched() == 0
                                ? "none comes back"
                                : "come back: "
                                    + amounts(table.add(), table.change(), table.remove()))));
    return lines;
  }

  private static Written since(TableAnswer table) {
    Written since = table.written();
    return since == null ? new Written(0, 0, 0) : since;
  }

  private static String since(long added, long changed, long removed) {
    return "%s added, %s changed, %s removed"
        .formatted(Units.count(added, "row", "rows"), Units.count(changed), Units.count(removed));
  }

  private static List<String> losses(Pass pass, List<Cascade> cascades) {
    List<String> losses = new ArrayList<>();
    boolean onlySource = pass.policy().equals(Policy.THREE_WAY.word());
    for (TableAnswer table : pass.tables()) {
      if (table.change() > 0 && !onlySource) {
        losses.add(
            "%s of %s lose the values that they have now"
                .formatted(Units.count(table.change(), "row", "rows"), table.table().plain()));
      }
      if (table.remove() > 0) {
        losses.add(
            "%s of %s are removed"
                .formatted(Units.count(table.remove(), "row", "rows"), table.table().plain()));
      }
    }
    cascades.forEach(cascade -> losses.add(cascade.text()));
    return losses;
  }

  private static long sum(List<TableAnswer> tables, ToLongFunction<TableAnswer> of) {
    return tables.stream().mapToLong(of).sum();
  }
}
