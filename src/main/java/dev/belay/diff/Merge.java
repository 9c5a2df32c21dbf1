package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.BlockerWatch;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings rows of a source into a target, under a policy. What is compared, planned and written is
 * one moment of the target, so that the plan says exactly what is done; when somebody else changes
 * one of the rows meanwhile, the server refuses, and nothing was done. {@link #run} begins it anew
 * then. Closed before {@link #apply} ends, it leaves the target as it was.
 */
public final class Merge implements AutoCloseable {
  private final Databases databases;
  private final MergeOptions options;
  private final Progress progress;
  private final Snapshot snapshot;
  private final Cleanup.Pending stop;
  private final List<MergeTable> tables = new ArrayList<>();
  private @Nullable Planned planned;

  private Merge(Databases databases, MergeOptions options, Progress progress, Snapshot snapshot) {
    this.databases = databases;
    this.options = options;
    this.progress = progress;
    this.snapshot = snapshot;
    // A server goes on with a statement whose client is gone, and keeps its locks meanwhile.
    this.stop = Cleanup.register(snapshot.database()::cancel);
  }

  /**
   * Takes the moment of the target.
   *
   * @throws Failure UNAVAILABLE when it cannot be reached; REFUSED when sessions of this role check
   *     no foreign keys
   */
  public static Merge begin(
      Databases databases, Target target, MergeOptions options, Progress progress) {
    Snapshot snapshot = Snapshot.takeToChange(databases, target);
    try {
      String role =
          snapshot.database().text("select pg_catalog.current_setting('session_replication_role')");
      if (!role.equals("origin")) {
        throw Failure.refused(
            "session_replication_role is %s for user \"%s\", so foreign keys are not checked (%s)"
                .formatted(role, target.user(), target),
            "use another user, or reset it: alter role … reset session_replication_role");
      }
      MergeQueries.noticeAGoneClient(snapshot.database());
      return new Merge(databases, options, progress, snapshot);
    } catch (Throwable broken) {
      snapshot.close();
      throw broken;
    }
  }

  /**
   * Does the whole, and begins anew when somebody else changed rows meanwhile, three times at most.
   *
   * @param prepare adds what is to be merged; called once for each attempt
   * @param consent sees the plan; asked again only when an attempt would do more than was agreed to
   * @throws Failure REFUSED when it would do more than was agreed to; FAILED when it did not
   *     succeed, the target being as before
   */
  public static MergeResult run(
      Databases databases,
      Target target,
      MergeOptions options,
      Progress progress,
      Consumer<Merge> prepare,
      MergeConsent consent) {
    return run(databases, target, options, progress, prepare, consent, MergeSteps.NONE);
  }

  /**
   * The same, with something that is done before and after the writing of each attempt.
   *
   * @throws Failure as the other, and what the steps throw
   */
  public static MergeResult run(
      Databases databases,
      Target target,
      MergeOptions options,
      Progress progress,
      Consumer<Merge> prepare,
      MergeConsent consent,
      MergeSteps steps) {
    return new MergeRun(databases, target, options, progress, prepare, consent, steps).run();
  }

  /** The target at the moment of the merge, for comparing. */
  public Side target() {
    return Side.of(snapshot);
  }

  /**
   * The session of the merge, in its transaction: here temporary tables can be filled that {@link
   * #addStaged} takes. Nothing else may be changed in it.
   */
  public Database session() {
    return snapshot.database();
  }

  /** How it merges. */
  public MergeOptions options() {
    return options;
  }

  /**
   * Compares a table with one of another session, and stages the rows that are to be written.
   *
   * @param source where the rows are read, by their places
   * @param comparing finds the differences between the source and {@link #target}
   * @throws Failure REFUSED when the table cannot be merged; else what broke
   */
  public TableMerge add(Pair pair, Side source, Comparing comparing) {
    try (OtherSource rows = new OtherSource(source, session())) {
      return stage(pair, rows, comparing, false);
    }
  }

  /**
   * The same for several tables, one after the other.
   *
   * @param base the common ancestor of both sides, if it is to be asked
   * @param ancestors what the ancestor has; a table that it lacks counts as new
   */
  public List<TableMerge> addAll(
      List<Pair> pairs, Side source, Optional<Side> base, List<Relation> ancestors) {
    return compareAll(pairs, source, base, byName(ancestors), false);
  }

  /**
   * Looks at tables that are not merged and to which foreign keys of those that are added refer: a
   * row must not come to hang on one that has only its key in common with the source's.
   *
   * @param base the common ancestor of both sides
   */
  public void watchAll(List<Pair> pairs, Side source, Side base, List<Relation> ancestors) {
    List<Pair> comparable = pairs.stream().filter(pair -> !pair.columns().isEmpty()).toList();
    if (!comparable.isEmpty()) {
      compareAll(comparable, source, Optional.of(base), byName(ancestors), true);
    }
  }

  /** The tables of the target to which foreign keys of some of its tables refer. */
  public Set<TableName> referredTo(List<Pair> pairs) {
    Set<Long> children = new TreeSet<>();
    pairs.forEach(pair -> children.add(pair.target().oid()));
    return children.isEmpty()
        ? Set.of()
        : ForeignKeyQueries.of(session(), children).stream()
            .filter(key -> children.contains(key.childOid()))
            .map(ForeignKey::parent)
            .collect(Collectors.toSet());
  }

  private static Map<TableName, Relation> byName(List<Relation> ancestors) {
    return ancestors.stream().collect(Collectors.toMap(Relation::name, relation -> relation));
  }

  private List<TableMerge> compareAll(
      List<Pair> pairs,
      Side source,
      Optional<Side> base,
      Map<TableName, Relation> byName,
      boolean watched) {
    long bytes =
        pairs.stream().mapToLong(pair -> pair.source().bytes() + pair.target().bytes()).sum();
    List<TableMerge> added = new ArrayList<>();
    try (Diff diff = Diff.open(source, target(), base, options.diff());
        OtherSource rows = new OtherSource(source, session());
        Progress.Bar bar = progress.bar("comparing", bytes, "bytes")) {
      for (Pair pair : pairs) {
        Optional<Relation> ancestor = Optional.ofNullable(byName.get(pair.source().name()));
        added.add(stage(pair, rows, sink -> diff.table(pair, ancestor, sink, bar), watched));
      }
    }
    return added;
  }

  /**
   * Compares a table with a temporary one of {@link #session}, and stages the rows that are to be
   * written.
   *
   * @param pair the shapes of the temporary table and of the target's
   * @param staged the temporary table, such as {@code pg_temp.rows}
   */
  public TableMerge addStaged(Pair pair, TableName staged) {
    try (Progress.Bar bar = progress.bar("comparing " + pair.name().plain(), 0, "rows");
        StagedSource rows = new StagedSource(session(), staged)) {
      return stage(pair, rows, sink -> LocalDiff.table(session(), pair, staged, sink, bar), false);
    }
  }

  private TableMerge stage(Pair pair, SourceRows source, Comparing comparing, boolean watched) {
    planned = null;
    MergeTable table = new MergeTable(pair, tables.size() + 1);
    if (watched) {
      table.watch();
    } else {
      refuse(pair);
    }
    new Attempts(
            session(),
            () ->
                MergeQueries.holders(session(), pair.target())
                    .orElse("a session that is done by now"),
            options.lockTimeout(),
            progress)
        .step("reading " + pair.name().plain(), () -> MergeQueries.keep(session(), pair.target()));
    Staging staging = new Staging(session(), table, options, source);
    staging.finish(comparing.run(staging));
    tables.add(table);
    return table.summary();
  }

  private void refuse(Pair pair) {
    if (pair.columns().isEmpty()) {
      throw Failure.refused(
          "the two sides of " + pair.name().plain() + " have no column in common",
          "leave the table out");
    }
    if (tables.stream().anyMatch(table -> table.oid() == pair.target().oid())) {
      throw new IllegalStateException("added twice: " + pair.name());
    }
    List<String> rules = TriggerQueries.rules(session(), pair.target().oid());
    if (!rules.isEmpty()) {
      throw Failure.refused(
          "%s has rules that write something else than they are told: %s"
              .formatted(pair.name().plain(), String.join(", ", rules)),
          "leave the table out, or drop its rules");
    }
  }

  /**
   * What is to be done, with everything added until now.
   *
   * @throws Failure REFUSED when it cannot be done as it is wanted
   */
  public MergePlan plan() {
    return planned().plan();
  }

  private Planned planned() {
    if (planned == null) {
      planned = Planned.of(session(), tables, options);
    }
    return planned;
  }

  /**
   * Does everything, checks every constraint, and takes it back; sequences are not moved. It can be
   * applied afterwards.
   *
   * @throws Failure FAILED when it could not be applied
   */
  public MergeOutcome rehearse() {
    Database session = session();
    session.execute("savepoint belay_rehearsal");
    Written written = write();
    session.execute("rollback to savepoint belay_rehearsal");
    return outcome(written, 0, List.of(), false);
  }

  /**
   * Does it, and commits.
   *
   * @throws Failure FAILED when a row does not fit or somebody else changed one; the target is as
   *     before. INCOMPLETE when batches were committed before, or it is not known whether the
   *     commit was
   */
  public MergeOutcome apply() {
    return apply(MergeSteps.NONE);
  }

  /**
   * The same, with something that is done when everything is written.
   *
   * @throws Failure as the other, and what the steps throw; the target is as before then
   */
  MergeOutcome apply(MergeSteps steps) {
    if (options.batchRows().isPresent()) {
      Planned plan = planned();
      snapshot.commit();
      return new Batches(databases, session(), plan, options, progress).run();
    }
    // Before any row, so that no trigger that draws from one is given a value of a staged row.
    List<String> sequences = SequenceAdvance.now(session(), planned().tables());
    Written written = write();
    steps.written(session());
    FailPoint.reached("merge-written");
    snapshot.commit();
    FailPoint.reached("merge-committed");
    return outcome(written, 0, sequences, true);
  }

  private Written write() {
    Planned plan = planned();
    Written written = Written.NOTHING;
    Database session = session();
    if (plan.tables().isEmpty()) {
      return written;
    }
    try (BlockerWatch blockers = BlockerWatch.of(databases, session, options.lockTimeout());
        Progress.Bar bar = progress.bar("merge", plan.plan().sum(TableMerge::touched), "rows")) {
      Attempts attempts =
          new Attempts(session, blockers::takeWords, options.lockTimeout(), progress);
      plan.triggers().off(session, attempts);
      Writing writing = new Writing(session, attempts, plan.keys(), plan.triggers().firing());
      for (WriteUnit unit : WriteUnit.together(plan.tables(), plan.keys())) {
        written = written.plus(writing.write(unit));
        bar.show(written.rows());
      }
      attempts.step(
          "checking deferred constraints", () -> session.execute("set constraints all immediate"));
      plan.triggers().on(session);
    }
    return written;
  }

  private MergeOutcome outcome(
      Written written, long skipped, List<String> sequences, boolean kept) {
    return new MergeOutcome(
        planned().plan(),
        written.added(),
        written.changed(),
        written.removed(),
        skipped,
        sequences,
        1,
        kept);
  }

  /** Ends the session; what was not committed is as if it had not been done. */
  @Override
  public void close() {
    stop.cancel();
    snapshot.close();
  }
}
