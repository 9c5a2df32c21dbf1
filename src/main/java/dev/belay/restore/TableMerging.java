package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.diff.Cascade;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Merge;
import dev.belay.diff.MergeConsent;
import dev.belay.diff.MergeOptions;
import dev.belay.diff.MergeOutcome;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.diff.Pair;
import dev.belay.diff.Policy;
import dev.belay.diff.Relation;
import dev.belay.diff.Relations;
import dev.belay.diff.Side;
import dev.belay.diff.TableMerge;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.postgres.SqlState;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of a restored copy, merged into the live database, and made again where gone. */
final class TableMerging {
  /** Writing so many rows once more, to see whether they fit, is not felt. */
  private static final long REHEARSED = 100_000;

  private static final int SAMPLES = 5;

  private final GuardedRun run;
  private final RestoreSource source;
  private final TableRequest request;
  private final RestoreSource.Job copy;
  private final RestoreSource.Restored restored;
  private final TableChoice choice;
  private final Consent consent;
  private final long begin;
  private @Nullable Merge current;

  TableMerging(
      GuardedRun run,
      RestoreSource source,
      TableRequest request,
      RestoreSource.Job copy,
      RestoreSource.Restored restored,
      TableChoice choice,
      Consent consent,
      long begin) {
    this.run = run;
    this.source = source;
    this.request = request;
    this.copy = copy;
    this.restored = restored;
    this.choice = choice;
    this.consent = consent;
    this.begin = begin;
  }

  /** Shows the plan, after trying whether it can be done, and does nothing. */
  TableReport look() {
    return report(merged(true), false);
  }

  /** Does it. */
  TableReport merge(Journal journal) {
    MergeResult result = merged(false);
    if (choice.present().isEmpty() || result.outcome().isPresent() || result.plan().empty()) {
      FailPoint.reached("tables-merged");
      recreate(journal, result);
      return report(result, true);
    }
    return report(result, false);
  }

  private MergeResult merged(boolean dry) {
    if (choice.present().isEmpty()) {
      MergePlan nothing = new MergePlan(request.policy(), List.of(), List.of(), List.of());
      boolean agreed = agreed(nothing);
      if (!agreed && !dry) {
        throw Failure.refused("the plan was not confirmed", "answer y to go on");
      }
      return new MergeResult(nothing, Optional.empty());
    }
    try (Snapshot moment = Snapshot.take(run.databases(), copy.target())) {
      return Merge.run(
          run.databases(),
          run.target(),
          options(),
          run.progress(),
          merge -> compare(merge, moment),
          new Asking(dry));
    }
  }

  /** Asks whether the plan is to be carried out, after trying whether it can be. */
  private final class Asking implements MergeConsent {
    private final boolean dry;

    Asking(boolean dry) {
      this.dry = dry;
    }

    private boolean nothing(MergePlan plan) {
      return plan.empty() && choice.lost().tables().isEmpty();
    }

    @Override
    public void look(MergePlan plan, Optional<MergePlan> before) {
      boolean small = dry || plan.sum(TableMerge::touched) <= REHEARSED;
      if (!nothing(plan) && before.isEmpty() && small) {
        rehearse();
      }
    }

    @Override
    public boolean given(MergePlan plan, Optional<MergePlan> before) {
      return !nothing(plan) && agreed(plan);
    }

    @Override
    public boolean takesLong(MergePlan plan) {
      return !nothing(plan) && consent.asksPerson();
    }
  }

  private MergeOptions options() {
    return new MergeOptions(
        request.policy(),
        false,
        request.triggers(),
        request.batchRows(),
        SAMPLES,
        run.settings().lockTimeout(),
        DiffOptions.exact(Math.min(2, request.jobs())));
  }

  private void compare(Merge merge, Snapshot moment) {
    current = merge;
    Side side = Side.of(moment);
    List<Pair> pairs = new ArrayList<>();
    for (TableName table : choice.present()) {
      Relation there = Relations.find(moment.database(), table).orElseThrow();
      Relation live =
          Relations.find(merge.session(), table)
              .orElseThrow(
                  () ->
                      Failure.failed(
                          "the table " + table.plain() + " was dropped meanwhile",
                          "run the same command again: it is then made again"));
      pairs.add(Pair.of(there, live));
    }
    merge.addAll(pairs, side, Optional.empty(), List.of());
  }

