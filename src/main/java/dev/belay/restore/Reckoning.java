package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.diff.MergeOutcome;
import dev.belay.journal.Journal;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of the rows that were written since the backup: looked at when the backup is
 * restored, asked about, and carried over, before the swap.
 */
final class Reckoning {
  private final GuardedRun run;
  private final RestoreRequest request;
  private final Journal journal;
  private final Consent consent;

  Reckoning(GuardedRun run, RestoreRequest request, Journal journal, Consent consent) {
    this.run = run;
    this.request = request;
    this.journal = journal;
    this.consent = consent;
  }

  /**
   * What was settled before the swap.
   *
   * @param left what is left behind, in words
   * @param latecomers carries what is written until the swap; empty: nothing is carried
   */
  record Settled(
      List<WritesReport.Table> tables,
      long carried,
      List<String> left,
      List<String> unknown,
      Optional<Latecomers> latecomers) {

    /** After the swap. */
    WritesReport report() {
      List<String> behind = new ArrayList<>(left);
      List<String> dark = new ArrayList<>(unknown);
      long late = 0;
      if (latecomers.isPresent()) {
        Latecomers.Outcome outcome = latecomers.get().outcome();
        late = outcome.carried();
        behind.addAll(outcome.left());
        outcome
            .unseen()
            .map(why -> "what was written while the others were carried over: " + why)
            .ifPresent(dark::add);
      } else {
        dark.add("what was written between the comparison and the swap");
      }
      return new WritesReport(tables, carried + late, behind, dark);
    }
  }

  /**
   * Looks, asks and carries.
   *
   * @param fresh the restored database
   * @throws Failure REFUSED when something would be left behind and nobody agreed to that; the live
   *     database is as before
   */
  Settled settle(Target fresh) {
    Settled settled = compared(fresh);
    settled.latecomers().ifPresent(Latecomers::catchUp);
    return settled;
  }

  private Settled compared(Target fresh) {
    run.progress().step("comparing %s with what was restored".formatted(run.live()));
    try (WritesSince since = WritesSince.look(run, fresh, request.jobs())) {
      FailPoint.reached("writes-compared");
      boolean carry = decided(since);
      long carried = 0;
      List<String> left = new ArrayList<>();
      if (carry && since.fresh() > 0) {
        carried = carried(since, left);
      } else if (!carry) {
        left.addAll(since.newRows());
      }
      if (!since.nothing()) {
        left.addAll(since.neverCarried());
      }
      Optional<Latecomers> late =
          carry
              ? Optional.of(
                  new Latecomers(run, fresh, since.pairs(), since.moment(), Latecomers.LONGEST))
              : Optional.empty();
      return new Settled(since.tables(), carried, left, since.unknown(), late);
    }
  }

  private long carried(WritesSince since, List<String> left) {
    journal.step("carry", Map.of("rows", String.valueOf(since.fresh())));
    FailPoint.reached("carry-begun");
    try {
      run.progress().step("carrying over " + Units.count(since.fresh(), "new row", "new rows"));
      MergeOutcome outcome = since.carry();
      FailPoint.reached("carry-done");
      return outcome.added();
    } catch (Failure broken) {
      if (broken.exitCode() == ExitCode.INCOMPLETE) {
        // What is not known to be whole is the restored database, which is dropped.
        throw Failure.failed(broken.message(), "run the command again").causedBy(broken);
      }
      if (broken.exitCode() != ExitCode.FAILED) {
        throw broken;
      }
      if (!request.writes().leave()) {
        throw Failure.refused(
                "the new rows cannot be carried over: %s; what was restored is dropped again"
                    .formatted(broken.message()),
                "swap without them by adding --leave-writes: they stay in the replaced database,"
                    + " for belay reconcile-data --from replaced")
            .causedBy(broken);
      }
      run.progress().warn("the new rows cannot be carried over: " + broken.message());
      left.addAll(since.newRows());
      return 0;
    }
  }

  /** Whether new rows are carried over. */
  private boolean decided(WritesSince since) {
    Writes writes = request.writes();
    List<String> never = since.neverCarried();
    List<String> dark = since.unknown();
    if (writes.none()) {
      if (!since.nothing() && writes.leave()) {
        return false;
      }
      if (!since.nothing()) {
        List<String> found = new ArrayList<>(since.newRows());
        found.addAll(never);
        throw refused(found, dark, "--carry-new-rows or --leave-writes");
      }
      return true;
    }
    if (writes.carry()) {
      boolean partly = !since.incomplete().isEmpty() || !dark.isEmpty();
      if (partly && !writes.leave() && !writes.asking()) {
        throw refused(since.incomplete(), dark, "--leave-writes");
      }
      if (writes.asking() && !writes.leave() && !(never.isEmpty() && dark.isEmpty())) {
        consent.given(plan(since, true));
      }
      return true;
    }
    List<String> all = new ArrayList<>(since.newRows());
    all.addAll(never);
    if ((all.isEmpty() && dark.isEmpty()) || writes.leave()) {
      return false;
    }
    if (!writes.asking()) {
      throw refused(all, dark, "--carry-new-rows or --leave-writes");
    }
    return asked(since);
  }

  /** Two questions: with the new rows? Then without them? */
  private boolean asked(WritesSince since) {
    if (since.fresh() > 0) {
      try {
        consent.given(plan(since, true));
        return true;
      } catch (Failure no) {
        if (no.exitCode() != ExitCode.REFUSED) {
          throw no;
        }
        run.progress().warn("the new rows are not carried over: " + no.message());
      }
    }
    consent.given(plan(since, false));
    return false;
  }

  private Plan plan(WritesSince since, boolean carry) {
    List<String> steps = new ArrayList<>();
    if (carry) {
      steps.add(
          "carry over %s that only %s has: %s"
              .formatted(
                  Units.count(since.fresh(), "row", "rows"),
                  run.live(),
                  since.newRows().isEmpty() ? "none yet" : String.join(", ", since.newRows())));
      steps.add("carry over what is written until the swap, and set sequences to where they are");
    }
    steps.add("swap what was restored in");
    List<String> notes = new ArrayList<>();
    since.tables().stream()
        .filter(table -> !table.samples().isEmpty())
        .forEach(
            table -> notes.add(table.line() + ", such as " + String.join("; ", table.samples())));
    List<String> losses = new ArrayList<>(carry ? List.of() : since.newRows());
    losses.addAll(since.neverCarried());
    losses.addAll(since.unknown());
    return new Plan(
        "swap %s for the backup %s the rows written since"
            .formatted(run.target(), carry ? "with" : "WITHOUT"),
        steps,
        notes,
        losses.stream().map(loss -> "stays only in the replaced database: " + loss).toList(),
        run.live());
  }

  private static Failure refused(List<String> left, List<String> dark, String options) {
    List<String> all = new ArrayList<>(left);
    all.addAll(dark);
    return Failure.refused(
        "written since the backup, and left behind by a swap: %s; what was restored is dropped again"
            .formatted(String.join("; ", all)),
        "say what becomes of it: " + options);
  }
}
