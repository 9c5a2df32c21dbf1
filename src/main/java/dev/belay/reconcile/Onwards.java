package dev.belay.reconcile;

import dev.belay.diff.Policy;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.List;

/** What can be done after a reconciliation. */
final class Onwards {
  private Onwards() {}

  static List<Onward> of(
      ReconcileRequest request, String backup, Reconciling.Answer answer, List<String> remaining) {
    List<Onward> next = new ArrayList<>();
    Pass pass = answer.pass();
    String from = pass.origin() == Origin.REPLACED ? pass.source() : ReconcileRequest.FROM_BACKUP;
    if (!answer.agreed()) {
      next.add(new Onward("to carry the plan out", again(request, backup, from)));
    }
    boolean changesLeft =
        pass.tables().stream()
            .anyMatch(table -> table.changed() > table.change() + table.conflicts());
    boolean extra = pass.tables().stream().anyMatch(table -> table.extra() > table.remove());
    if (request.chosenPolicy() == Policy.ADD_MISSING && changesLeft) {
      String policy = pass.base() == null ? "overwrite" : "three-way";
      next.add(
          new Onward(
              pass.base() == null
                  ? "to take the backup's values where rows differ"
                  : "to take over the rows that only the replaced database changed, too",
              Remedy.again(request, backup, from, "--policy", policy)));
    }
    if (pass.base() != null && extra && !request.removals()) {
      next.add(
          new Onward(
              "to remove the rows that were removed there, too",
              Remedy.again(request, backup, from, "--policy", "three-way", "--removals")));
    }
    answer
        .missing()
        .forEach(
            table ->
                next.add(new Onward("to bring back " + table.table().plain(), table.remedy())));
    if (pass.origin() == Origin.REPLACED && answer.agreed()) {
      next.add(
          new Onward(
              remaining.isEmpty()
                  ? "everything in the replaced database is here; to free its space"
                  : "when nothing in the replaced database is needed any more",
              "belay " + ShellWords.join(List.of("discard-replaced", pass.source()))));
    }
    return next;
  }

  private static String again(ReconcileRequest request, String backup, String from) {
    List<String> more = new ArrayList<>();
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