  /** What would break is said before anybody agrees. */
  private void rehearse() {
    try {
      Objects.requireNonNull(current).rehearse();
    } catch (Failure broken) {
      boolean passing =
          SqlState.SERIALIZATION_FAILURE.isOf(broken) || SqlState.DEADLOCK_DETECTED.isOf(broken);
      if (passing || broken.exitCode() != ExitCode.FAILED) {
        throw broken;
      }
      throw Failure.refused(
              "the tables cannot be made so: " + broken.message(),
              "restore the table that is named, too, with a further --table, or use --policy"
                  + (request.policy() == Policy.EXACT ? " overwrite" : " add-missing"))
          .causedBy(broken);
    }
  }

  private boolean agreed(MergePlan plan) {
    return consent.given(TablePlan.of(run, source.facts(), request, choice, plan));
  }

  /** After the merge, since what is made again may refer to rows that have come back only then. */
  private void recreate(Journal journal, MergeResult result) {
    List<TableName> lost = choice.lost().all();
    if (lost.isEmpty()) {
      return;
    }
    journal.step("recreate", Map.of("tables", lost.toString()));
    run.progress()
        .step("making again: " + String.join(", ", lost.stream().map(TableName::plain).toList()));
    LockWatch watch = LockWatch.begin(run);
    try (watch) {
      source.recreate(copy.target(), run.target(), lost, copy);
    } catch (Failure broken) {
      throw told(broken, watch.blockers(), result);
    }
    FailPoint.reached("tables-recreated");
  }

  private Failure told(Failure broken, Optional<String> blockers, MergeResult result) {
    String message =
        blockers
            .map(
                who ->
                    "pg_restore would have to wait longer than %s for a lock; in the way: %s"
                        .formatted(Units.duration(run.settings().lockTimeout()), who))
            .orElse(broken.message());
    String again =
        "mend that, then go on where it stopped with: " + request.again(source.facts().id());
    boolean merged = result.outcome().isPresent() && !result.plan().empty();
    try (Database live = run.databases().open(run.target())) {
      if (LostQueries.exists(live, choice.lost().all().get(0))) {
        return Failure.incomplete(
                message,
                choice.lost().tables().stream().allMatch(table -> whole(live, table))
                    ? "the tables that were gone are there again, with as many rows as the backup has"
                    : "tables of the names that were gone are there again, with other rows than the"
                        + " backup has: somebody else may have made them",
                "look at what is there with: belay verify-state")
            .causedBy(broken);
      }
    } catch (Failure unreachable) {
      return Failure.incomplete(
              message, "it is not known whether the tables were made again", again)
          .causedBy(broken);
    }
    return (merged
            ? Failure.incomplete(
                message,
                "the tables that were there are restored; those that were gone still are",
                again)
            : Failure.failed(message, again))
        .causedBy(broken);
  }

  private boolean whole(Database live, TableName table) {
    // Whoever kept pg_restore waiting may still hold its lock.
    live.execute("set lock_timeout = " + run.settings().lockTimeout().toMillis());
    return LostQueries.exists(live, table)
        && live.number("select pg_catalog.count(*) from " + table)
            == TablePlan.rows(source.facts(), table, choice);
  }

  private TableReport report(MergeResult result, boolean done) {
    List<TableReport.Table> tables = new ArrayList<>();
    List<String> notes = new ArrayList<>(result.plan().notes());
    for (TableMerge table : result.plan().tables()) {
      tables.add(
          new TableReport.Table(
              table.table().plain(),
              false,
              table.add(),
              table.change(),
              table.remove(),
              table.left() + table.conflicts()));
      table.notes().forEach(note -> notes.add(table.table().plain() + ": " + note));
    }
    for (TableName table : choice.lost().tables()) {
      tables.add(
          new TableReport.Table(
              table.plain(), true, TablePlan.rows(source.facts(), table, choice), 0, 0, 0));
    }
    tables.sort(Comparator.comparing(TableReport.Table::name));
    result.plan().cascades().stream().map(Cascade::text).forEach(notes::add);
    long skipped = result.outcome().map(MergeOutcome::skipped).orElse(0L);
    if (skipped > 0) {
      notes.add(
          Units.count(skipped, "row", "rows")
              + " that somebody changed meanwhile stayed: run the same command again");
    }
    return new TableReport(
        source.facts().id(),
        source.facts().takenAt(),
        run.target().toString(),
        request.policy().word(),
        request.triggers(),
        tables,
        result.outcome().map(MergeOutcome::sequences).orElse(List.of()),
        notes,
        choice.lost().hanging(),
        restored.restore().plus(restored.verification()).toMillis(),
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        done);
  }
}
