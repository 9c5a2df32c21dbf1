package dev.belay.reconcile;

import dev.belay.diff.Policy;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;

/** What can be done after a reconciliation. */
final class Onwards {
  private Onwards() {}

  static List<Onward> of(ReconcileRequest request, String backup, Passes passes) {
    List<Onward> next = new ArrayList<>();
    for (Pass pass : passes.all()) {
      String from = pass.origin() == Origin.REPLACED ? pass.source() : ReconcileRequest.FROM_BACKUP;
      if (!passes.agreed() && next.isEmpty()) {
        next.add(new Onward("to carry the plan out", again(request, backup, from)));
      }
      further(request, backup, from, pass, next);
    }
    passes
        .missing()
        .forEach(
            table ->
                next.add(new Onward("to bring back " + table.table().plain(), table.remedy())));
    passes.all().stream()
        .filter(pass -> pass.origin() == Origin.REPLACED && passes.agreed())
        .forEach(
            pass ->
                next.add(
                    new Onward(
                        passes.remaining().isEmpty() && request.tables().isEmpty()
                            ? "everything in the replaced database is here; to free its space"
                            : "when nothing in the replaced database is needed any more",
                        "belay " + ShellWords.join(List.of("discard-replaced", pass.source())))));
    return next;
  }

  private static void further(
      ReconcileRequest request, String backup, String from, Pass pass, List<Onward> next) {
    boolean changesLeft =
        pass.tables().stream()
            .anyMatch(table -> table.changed() > table.change() + table.conflicts());
    boolean removedThere =
        pass.tables().stream()
            .anyMatch(
                table -> {
                  Written since = table.written();
                  return since != null && since.removed() > 0 && table.extra() > table.remove();
                });
    if (request.chosenPolicy() == Policy.ADD_MISSING && changesLeft) {
      next.add(
          pass.base() == null
              ? new Onward(
                  "to take the backup's values where rows differ",
                  again(request.with(Policy.OVERWRITE, false), backup, from))
              : new Onward(
                  "to take over rows, too, that only %s changed".formatted(pass.origin().words()),
                  again(request.with(Policy.THREE_WAY, false), backup, from)));
    }
    if (removedThere && !request.removals()) {
      next.add(
          new Onward(
              "to remove rows, too, that were removed in " + pass.origin().words(),
              again(request.with(Policy.THREE_WAY, true), backup, from)));
    }
  }

  private static String again(ReconcileRequest request, String backup, String from) {
    List<String> more = new ArrayList<>();
    request.export().ifPresent(file -> more.addAll(List.of("--export-path", file.toString())));
    request.policy().ifPresent(policy -> more.addAll(List.of("--policy", policy.word())));
    if (request.removals()) {
      more.add("--removals");
    }
    if (!request.triggers()) {
      more.addAll(List.of("--triggers", "off"));
    }
    request
        .batchRows()
        .ifPresent(rows -> more.addAll(List.of("--batch-size", String.valueOf(rows))));
    return Remedy.again(request, backup, from, more.toArray(String[]::new));
  }
}
