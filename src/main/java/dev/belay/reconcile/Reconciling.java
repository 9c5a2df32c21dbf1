package dev.belay.reconcile;

import dev.belay.cli.Consent;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.diff.DiffOptions;
import dev.belay.diff.Merge;
import dev.belay.diff.MergeConsent;
import dev.belay.diff.MergeOptions;
import dev.belay.diff.MergeOutcome;
import dev.belay.diff.MergePlan;
import dev.belay.diff.MergeResult;
import dev.belay.diff.Relations;
import dev.belay.diff.TableMerge;
import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Brings the rows of one source into the target: compared, planned, agreed to, merged. */
final class Reconciling {
  private final GuardedRun run;
  private final ReconcileRequest request;
  private final Timeline timeline;
  private final Consent consent;
  private final OperationLock lock;
  private final Source source;
  private final Predicate<TableName> wanted;
  private final Map<TableName, List<LostColumn>> lost = new HashMap<>();
  private Matching matching = new Matching(List.of(), List.of(), List.of());
  private List<MissingTable> missing = List.of();

  Reconciling(
      GuardedRun run,
      ReconcileRequest request,
      Timeline timeline,
      Consent consent,
      OperationLock lock,
      Source source,
      Predicate<TableName> wanted) {
    this.run = run;
    this.request = request;
    this.timeline = timeline;
    this.consent = consent;
    this.lock = lock;
    this.source = source;
    this.wanted = wanted;
  }

  /**
   * What came of it.
   *
   * @param agreed false: it was stopped after the plan
   */
  record Answer(Pass pass, List<MissingTable> missing, List<String> onlyTarget, boolean agreed) {}

  /**
   * Does it.
   *
   * @throws Failure REFUSED when it was not agreed to; FAILED when a row does not fit, the target
   *     being as before; INCOMPLETE when batches were committed before
   */
  Answer run() {
    MergeOptions options =
        new MergeOptions(
            request.chosenPolicy(),
            request.removals(),
            request.triggers(),
            request.batchRows(),
            request.samples(),
            run.settings().lockTimeout(),
            comparison(request));
    MergeResult result =
        Merge.run(
            run.databases(),
            run.target(),
            options,
            run.progress(),
            this::prepare,
            new MergeConsent() {
              @Override
              public boolean given(MergePlan plan, Optional<MergePlan> before) {
                return agreed(plan);
              }

              @Override
              public boolean takesLong(MergePlan plan) {
                return !plan.empty() && consent.asksPerson();
              }
            });
    result.outcome().ifPresent(done -> timeline.end(words(done)));
    return answer(result);
  }

  private static String words(MergeOutcome done) {
    return "%s added, %s changed, %s removed"
        .formatted(
            Units.count(done.added(), "row", "rows"),
            Units.count(done.changed()),
            Units.count(done.removed()));
  }

  static DiffOptions comparison(ReconcileRequest request) {
    DiffOptions exact = DiffOptions.exact(request.jobs());
    return request.tolerance().map(exact::with).orElse(exact);
  }

  private void prepare(Merge merge) {
    timeline.step(
        "compare %s with %s".formatted(source.words(), run.target()),
        () -> compare(merge),
        Reconciling::found);
  }

  private List<TableMerge> compare(Merge merge) {
    matching = Matching.of(source.relations(), Relations.of(merge.session()), wanted);
    missing =
        matching.onlySource().stream()
            .map(
                relation ->
                    new MissingTable(
                        relation.name(),
                        LostColumnQueries.rows(source.session(), relation),
                        Remedy.ofMissingTable(run.target(), source, relation.name())))
            .toList();
    lost.clear();
    matching
        .pairs()
        .forEach(pair -> lost.put(pair.name(), LostColumnQueries.of(source.session(), pair)));
    watchParents(merge);
    return merge.addAll(
        matching.pairs(),
        source.side(),
        source.base().map(Source.Base::side),
        source.base().map(base -> List.copyOf(base.relations().values())).orElse(List.of()));
  }

  /** A row whose parent is not among the wanted tables must not come to hang on a stranger. */
  private void watchParents(Merge merge) {
    source
        .base()
        .ifPresent(
            base -> {
              Set<TableName> parents = merge.referredTo(matching.pairs());
              Predicate<TableName> leftOut =
                  parent -> parents.contains(parent) && !wanted.test(parent);
              merge.watchAll(
                  Matching.of(source.relations(), Relations.of(merge.session()), leftOut).pairs(),
                  source.side(),
                  base.side(),
                  List.copyOf(base.relations().values()));
            });
  }

  private static String found(List<TableMerge> tables) {
    long differ = tables.stream().filter(table -> !table.diff().equal()).count();
    return "%d of %d tables differ".formatted(differ, tables.size());
  }

  private boolean agreed(MergePlan plan) {
    boolean agreed =
        (plan.empty() && !request.dryRun())
            || consent.given(
                PlanText.of(
                    run,
                    request,
                    pass(plan, Optional.empty()),
                    plan.cascades(),
                    missing,
                    source.unmerged()));
    if (agreed) {
      // Asking may have taken an hour.
      lock.check();
      timeline.begin(plan.empty() ? "merge: there is nothing to write" : "merge");
    }
    return agreed;
  }

  private Answer answer(MergeResult result) {
    return new Answer(
        pass(result.plan(), result.outcome()),
        missing,
        matching.onlyTarget().stream().map(relation -> relation.name().plain()).toList(),
        result.outcome().isPresent());
  }

  private Pass pass(MergePlan plan, Optional<MergeOutcome> outcome) {
    return new Pass(
        source.origin(),
        source.name(),
        source.base().map(Source.Base::name).orElse(null),
        request.chosenPolicy().word(),
        request.removals(),
        plan.tables().stream()
            .map(
                table ->
                    TableAnswer.of(
                        table,
                        source.written().get(table.table()),
                        lost.getOrDefault(table.table(), List.of()),
                        List.of()))
            .toList(),
        plan.notes(),
        outcome
            .map(
                done ->
                    new Pass.Done(
                        done.added(),
                        done.changed(),
                        done.removed(),
                        done.skipped(),
                        done.sequences(),
                        done.attempts()))
            .orElse(null));
  }
}
